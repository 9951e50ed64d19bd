import type { Format } from '../core/index.js';
import { readDrone, readWoodpecker } from './drone/index.js';
import type { PipelineReader } from './pipeline/index.js';

/**
 * The readers of pipelines that are not GitHub's. Their modules hold no more than tables of a few lines at their top,
 * so that a scan without such files pays nothing for them.
 */
export const PIPELINE_READERS: Readonly<Partial<Record<Format, PipelineReader>>> = {
  drone: readDrone,
  woodpecker: readWoodpecker,
};

/** Formats whose files take parts from each other: a first pass keeps their texts. */
export const LINKED_PIPELINE_FORMATS: readonly Format[] = [];
