/** Sizes along each axis; `[]` is a scalar. */
export type Shape = readonly number[];

/**
 * What a number may be. Comparisons give int32 zeros and ones; arithmetic on both kinds gives
 * float32.
 */
export type DType = "float32" | "int32";

/** Values by parameter path, such as `"conv1/kernel"`. */
export type ByPath<V> = Readonly<Record<string, V>>;

/**
 * Numbers as they lie in memory. Float64Array is for checks that need the digits; engines compute
 * in float32.
 */
export type Numbers = Float32Array | Float64Array | Int32Array | Uint8Array;

/**
 * Bytes in memory that is theirs alone: what `Uint8Array.of` makes. TypeScript gives it a parameter
 * since 5.7, and none before.
 */
export type Bytes = ReturnType<Uint8ArrayConstructor["of"]>;

/** The shape and kind of an array that is not there yet. */
export interface ArraySpec {
  readonly shape: Shape;
  /** @defaultValue "float32" */
  readonly dtype?: DType;
}

/** An array: its numbers in row-major order, and how to read them. */
export interface NDArray extends ArraySpec {
  readonly dtype: DType;
  readonly data: Numbers;
  /**
   * Where the numbers stand for bytes, and nobody has looked at `data` yet, which is only made
   * then: the bytes. Who may change `data`, or copies the array with other data, need not know:
   * afterwards there are none, and no copy has this method.
   */
  encoded?(): Encoded | undefined;
}

/**
 * Bytes that stand for numbers: number i is `palette[256 · (i mod k) + bytes[i]]`, of a palette of
 * 256 · k numbers (k channels, the last axis, say). Both are to be read only.
 */
export interface Encoded {
  readonly bytes: Uint8Array;
  readonly palette: Float32Array;
}

/** What JSON can hold. */
export type Json =
  null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

/** Something said in JSON: what it is called, and the options that make it again. */
export interface Description {
  readonly type: string;
  readonly [option: string]: Json;
}
/**
 * A source of numbers, uniform in [0, 1). `Math.random` is one; a seeded one makes a run
 * repeatable.
 */
export type Rng = () => number;

/** First values for a parameter. The same shape and source give the same numbers. */
export interface Init {
  (shape: Shape, rng: Rng): Float32Array;
  /** Present on those that can be written down and made again. */
  toJSON?(): Description;
}

/** A number for every step, counted from 0. Pure, so that resuming a run needs no state. */
export interface Schedule {
  (step: number): number;
  /** Present on those that can be written down and made again. */
  toJSON?(): Description;
}
