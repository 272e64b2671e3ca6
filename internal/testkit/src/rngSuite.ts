import type { Rng } from "@tenon/contracts";
import { describe, expect, test } from "vitest";

/** The sample size of the statistics. Bounds are about five standard deviations wide. */
const count = 100_000;

/**
 * What a seeded source promises: uniform in [0, 1), repeatable, and another sequence for another
 * seed.
 */
export function rngSuite(title: string, make: (seed: number) => Rng): void {
  const draw = (seed: number, n = count): number[] => {
    const rng = make(seed);
    return Array.from({ length: n }, () => rng());
  };
  const correlation = (a: readonly number[], b: readonly number[]): number =>
    (a.reduce((sum, x, i) => sum + (x - 0.5) * (b[i]! - 0.5), 0) / a.length) * 12;
  const bound = 5 / Math.sqrt(count);

  describe(`source ${title}`, () => {
    test("is in [0, 1), for many seeds", () => {
      for (let seed = 0; seed < 100; seed++)
        for (const x of draw(seed, 100))
          if (!(x >= 0 && x < 1)) expect.fail(`seed ${seed} gave ${x}`);
    });

    test("the same seed gives the same values, another seed others", () => {
      expect(draw(42, 1000)).toEqual(draw(42, 1000));
      const firsts = new Set(Array.from({ length: 1000 }, (_, seed) => draw(seed, 4).join()));
      expect(firsts.size).toBe(1000);
    });

    test("two at once do not disturb each other", () => {
      const a = make(1);
      const b = make(2);
      const taken = Array.from({ length: 100 }, () => [a(), b()] as const);
      expect(taken.map(([x]) => x)).toEqual(draw(1, 100));
      expect(taken.map(([, x]) => x)).toEqual(draw(2, 100));
    });

    test("is uniform: mean, variance, and how many fall into each of 256 bins", () => {
      const values = draw(9);
      expect(Math.abs(values.reduce((a, b) => a + b) / count - 0.5)).toBeLessThan(
        bound / Math.sqrt(12),
      );
      expect(Math.abs(correlation(values, values) - 1)).toBeLessThan(bound);
      const bins = new Array<number>(256).fill(0);
      for (const x of values) bins[Math.floor(x * 256)]!++;
      const chiSquare = bins.reduce((sum, n) => sum + (n - count / 256) ** 2 / (count / 256), 0);
      expect(Math.abs(chiSquare - 255)).toBeLessThan(5 * Math.sqrt(2 * 255));
    });

    test("values are not correlated with their neighbours or those of the next seeds", () => {
      const values = draw(11, count + 3);
      for (const lag of [1, 2, 3])
        expect(
          Math.abs(correlation(values.slice(0, count), values.slice(lag, lag + count))),
          `lag ${lag}`,
        ).toBeLessThan(bound);
      for (const seed of [0, 1, 12, 0x7fffffff])
        expect(
          Math.abs(correlation(draw(seed), draw(seed + 1))),
          `seeds ${seed} and ${seed + 1}`,
        ).toBeLessThan(bound);
    });
  });
}
