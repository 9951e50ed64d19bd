export type { CanaryCache } from './canary.js';
export { planScanners } from './plan.js';
export type { Plan, PlanEntry } from './plan.js';
export { runScanners, warnOnce } from './schedule.js';
export type { RunEvent, RunOptions } from './schedule.js';
