import { createDocument, type Diagnostic, type Document, type FileEntry, type Rule } from './core/index.js';
import { createEvaluator, policyRules, revivePolicies, type EvaluatedPart, type EvaluationSettings, type PolicyData } from './engine/index.js';
import { declarationsFromSchemas } from './facts/declarations.js';
import { createReader, type RepositoryKnowledge } from './facts/index.js';
import type { AnyFact } from './facts/schema.js';
import type { Files } from './io/files.js';
import { fingerprintFindings } from './sarif/fingerprint.js';
import type { ShellParser } from './syntax/shell/index.js';

/** What a thread needs to know to judge files: plain data. */
export interface JudgeSetup {
  readonly policies: readonly PolicyData[];
  readonly settings: EvaluationSettings;
  readonly knowledge: RepositoryKnowledge;
}

/** What judging some files gave: plain data. */
export interface JudgedPart {
  /** Findings carry their fingerprints. */
  readonly evaluated: EvaluatedPart;
  /** What of the files could not be read. */
  readonly diagnostics: readonly Diagnostic[];
}

/** Where files come from. */
export interface JudgeTools {
  readonly files: Pick<Files, 'read'>;
  readonly shell: ShellParser;
  /** Texts that were read before. */
  readonly texts?: ReadonlyMap<string, string>;
}

/** Judges some files; what it gives depends on these files and the setup alone. */
export type JudgePart = (entries: readonly FileEntry[], without: ReadonlySet<string>, onFile: (index: number) => void) => JudgedPart;

/** Prepares judging in this thread. */
export function createPartJudge({ policies, settings, knowledge }: JudgeSetup, { files, shell, texts }: JudgeTools): JudgePart {
  const declarations = declarationsFromSchemas();
  const revived = revivePolicies(policies, declarations);
  const evaluator = createEvaluator(revived, settings, declarations.empty);
  const rules: readonly Rule[] = policyRules(revived);
  const read = createReader(knowledge, { shell });
  return (entries, without, onFile) => {
    const diagnostics: Diagnostic[] = [];
    const documents = new Map<string, Document>();
    function* facts(): Generator<AnyFact> {
      for (let index = 0; index < entries.length; index++) {
        onFile(index);
        const { path, format } = entries[index] as FileEntry;
        const text = texts?.get(path) ?? readText(files, path, diagnostics);
        if (text === undefined) continue;
        const document = createDocument(path, format, text);
        documents.set(path, document);
        const stated = read(document);
        diagnostics.push(...stated.diagnostics);
        yield* stated.facts;
      }
    }
    const part = evaluator.evaluate(facts(), without);
    const findings = fingerprintFindings(part.findings, rules, (path) => documents.get(path));
    return { evaluated: { ...part, findings }, diagnostics };
  };
}

function readText(files: Pick<Files, 'read'>, path: string, diagnostics: Diagnostic[]): string | undefined {
  const result = files.read(path);
  if (result.ok) return result.text;
  diagnostics.push({ ...result.diagnostic, level: 'error' });
  return undefined;
}
