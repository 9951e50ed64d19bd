import type { YamlNode } from '../../syntax/yaml-node.js';
import { parseYaml } from '../../syntax/yaml.js';

/** Texts of the pipeline files of the repository, by path: what a first pass over them keeps. */
export type PipelineTexts = ReadonlyMap<string, string>;

/** The other pipeline files of the repository, for readers whose platform puts a pipeline together from several. */
export interface PipelineFiles {
  /** Paths of files that some reader may follow, in the order of the inventory. */
  readonly paths: readonly string[];
  text(path: string): string | undefined;
  /** The documents of a YAML file, without what was wrong with it, which its own reading says; empty when there is no such file. */
  documents(path: string): readonly YamlNode[];
}

/** Most characters of all files together that are kept for others; what is beyond is not followed. */
export const MAX_LINKED_TEXT = 8_000_000;
/** Trees that are remembered; files that others include are few. */
const MAX_TREES = 200;

/** Answers from the texts of a first pass; trees are made when they are asked for. */
export function pipelineFiles(texts: PipelineTexts): PipelineFiles {
  const trees = new Map<string, readonly YamlNode[]>();
  return {
    paths: [...texts.keys()],
    text: (path) => texts.get(path),
    documents: (path) => {
      const known = trees.get(path);
      if (known !== undefined) {
        // The least recently used one is forgotten first.
        trees.delete(path);
        trees.set(path, known);
        return known;
      }
      const text = texts.get(path);
      const read = text === undefined ? [] : parseYaml(text).documents;
      const [oldest] = trees.keys();
      if (trees.size >= MAX_TREES && oldest !== undefined) trees.delete(oldest);
      trees.set(path, read);
      return read;
    },
  };
}
