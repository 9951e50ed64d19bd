import type { RunEvent } from '../run/schedule.js';
import { advance, NO_PROGRESS, renderProgress, type Progress } from '../report/progress.js';
import type { CommandContext } from './index.js';

/** A line on the terminal that is rewritten while a scan runs; nothing at all in a pipe. */
export interface ProgressLine {
  readonly onEvent: (event: RunEvent) => void;
  /** Takes the line away. */
  clear(): void;
}

const INTERVAL = 100;

export function progressLine({ err, environment }: CommandContext, wanted: boolean): ProgressLine {
  if (!wanted || !err.isTerminal || environment.TERM === 'dumb') return { onEvent: () => undefined, clear: () => undefined };
  let state: Progress = { ...NO_PROGRESS };
  let shown = false;
  const draw = (): void => {
    shown = true;
    void err.write(`\r\u001b[2K${renderProgress(state, Date.now(), Math.max(20, (err.columns ?? 80) - 1))}`);
  };
  const timer = setInterval(draw, INTERVAL);
  timer.unref();
  return {
    onEvent(event) {
      if (event.type === 'started') {
        state = advance(state.files === undefined ? { ...state, files: event.files } : state, { kind: 'started', tool: event.tool, at: Date.now() });
      } else {
        state = advance(state, { kind: 'finished', tool: event.tool, status: event.result.outcome.status });
      }
      draw();
    },
    clear() {
      clearInterval(timer);
      if (shown) void err.write('\r\u001b[2K');
      shown = false;
    },
  };
}
