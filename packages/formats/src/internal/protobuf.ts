// Fields of a message in the encoding of protocol buffers, as lists of bytes.
// https://protobuf.dev/programming-guides/encoding

/** Seven bits a byte, the lowest first; the highest bit says that more follow. */
function varint(value: number): number[] {
  const bytes: number[] = [];
  let rest = value;
  for (; rest >= 128; rest = Math.floor(rest / 128)) bytes.push((rest % 128) | 128);
  return [...bytes, rest];
}

const key = (field: number, kind: 0 | 1 | 2 | 5): number[] => varint(field * 8 + kind);

/** A whole number ≥ 0; left out where it is 0, as the format's third version has it. */
export const integerField = (field: number, value: number): number[] =>
  value === 0 ? [] : [...key(field, 0), ...varint(value)];

/** A double; left out where it is 0. */
export const doubleField = (field: number, value: number): number[] =>
  value === 0 ? [] : [...key(field, 1), ...new Uint8Array(new Float64Array([value]).buffer)];

/** A float, also where it is 0: one of several fields that are alternatives. */
export const floatField = (field: number, value: number): number[] => [
  ...key(field, 5),
  ...new Uint8Array(new Float32Array([value]).buffer),
];

/** Bytes, or the fields of a message inside. */
export const bytesField = (field: number, bytes: readonly number[]): number[] => [
  ...key(field, 2),
  ...varint(bytes.length),
  ...bytes,
];

export const textField = (field: number, text: string): number[] =>
  bytesField(field, [...new TextEncoder().encode(text)]);
