export { collectParts, type Collected, type CollectedTask, type Expected, type PartFile } from './collect.js';
export { combineTasks } from './combine.js';
export { durationsText, expectedSeconds, MAX_DURATIONS_BYTES, parseDurations, type Durations } from './durations.js';
export { describeTask, layOut, MAX_SHARDS, shardCount, type Layout, type Task, type WorkItem } from './layout.js';
export { matrixOf, type Matrix } from './matrix.js';
export { MAX_PART_BYTES, parsePart, partText, type JudgedFiles, type Part, type ReadPart, type TaskResult } from './part.js';
export { MAX_PLAN_BYTES, parsePlan, planDigest, planText, type ShardPlan } from './plan-file.js';
export { redactResult } from './redact.js';
