import type { NDArray } from "@tenon/contracts";
import { badArgument, sameShape, shown, sizeOf } from "@tenon/guards";
import type { Sequence } from "../padded.js";
import { checkArray, checkNumbers } from "./check.js";

/** The sequences as arrays of one shape at each time. Throws where they are none. */
export function sequencesOf(who: string, sequences: readonly Sequence[]): readonly NDArray[] {
  if (!Array.isArray(sequences) || sequences.length === 0)
    throw badArgument(who, "a list of at least one sequence", shown(sequences));
  const all = (sequences as readonly Sequence[]).map((sequence, i): NDArray => {
    if (typeof sequence === "object" && sequence !== null && "shape" in sequence) {
      checkArray(`${who}: sequence ${i}`, sequence);
      return sequence;
    }
    checkNumbers(who, `sequence ${i}`, sequence);
    const data = Float64Array.from(sequence);
    return { shape: [data.length], dtype: "float32", data };
  });
  const [, ...shape] = all[0].shape;
  const other = all.findIndex((array) => !sameShape(array.shape.slice(1), shape));
  if (other >= 0)
    throw badArgument(
      who,
      `sequences of shape [${["time", ...shape].join(", ")}]`,
      `[${all[other].shape.join(", ")}] at ${other}`,
    );
  return all;
}

/** Arrays [time, …] as one, cut or filled to a length. */
export function paddedTo(
  sequences: readonly NDArray[],
  length: number,
  value: number,
  padding: "start" | "end",
  truncating: "start" | "end",
): NDArray {
  const [, ...shape] = sequences[0].shape;
  const width = sizeOf(shape);
  const values = new Float64Array(sequences.length * length * width).fill(value);
  sequences.forEach(({ shape: [time], data }, i) => {
    const kept = Math.min(time, length);
    const from = truncating === "end" ? 0 : time - kept;
    const to = i * length + (padding === "end" ? 0 : length - kept);
    values.set(data.subarray(from * width, (from + kept) * width), to * width);
  });
  const isWhole = values.every((x) => (x | 0) === x) && sequences.every(isInteger);
  return {
    shape: [sequences.length, length, ...shape],
    dtype: isWhole ? "int32" : "float32",
    data: isWhole ? Int32Array.from(values) : Float32Array.from(values),
  };
}

/** Whether a sequence may be one of integers: it does not say that it is of float32 values. */
function isInteger({ data, dtype }: NDArray): boolean {
  return dtype === "int32" || data[Symbol.toStringTag] === "Float64Array";
}
