export type AnnotationLevel = 'error' | 'warning' | 'notice';

/** A message on a line of the checked-out files, or on the run when there is no file. */
export interface Annotation {
  readonly level: AnnotationLevel;
  readonly properties: {
    readonly title: string;
    /** Relative to the workspace. */
    readonly file?: string;
    /** Lines and columns count from 1; both ends are inclusive, as in workflow commands. */
    readonly line?: number;
    readonly endLine?: number;
    readonly col?: number;
    readonly endColumn?: number;
  };
  readonly message: string;
}
