import { createHash } from 'node:crypto';
import { createDocument, locatesSecret, type Diagnostic, type FileEntry } from './core/index.js';
import { createEvaluator, policyRules, revivePolicies, type EvaluatedPart, type EvaluationSettings, type PolicyData } from './engine/index.js';
import { EMPTY_VALUES } from './facts/empty.js';
import { createReader, type RepositoryKnowledge } from './facts/index.js';
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

/** What judging one file gave. */
export interface JudgedFile extends JudgedPart {
  readonly path: string;
  /** SHA-256 of the text that was judged, when the result depends on nothing but that text and the setup. */
  readonly digest?: string;
}

/** Judges some files, each on its own; what it gives depends on these files and the setup alone. */
export type JudgePart = (entries: readonly FileEntry[], without: ReadonlySet<string>, onFile: (index: number) => void) => JudgedFile[];

/** Prepares judging in this thread. */
export async function createPartJudge({ policies, settings, knowledge }: JudgeSetup, { files, shell, texts }: JudgeTools): Promise<JudgePart> {
  const revived = await revivePolicies(policies, async () => (await import('./facts/declarations.js')).declarationsFromSchemas());
  const evaluator = createEvaluator(revived, settings, EMPTY_VALUES);
  // Fingerprints ask for nothing else of the rules.
  const secretRules = policyRules(revived).filter(locatesSecret);
  const read = createReader(knowledge, { shell });

  function judgeFile({ path, format }: FileEntry, without: ReadonlySet<string>): JudgedFile {
    const diagnostics: Diagnostic[] = [];
    const text = texts?.get(path) ?? readText(files, path, diagnostics);
    if (text === undefined) return { path, evaluated: evaluator.evaluate([], without), diagnostics };
    const document = createDocument(path, format, text);
    const stated = read(document);
    diagnostics.push(...stated.diagnostics);
    const part = evaluator.evaluate(stated.facts, without);
    const findings = part.findings.length === 0 ? part.findings : fingerprintFindings(part.findings, secretRules, (other) => (other === path ? document : undefined));
    return { path, evaluated: { ...part, findings }, diagnostics, ...(without.size === 0 && { digest: textDigest(text) }) };
  }

  return (entries, without, onFile) => {
    let stopped = without;
    return entries.map((entry, index) => {
      onFile(index);
      const judged = judgeFile(entry, stopped);
      if (judged.evaluated.stopped.length > 0) stopped = new Set([...stopped, ...judged.evaluated.stopped]);
      return judged;
    });
  };
}

/** SHA-256 in hexadecimal. */
export function textDigest(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

function readText(files: Pick<Files, 'read'>, path: string, diagnostics: Diagnostic[]): string | undefined {
  const result = files.read(path);
  if (result.ok) return result.text;
  diagnostics.push({ ...result.diagnostic, level: 'error' });
  return undefined;
}
