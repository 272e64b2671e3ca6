import { expect, test } from "vitest";
import { normal, random } from "./index.js";
import { chiSquare, moments } from "./internal/statistics.testing.js";

/** `statistics.NormalDist().inv_cdf(u)` of CPython. */
const quantiles: readonly (readonly [number, number])[] = [
  [0.5, 0],
  [0.1, -1.2815515655446008],
  [0.075, -1.4395314709384557],
  [0.07499, -1.4396021182393162],
  [0.25, -0.6744897501960817],
  [0.9, 1.2815515655446008],
  [0.975, 1.9599639845400536],
  [1e-3, -3.090232306167813],
  [1e-10, -6.361340902404056],
  [1e-15, -7.941345326170995],
  [0.99999, 4.26489079392384],
  [2 ** -53, -8.209536151601386],
];

test.each(quantiles)("normal: the quantile of %d, as CPython has it", (u, z) => {
  expect(normal(() => u)).toBeCloseTo(z, 14);
});

test("normal: values known from another implementation", () => {
  const source = random(1);
  for (const z of [0.5357771916681372, -1.5742488685566247, -2.3220461692860663])
    expect(normal(source)).toBeCloseTo(z, 14);
});

test("normal: pinned bits", () => {
  const source = random(2);
  expect(Array.from({ length: 4 }, () => normal(source))).toEqual([
    0.3045404650738565, -0.9009207483818212, -0.28199060896849215, -0.2807682106912703,
  ]);
});

test("normal: the ends of the source give finite values", () => {
  expect(normal(() => 0)).toBeCloseTo(-8.2926, 3); // half a step
  expect(normal(() => 1 - 2 ** -53)).toBeCloseTo(8.2095, 3);
});

test("normal: four moments, and chi-square over deciles", () => {
  const source = random(11);
  const n = 200_000;
  const z = Float64Array.from({ length: n }, () => normal(source, 3, 2));
  const { mean, variance, skewness, kurtosis } = moments(z);
  expect(Math.abs(mean - 3)).toBeLessThan((5 * 2) / Math.sqrt(n));
  expect(Math.abs(variance - 4)).toBeLessThan(5 * 4 * Math.sqrt(2 / n));
  expect(Math.abs(skewness)).toBeLessThan(5 * Math.sqrt(6 / n));
  expect(Math.abs(kurtosis - 3)).toBeLessThan(5 * Math.sqrt(24 / n));
  const deciles = [
    -1.2815515655446008, -0.8416212335729142, -0.5244005127080409, -0.2533471031357997, 0,
  ];
  const edges = [
    ...deciles,
    ...deciles
      .slice(0, 4)
      .map((d) => -d)
      .reverse(),
  ];
  const bins = new Float64Array(10);
  for (const value of z) bins[edges.filter((edge) => (value - 3) / 2 > edge).length]++;
  expect(Math.abs(chiSquare(bins, n / 10))).toBeLessThan(4);
});

test("normal: a standard deviation of 0 gives the mean; each result draws one value of the source", () => {
  let drawn = 0;
  const source = random(1);
  const counted = (): number => {
    drawn++;
    return source();
  };
  expect(normal(counted, 5, 0)).toBe(5);
  for (let i = 0; i < 99; i++) normal(counted);
  expect(drawn).toBe(100);
});

test("normal refuses invalid means and standard deviations", () => {
  expect(() => normal(random(1), 0, -1)).toThrow("normal: expected a finite std ≥ 0, got -1");
  expect(() => normal(random(1), NaN)).toThrow("normal: expected a finite mean, got NaN");
  expect(() => normal(random(1), 0, Infinity)).toThrow("got Infinity");
});
