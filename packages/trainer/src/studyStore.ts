import type { ByPath, Digest, NDArray } from "@tenon/contracts";

/** What was stored under a name: arrays and text. */
export interface StoredRun {
  readonly arrays: ByPath<NDArray>;
  readonly metadata: ByPath<string>;
}

/**
 * Where a study keeps its runs, so that it can be killed and continued: `studyFolder(path)` of
 * `@tenon/formats/node`, or functions of your own over a database. Each run has one name, under
 * which its last snapshot is written while it goes on, and in its place the result when it has
 * ended.
 */
export interface StudyStore {
  /**
   * Called before all else. It may refuse, for example where another process writes to the same
   * place; what it gives is called at the end.
   */
  open?(): Promise<() => Promise<void> | void>;
  /** What was stored under a name; undefined where nothing was. It rejects what is damaged. */
  read(name: string): Promise<StoredRun | undefined>;
  /** Must be atomic: a reader, also after a crash, finds what was there before, or the new. */
  write(name: string, arrays: ByPath<NDArray>, metadata: ByPath<string>): Promise<void>;
  /**
   * Digests the data of a run, such as `digestOf` of `@tenon/formats`: with it a stored run of
   * other data is refused. @defaultValue none
   */
  readonly digest?: Digest;
}
