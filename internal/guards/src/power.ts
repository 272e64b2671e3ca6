/**
 * base to a whole power, by repeated squaring: the same bits in every engine, which `Math.pow` does
 * not promise.
 *
 * The relative error grows to about n units in the last place, while the power shrinks: far below
 * the error of what is computed from it.
 */
export function power(base: number, exponent: number): number {
  let result = 1;
  let square = base;
  for (let n = exponent; n > 0; n = Math.floor(n / 2)) {
    if (n % 2 === 1) result *= square;
    square *= square;
  }
  return result;
}
