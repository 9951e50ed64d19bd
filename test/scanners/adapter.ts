import { describe, expect, it } from 'vitest';
import { ConfigurationError, ScannerOutputError } from '../../src/core/index.js';
import type { FileEntry, ParsedOutput, Scanner, ScanRequest } from '../../src/core/index.js';
import { itSurvivesHostileOutput } from './hostile-output.js';
import { caseFolder, inventory, isInstalled, recorded, scanRequest } from './request.js';
import { runTool, summarise } from './run-tool.js';

/** A recorded run of a tool over files of ours. */
export interface Case {
  /** Folder below `test/scanners`, or an absolute path, with the files that were scanned. */
  readonly folder: string;
  readonly files: readonly FileEntry[];
  /** File below `test/scanners` with what the tool printed. */
  readonly output: string;
  /** Where the tool prints absolute paths: the workspace of the recording. */
  readonly root?: string;
  readonly exitCode?: number;
  readonly stderr?: string;
  readonly options?: Readonly<Record<string, unknown>>;
  readonly database?: string;
  /** `summarise` of the findings. */
  readonly expected: readonly string[];
  /** `heavy`: the tool itself runs in `npm run test:scanners` only. `none`: it can't be had, or needs the network. */
  readonly real?: 'quick' | 'heavy' | 'none';
  /** The tool prints several JSON documents. */
  readonly lines?: boolean;
}

/** Absolute path of the files of a case. */
function folderOf({ folder }: Case): string {
  return folder.startsWith('/') ? folder : caseFolder(folder);
}

/** Folder and request of a case. */
export function requestOf(_scanner: Scanner, recording: Case): ScanRequest {
  const folder = folderOf(recording);
  const request = scanRequest(folder, recording.files);
  return { ...request, root: recording.root ?? folder, options: recording.options ?? {}, ...(recording.database === undefined ? {} : { database: recording.database }) };
}

/** What the adapter makes of a recording. */
export function parseCase(scanner: Scanner, recording: Case, stdout: string = recorded(recording.output)): ParsedOutput {
  return scanner.parse({ stdout, stderr: recording.stderr ?? '', exitCode: recording.exitCode ?? 0 }, requestOf(scanner, recording));
}

/** The tests that every adapter has to pass: the recording, hostile outputs, wrong options, and the tool itself where it is installed. */
export function describeAdapter(scanner: Scanner, recording: Case): void {
  const request = requestOf(scanner, recording);

  describe(scanner.name, () => {
    it('reads its recorded output', () => {
      const { findings } = parseCase(scanner, recording);
      expect(summarise({ outcome: { status: 'completed', findings } })).toEqual(recording.expected);
    });

    it('gives each finding a described rule and its own name', () => {
      const { findings, rules } = parseCase(scanner, recording);
      const known = new Map(rules.map((rule) => [rule.id, rule]));
      for (const finding of findings) {
        expect(finding.tool).toBe(scanner.name);
        expect(known.get(finding.ruleId)?.title).toMatch(/\S/);
        expect(known.get(finding.ruleId)?.help).toMatch(/\S/);
      }
    });

    it('does not apply where there is nothing for it', () => {
      const applicability = scanner.applies({ ...inventory('/w', []), total: 0 }, {});
      expect(applicability).toMatchObject({ applies: false });
      expect(applicability.reason).toMatch(/\S/);
    });

    it('refuses wrong options by name', () => {
      expect(() => scanner.command({ ...request, options: { ...request.options, 'no-such-option': 1 } })).toThrow(ConfigurationError);
      expect(() => scanner.command({ ...request, options: { ...request.options, 'no-such-option': 1 } })).toThrow('no-such-option');
      for (const [name, option] of Object.entries(scanner.options ?? {})) {
        expect(() => scanner.command({ ...request, options: { ...request.options, [name]: { wrong: true } } })).toThrow(name);
        if (option.path === true) {
          const bad = option.type === 'strings' ? ['../outside'] : '../outside';
          expect(() => scanner.command({ ...request, options: { ...request.options, [name]: bad } })).toThrow('workspace');
        }
      }
    });

    it('never says completed for output that is not its own', () => {
      for (const stdout of ['', ' \n', '<html>502</html>', 'null', '42', '"text"', '{', '[{', '{"results": 1']) expect(() => parseCase(scanner, recording, stdout)).toThrow(ScannerOutputError);
    });

    itSurvivesHostileOutput(scanner, request, recorded(recording.output), recording.lines);
  });

  if (recording.real === 'none') return;
  describe.skipIf(!isInstalled(scanner, recording.real === 'heavy'))(`${scanner.name} itself`, () => {
    it('finds the same as recorded', async () => {
      const result = await runTool(scanner, folderOf(recording), recording.files, { options: recording.options ?? {} });
      expect(summarise(result)).toEqual(recording.expected);
    });
  });
}
