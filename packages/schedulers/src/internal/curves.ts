import { cos } from "@tenon/random";

/** From 1 at t = 0 to 0 at t = 1 along half a cosine, and on from there as the cosine goes. */
export function halfCosine(t: number): number {
  const turn = t - 2 * Math.floor(t / 2);
  return (1 + cos(Math.PI * turn)) / 2;
}

/**
 * The fraction of `steps` that is done at a step. A curve of no steps is at its end
 * from its first step on.
 */
export function fractionOf(step: number, steps: number): number {
  return steps > 0 ? step / steps : step < 0 ? 0 : 1;
}

/** From a at t = 0 to b at t = 1, along a line or half a cosine. Both ends are exact. */
export function between(
  a: number,
  b: number,
  t: number,
  interpolation: "linear" | "cosine",
): number {
  if (t <= 0) return a;
  if (t >= 1) return b;
  return b + (a - b) * (interpolation === "linear" ? 1 - t : halfCosine(t));
}

/** The number of boundaries at or before a step. */
export function passed(boundaries: readonly number[], step: number): number {
  let count = 0;
  while (count < boundaries.length && step >= boundaries[count]) count++;
  return count;
}
