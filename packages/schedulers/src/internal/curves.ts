/**
 * From 1 at t = 0 to 0 at t = 1 along half a cosine, and on from there as the cosine goes:
 * ½(1 + cos πt) = sin²(½π(1 − t)) = 1 − sin²(½πt), of the two the one whose angle is at most ¼π: a
 * short series of the sine, from its last term to its first, the same bits on every machine.
 */
export function halfCosine(t: number): number {
  const height = Math.abs(1 - (t % 2));
  const angle = (Math.PI / 2) * Math.min(height, 1 - height);
  let series = 1;
  for (let n = 18; n; n -= 2) series = 1 - (series * angle * angle) / (n * (n + 1));
  const square = angle * series * angle * series;
  return height < 0.5 ? square : 1 - square;
}

/**
 * A number in [0, 1] to a power ≥ 0, by multiplications and square roots: the same bits on every
 * machine, which `Math.pow` does not promise. A number below 1e-150 may count as 0.
 */
export function power(base: number, exponent: number): number {
  if (exponent >= 2) return power(base * base, exponent / 2);
  if (exponent >= 1) return base * power(base, exponent - 1);
  return exponent > 0 ? Math.sqrt(power(base, exponent * 2)) : 1;
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
