/**
 * Math.sign without a branch on x: a processor cannot predict the signs of gradients, and
 * a wrong guess takes longer than the rest of a step.
 */
export function signOf(x: number): number {
  return Number(x > 0) - Number(x < 0) || x; // zeros of either sign and NaN are their own
}
