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
  let n = exponent;
  for (; n >= 2 ** 31; n = Math.floor(n / 2)) {
    // beyond the range of int32 arithmetic
    if (n % 2 === 1) result *= square;
    square *= square;
  }
  for (n |= 0; n > 0; n >>= 1) {
    if (n & 1) result *= square;
    square *= square;
  }
  return result;
}

/**
 * 0.96 to any power ≥ 0, the same bits in every engine: e^(x ln 0.96) by its series, whose argument
 * is halved until it is small and whose result is squared as often.
 */
export function powerOf096(exponent: number): number {
  let argument = exponent * -0.04082199452025517; // ln 0.96
  let halvings = 0;
  for (; argument < -0.5; argument /= 2) halvings++;
  let [sum, term] = [1, 1];
  for (let n = 1; n < 20; n++) {
    term *= argument / n;
    sum += term;
  }
  for (; halvings > 0; halvings--) sum *= sum;
  return sum;
}
