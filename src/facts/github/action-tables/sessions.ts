import { debugSession, type ActionTable } from './entries.js';

/** Actions that open a shell on the runner. */
export const SESSIONS: ActionTable = {
  'mxschmitt/action-tmate': debugSession,
  'lhotari/action-upterm': debugSession,
  'owenthereal/action-upterm': debugSession,
  'csexton/debugger-action': debugSession,
  'warpbuilds/action-debugger': debugSession,
  'namespacelabs/breakpoint-action': debugSession,
};
