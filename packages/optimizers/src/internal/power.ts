/**
 * base to a whole power, by repeated squaring: the same bits in every engine, which `Math.pow` does
 * not promise.
 *
 * Products whose rounding errors are carried along (Dekker, 1971) would be exact to the last bit;
 * the error of the plain ones, about n units in the last place of a number that shrinks as fast, is
 * far below that of anything made of it.
 */
export function power(base: number, exponent: number): number {
  let result = 1;
  let square = base;
  let n = exponent;
  for (; n >= 2 ** 31; n = Math.floor(n / 2)) {
    // beyond what fast arithmetic on whole numbers holds
    if (n % 2 === 1) result *= square;
    square *= square;
  }
  for (n |= 0; n > 0; n >>= 1) {
    if (n & 1) result *= square;
    square *= square;
  }
  return result;
}
