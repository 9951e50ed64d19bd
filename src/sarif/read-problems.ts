import { ConfigurationError, type Diagnostic, type Region } from '../core/index.js';

/** Kinds of problem are reported so often, the rest is counted. */
const REPORTED = 50;

/** How a log is read: `strict` refuses it at the first thing that is wrong, `best-effort` leaves that out and says so. */
export type ReadMode = 'strict' | 'best-effort';

/** What is wrong in a log, by JSON pointer (RFC 6901). */
export interface Problems {
  /**
   * A value that is not as it has to be. In strict mode the end.
   * @throws ConfigurationError in strict mode.
   */
  wrong(pointer: string, expected: string): void;
  /** Something that is right but left out or assumed. */
  note(code: string, message: string): void;
  list(): readonly Diagnostic[];
}

export function createProblems(name: string, mode: ReadMode): Problems {
  const diagnostics: Diagnostic[] = [];
  let wrong = 0;
  return {
    wrong(pointer, expected) {
      const message = `${pointer === '' ? 'The document' : pointer} is not as SARIF 2.1.0 has it: expected ${expected}.`;
      if (mode === 'strict') throw refusal(name, message);
      wrong++;
      if (wrong <= REPORTED) diagnostics.push({ level: 'warning', code: 'sarif-value', path: name, message });
    },
    note: (code, message) => void diagnostics.push({ level: 'note', code, path: name, message }),
    list: () =>
      wrong <= REPORTED
        ? diagnostics
        : [...diagnostics, { level: 'warning', code: 'sarif-value', path: name, message: `${wrong - REPORTED} more values are not as SARIF 2.1.0 has them.` }],
  };
}

/** The error that ends the reading of a file, with its place where it is one of the text. */
export function refusal(name: string, message: string, region?: Region): ConfigurationError {
  return new ConfigurationError(`${name}: ${message}`, [
    { level: 'error', code: 'sarif', path: name, message, ...(region !== undefined && { region }) },
  ]);
}
