/** A part of the engine, for `wasmOf`. */
export interface WasmPart {
  /** What it adds to the engine: nothing that a caller could read or write. */
  readonly adds: unknown;
}
