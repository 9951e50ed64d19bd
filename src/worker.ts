import type { FileEntry } from './core/index.js';
import { shellParserAssets } from './io/assets.js';
import { openFiles } from './io/files.js';
import { workerPort } from './io/worker-port.js';
import { createPartJudge, type JudgePart, type JudgeSetup } from './judge-part.js';
import type { PartRequest } from './run/parts.js';
import { createShellParser } from './syntax/shell/index.js';

/** What a thread is started with: see `judgeParts`. */
interface WorkerData {
  readonly root: string;
  readonly entries: readonly FileEntry[];
  readonly progress: Int32Array;
}

/*
 * The door of a thread: prepares while the main thread still looks through the files, then judges
 * what it is handed. Whatever is thrown here ends the thread, and `judgeParts` deals with it.
 */
const port = workerPort();
const { root, entries, progress } = port.data as WorkerData;
const files = openFiles(root);
const shell = await createShellParser(shellParserAssets(entries.some(({ format }) => format === 'azure-automation')));
const nothing: ReadonlySet<string> = new Set();
let judge: Promise<JudgePart> | undefined;

// Each message waits for the same judge, so that parts are answered in the order in which they came.
port.receive(async (message) => {
  const request = message as PartRequest | { readonly type: 'setup'; readonly setup: JudgeSetup };
  if (request.type === 'setup') {
    judge = createPartJudge(request.setup, { files, shell });
    return;
  }
  const { start, end } = request.range;
  const without = request.without.length === 0 ? nothing : new Set(request.without);
  const result = (await judge)?.(entries.slice(start, end), without, (index) => Atomics.store(progress, 0, start + index));
  port.post({ type: 'judged', range: request.range, result });
});
port.post({ type: 'ready' });
