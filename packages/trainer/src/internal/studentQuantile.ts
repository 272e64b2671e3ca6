/**
 * The t for which P(|T| ≤ t) = `fraction`, T distributed as Student's t with a whole number of
 * degrees of freedom: 12.7062 for 0.95 and 1 degree. A 95 % interval of a mean of n values is
 * mean ± t · s / √n with n − 1 degrees.
 *
 * Found by bisection in the distribution below, with additions, multiplications, divisions and
 * square roots alone, so that every machine gives the same bits.
 *
 * @param degrees a whole number ≥ 1
 * @param fraction in [0, 1)
 */
export function studentQuantile(degrees: number, fraction: number): number {
  let low = 0;
  let high = 1;
  while (within(high, degrees) < fraction) high *= 2;
  for (;;) {
    const middle = (low + high) / 2;
    if (middle <= low || middle >= high) return middle;
    if (within(middle, degrees) < fraction) low = middle;
    else high = middle;
  }
}

/**
 * P(|T| ≤ t). With tan θ = t / √ν it is a finite sum of powers of cos² θ.
 *
 * Abramowitz & Stegun (1964), Handbook of mathematical functions, 26.7.3 and 26.7.4
 */
function within(t: number, degrees: number): number {
  const cos2 = degrees / (degrees + t * t);
  const sin = t / Math.sqrt(degrees + t * t);
  const isOdd = degrees % 2 === 1;
  // 1 + 1/2 cos² + (1·3)/(2·4) cos⁴ + … of even degrees, 1 + 2/3 cos² + (2·4)/(3·5) cos⁴ + … of odd
  let term = 1;
  let sum = degrees > 1 ? 1 : 0;
  for (let k = isOdd ? 3 : 2; k < degrees; k += 2) {
    term *= (cos2 * (k - 1)) / k;
    sum += term;
  }
  return isOdd
    ? (2 / Math.PI) * (arctan(t / Math.sqrt(degrees)) + sin * Math.sqrt(cos2) * sum)
    : sin * sum;
}

/** The arctangent of x ≥ 0 by halved angles and its series; Math.atan differs between machines. */
function arctan(x: number): number {
  if (x > 1) return Math.PI / 2 - arctan(1 / x);
  let tangent = x;
  for (let i = 0; i < 4; i++) tangent /= 1 + Math.sqrt(1 + tangent * tangent);
  const square = tangent * tangent;
  let sum = 0;
  for (let k = 15; k > 0; k -= 2) sum = 1 / k - square * sum;
  return 16 * tangent * sum;
}
