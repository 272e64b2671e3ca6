/** Sizes along each axis; `[]` is a scalar. */
export type Shape = readonly number[];

/**
 * The type of an element. Comparisons give int32 zeros and ones; arithmetic on both types gives
 * float32.
 */
export type DType = "float32" | "int32";

/** Values by parameter path, such as `"conv1/kernel"`. */
export type ByPath<V> = Readonly<Record<string, V>>;

/**
 * The elements of an array in memory. Float64Array is for checks that need the precision; engines
 * compute in float32.
 */
export type Elements = Float32Array | Float64Array | Int32Array | Uint8Array;

/**
 * Bytes with an ArrayBuffer of their own: the type of `Uint8Array.of`, which has a type parameter
 * since TypeScript 5.7, and none before.
 */
export type Bytes = ReturnType<Uint8ArrayConstructor["of"]>;

/** The shape and dtype of an array. */
export interface ArraySpec {
  readonly shape: Shape;
  /** @defaultValue "float32" */
  readonly dtype?: DType;
}

/** An array: its elements in row-major order, with their shape and dtype. */
export interface NDArray extends ArraySpec {
  readonly dtype: DType;
  readonly data: Elements;
  /**
   * The bytes from which `data` is computed, as long as `data` has not been read. After the first
   * read of `data`, which may then be changed, this is undefined; copies of the array do not have
   * this method.
   */
  encoded?(): Encoded | undefined;
}

/**
 * Bytes that encode elements: element i is `palette[256 · (i mod k) + bytes[i]]`, where the palette
 * has 256 · k elements (k channels, for example). Neither may be changed.
 */
export interface Encoded {
  readonly bytes: Uint8Array;
  readonly palette: Float32Array;
  /** Where the bytes are rows of a larger array: an engine may keep that one where it computes. */
  readonly rows?: ByteRows;
}

/**
 * Bytes as rows of equal length of an array, by their numbers, in order. The array is not changed
 * as long as there are such bytes.
 */
export interface ByteRows {
  readonly of: Uint8Array;
  readonly indices: Uint32Array;
}

/** A value in JSON. */
export type Json =
  null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

/** The description of an object in JSON: its type, and the options that make it again. */
export interface Description {
  readonly type: string;
  readonly [option: string]: Json;
}
/**
 * A source of random numbers, uniform in [0, 1), such as `Math.random`; a seeded one makes a run
 * repeatable.
 */
export type Rng = () => number;

/** Initial values for a parameter. The same shape and source give the same values. */
export interface Init {
  (shape: Shape, rng: Rng): Float32Array;
  /**
   * Of a bias whose values depend on the kernel beside it: the init for a kernel of this shape,
   * which a layer asks for.
   */
  forKernel?(kernel: Shape): Init;
  /** Present where a description in JSON exists. */
  toJSON?(): Description;
}

/** A value for every step, counted from 0. Pure, so that resuming a run needs no state. */
export interface Schedule {
  (step: number): number;
  /** Present where a description in JSON exists. */
  toJSON?(): Description;
  /**
   * Present where it is computed from others: the same, from what `read` gives for each of them.
   */
  from?(read: (part: Schedule) => Schedule): Schedule;
}
