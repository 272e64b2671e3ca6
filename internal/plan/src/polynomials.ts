// Coefficients of the polynomials by which engines compute functions in float32, from the highest
// power down: the same ones, so that engines agree to a few units of the last place.

/** P of eʳ − 1 = r + r² P(r) for |r| ≤ ln 2 / 2 (Cephes, Moshier 1989). */
export const exponentialTerms: readonly number[] = [
  1.98756915e-4, 1.3981999507e-3, 8.3334519073e-3, 4.1665795894e-2, 1.6666665459e-1,
  5.0000001201e-1,
];

/** P of log(1 + m) = m − m² / 2 + m³ P(m) for √½ − 1 ≤ m ≤ √2 − 1 (Cephes, logf.c). */
export const logarithmTerms: readonly number[] = [
  7.0376836292e-2, -1.151461031e-1, 1.167699874e-1, -1.2420140846e-1, 1.4249322787e-1,
  -1.6668057665e-1, 2.0000714765e-1, -2.4999993993e-1, 3.3333331174e-1,
];

/** P of tanh x = x + x³ P(x²) for |x| < 0.625 (Cephes, tanhf.c). */
export const tanhTerms: readonly number[] = [
  -5.70498872745e-3, 2.06390887954e-2, -5.37397155531e-2, 1.33314422036e-1, -3.33332819422e-1,
];

/** P of erf x = x + x P(x²) for |x| ≤ 475/512 (N. Juffa). */
export const erfTerms: readonly number[] = [
  -5.96761703e-4, 4.99119423e-3, -2.67681349e-2, 1.12819925e-1, -3.76125336e-1, 1.28379166e-1,
];

/** P of erf x = 1 − e^(x P(x) − x) for larger x up to 4 (N. Juffa). */
export const erfFarTerms: readonly number[] = [
  -1.7285347e-5, 3.83197126e-4, -3.88396438e-3, 2.42546219e-2, -1.06777877e-1, -6.34846687e-1,
  -1.28717512e-1,
];

/**
 * P of e^(z²) erfc(z) = t P(t), t = 2 / (2 + z), for 0 ≤ z ≤ 10.5: interpolated at Chebyshev's
 * nodes, within 9e-10 of itself.
 */
export const erfcTerms: readonly number[] = [
  -0.03185800884415249, 0.23648792875997462, -0.7506239420999348, 1.290718028743938,
  -1.2443274760057388, 0.6565791144461535, -0.29689233160900536, 0.16675466114602205,
  0.16027194274091727, 0.24884264889432853, 0.28194790397243685, 0.28209952979245123,
];
