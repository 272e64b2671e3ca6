import type { Value } from "./tape.js";

export const isScalar = (value: Value): boolean => value.shape.length === 0;

/**
 * What a loop computes for a value itself, rather than reading it: the elementwise operations
 * before it.
 */
export function operandsOf(
  value: Value,
  root: boolean,
  stage: number,
  stageOf: (value: Value) => number,
): readonly Value[] {
  const { op } = value.origin;
  if (op === "array" || op === "expand") return [];
  // an earlier stage's sum is read from its buffer
  if (op === "sum") return root && stageOf(value) === stage ? value.inputs : [];
  return value.inputs.filter((input) => !isScalar(input));
}
