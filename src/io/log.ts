import type { WriteStream } from 'node:tty';

/** Where text for people and for programs goes. */
export interface Output {
  /**
   * Writes text as it is; whoever made it has escaped it. Resolves when it has left the process,
   * so that a document larger than a pipe's buffer is not cut by an early exit.
   * A reader that has gone away (`| head`) is not an error.
   */
  write(text: string): Promise<void>;
  readonly isTerminal: boolean;
  /** Width in columns of a terminal; undefined in a pipe. */
  readonly columns: number | undefined;
  /** Height in rows of a terminal; undefined in a pipe. */
  readonly rows: number | undefined;
}

/** Standard output: documents and results. */
export function standardOutput(): Output {
  return outputOf(process.stdout);
}

/** Standard error: progress and messages. */
export function standardError(): Output {
  return outputOf(process.stderr);
}

function outputOf(stream: WriteStream): Output {
  let closed = false;
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
    closed = true;
  });
  return {
    write: (text) =>
      new Promise((resolve, reject) => {
        if (closed || text === '') return resolve();
        stream.write(text, (error) => {
          if (error !== null && error !== undefined && (error as NodeJS.ErrnoException).code !== 'EPIPE') reject(error);
          else resolve();
        });
      }),
    isTerminal: stream.isTTY === true,
    columns: stream.isTTY === true ? stream.columns : undefined,
    rows: stream.isTTY === true ? stream.rows : undefined,
  };
}
