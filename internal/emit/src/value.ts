/** The types of the machine. */
export type MachineType = "i32" | "i64" | "f32" | "f64" | "v128";

/**
 * The types of the machine, and `"address"`: an i32 that counts bytes from the start of the memory.
 * Addresses are unsigned and wrap at 4 GiB, so they are never compared as signed values: a loop or
 * a signed comparison does not accept one. Loop over the distance to an address instead.
 */
export type ValueType = MachineType | "address";

/**
 * Instructions as bytes. A constant vector is one element, its sixteen bytes: the function in which
 * it is used keeps it in a local.
 */
export type Code = readonly (number | readonly number[])[];

/**
 * An expression: the instructions that leave one value on the stack. An expression that is used
 * twice is computed twice; `let` of the function builder keeps its value in a local.
 */
export interface Value<T extends ValueType = MachineType> {
  readonly type: T;
  readonly code: Code;
  /** The value of an i32 constant. */
  readonly constant?: number;
}

/** A variable of a function; as an expression, its value. */
export interface Local<T extends ValueType = MachineType> extends Value<T> {
  readonly index: number;
}

export type I32 = Value<"i32">;
export type F32 = Value<"f32">;
export type F64 = Value<"f64">;
export type V128 = Value<"v128">;
export type Address = Value<"address">;

/** A count, an index or a distance, signed; a number stands for the constant. */
export type Index = Value | number;
/** Any i32: an index or an address. */
export type Word = Index | Address;
