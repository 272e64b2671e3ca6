/** 0.96 to any power ≥ 0, the same bits in every engine. */
export function powerOf096(exponent: number): number {
  return exponential(exponent * -0.04082199452025517); // ln 0.96
}

/**
 * A number above 0 to any power, the same bits in every engine. Of the base roots are taken until
 * it is near 1, where the series of the logarithm, 2 Σ z²ⁿ⁺¹ / (2n + 1) with z = (b − 1) / (b + 1),
 * is short.
 */
export function realPower(base: number, exponent: number): number {
  let [root, roots] = [base, 1];
  for (; root > 1.1 || root < 0.9; root = Math.sqrt(root)) roots *= 2;
  const z = (root - 1) / (root + 1);
  let [sum, term] = [0, z];
  for (let n = 1; n < 20; n += 2) {
    sum += term / n;
    term *= z * z;
  }
  return exponential(exponent * 2 * sum * roots);
}

/**
 * eˣ, the same bits in every engine: the series of an argument that is halved until it is small,
 * and whose result is squared as often.
 */
function exponential(x: number): number {
  let argument = x;
  let halvings = 0;
  for (; Math.abs(argument) > 0.5; argument /= 2) halvings++;
  let [sum, term] = [1, 1];
  for (let n = 1; n < 20; n++) {
    term *= argument / n;
    sum += term;
  }
  for (; halvings > 0; halvings--) sum *= sum;
  return sum;
}
