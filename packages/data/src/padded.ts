import type { NDArray } from "@tenon/contracts";
import { finite, known, oneOf, whole } from "@tenon/guards";
import { paddedTo, sequencesOf } from "./internal/sequences.js";

/** A sequence: values, or an array [time, …] of one that has several values at each time. */
export type Sequence = ArrayLike<number> | NDArray;

export interface PaddedOptions {
  /** How long all become; longer ones are cut. @defaultValue the length of the longest */
  readonly length?: number;
  /** What is put where a sequence has no values. @defaultValue 0 */
  readonly value?: number;
  /** Where it is put: before a sequence or after it. @defaultValue "end" */
  readonly padding?: "start" | "end";
  /** Where a sequence is cut that is too long. @defaultValue "end" */
  readonly truncating?: "start" | "end";
}

/**
 * Sequences of different lengths as one array [count, length, …], int32 if all values are integers
 * of 32 bits, else float32.
 *
 * Throws where there is no sequence, or they differ in the shape at one time. Keras:
 * `pad_sequences`, whose default is to pad and cut at the start; PyTorch: `pad_sequence`.
 */
export function padded(sequences: readonly Sequence[], options: PaddedOptions = {}): NDArray {
  const all = sequencesOf("padded", sequences);
  const longest = all.reduce((most, { shape }) => Math.max(most, shape[0]), 0);
  const {
    length = longest,
    value = 0,
    padding = "end",
    truncating = "end",
  } = known("padded", options, "length value padding truncating");
  whole("padded", "length", length, 1);
  finite("padded", "value", value);
  oneOf("padded", "padding", padding, ["start", "end"]);
  oneOf("padded", "truncating", truncating, ["start", "end"]);
  return paddedTo(all, length, value, padding, truncating);
}
