import type { DType, Elements } from "@tenon/contracts";

/**
 * How a dtype of the format is stored in a file, and what it becomes in memory. `bytes` is a copy
 * that begins at offset 0.
 */
export interface FileDType {
  readonly width: number;
  readonly dtype: DType;
  read(bytes: Uint8Array<ArrayBuffer>): Elements;
}

/**
 * The dtypes that can be read. Those that have no array of ours are widened, which loses nothing,
 * or refused by value.
 */
export const dtypes: ReadonlyMap<string, FileDType> = new Map<string, FileDType>([
  ["F64", { width: 8, dtype: "float32", read: ({ buffer }) => new Float64Array(buffer) }],
  ["F32", { width: 4, dtype: "float32", read: ({ buffer }) => new Float32Array(buffer) }],
  [
    "F16",
    {
      width: 2,
      dtype: "float32",
      read: ({ buffer }) => Float32Array.from(new Uint16Array(buffer), fromHalf),
    },
  ],
  [
    "BF16",
    { width: 2, dtype: "float32", read: ({ buffer }) => fromBrain(new Uint16Array(buffer)) },
  ],
  ["I64", { width: 8, dtype: "int32", read: ({ buffer }) => narrowed(new BigInt64Array(buffer)) }],
  ["U64", { width: 8, dtype: "int32", read: ({ buffer }) => narrowed(new BigUint64Array(buffer)) }],
  ["U32", { width: 4, dtype: "int32", read: ({ buffer }) => narrowed(new Uint32Array(buffer)) }],
  ["I32", { width: 4, dtype: "int32", read: ({ buffer }) => new Int32Array(buffer) }],
  [
    "I16",
    { width: 2, dtype: "int32", read: ({ buffer }) => Int32Array.from(new Int16Array(buffer)) },
  ],
  [
    "U16",
    { width: 2, dtype: "int32", read: ({ buffer }) => Int32Array.from(new Uint16Array(buffer)) },
  ],
  [
    "I8",
    { width: 1, dtype: "int32", read: ({ buffer }) => Int32Array.from(new Int8Array(buffer)) },
  ],
  ["U8", { width: 1, dtype: "int32", read: (bytes) => bytes }],
  ["BOOL", { width: 1, dtype: "int32", read: truth }],
]);

/** IEEE 754 binary16: 1 sign, 5 exponent, 10 fraction bits. */
function fromHalf(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 31;
  const fraction = bits & 1023;
  if (exponent === 31) return fraction ? NaN : sign * Infinity;
  return exponent ? sign * 2 ** (exponent - 25) * (1024 + fraction) : sign * 2 ** -24 * fraction;
}

/** bfloat16 is the upper half of a float32. */
function fromBrain(halves: Uint16Array): Float32Array {
  return new Float32Array(Uint32Array.from(halves, (bits) => bits << 16).buffer);
}

function narrowed(values: ArrayLike<number> | ArrayLike<bigint>): Int32Array {
  const result = new Int32Array(values.length);
  for (let i = 0; i < result.length; i++) {
    const value = values[i];
    if (value < -2147483648 || value > 2147483647)
      throw new Error(`${value} at ${i} does not fit int32`);
    result[i] = Number(value);
  }
  return result;
}

function truth(bytes: Uint8Array): Int32Array {
  const wrong = bytes.findIndex((byte) => byte > 1);
  if (wrong >= 0) throw new Error(`${bytes[wrong]} at ${wrong} is neither 0 nor 1`);
  return Int32Array.from(bytes);
}
