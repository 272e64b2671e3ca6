import type { ByPath, Penalty } from "@tenon/contracts";
import { describe, expect, test } from "vitest";
import { source } from "./internal/source.js";
import { plain, type Plain } from "./plain.js";

/** What every Penalty promises: one number, finite, not below zero, from the parameters alone. */
export function penaltySuite(
  title: string,
  penalty: Penalty,
  shapes: ByPath<readonly number[]> = {
    "conv1/kernel": [3, 3, 2, 4],
    "conv1/bias": [4],
    "dense/kernel": [5, 3],
    scale: [],
  },
): void {
  const params = (seed: number, paths = Object.keys(shapes)): ByPath<Plain> =>
    Object.fromEntries(
      paths.map((path) => {
        const rng = source(seed + path.length);
        return [
          path,
          plain(
            Array.from(
              { length: shapes[path]!.reduce((product, n) => product * n, 1) },
              () => 2 * rng() - 1,
            ),
            shapes[path]!,
          ),
        ];
      }),
    );
  const value = (parameters: ByPath<Plain>): number => penalty.value<Plain>(parameters).data[0]!;

  describe(`penalty ${title}`, () => {
    test("is one number, finite and not below zero", () => {
      expect(penalty.name).toMatch(/\S/);
      for (let seed = 0; seed < 20; seed++) {
        const result = penalty.value<Plain>(params(seed));
        expect([...result.shape]).toEqual([]);
        expect(Number.isFinite(result.data[0])).toBe(true);
        expect(result.data[0]).toBeGreaterThanOrEqual(0);
      }
    });

    test("is pure, and changes no parameter", () => {
      const given = params(1);
      const before = JSON.stringify(Object.values(given).map(({ data }) => [...data]));
      expect(value(given)).toBe(value(given));
      expect(JSON.stringify(Object.values(given).map(({ data }) => [...data]))).toBe(before);
    });

    test("the order of the parameters does not matter, but for rounding", () => {
      const forwards = value(params(1));
      const backwards = value(params(1, Object.keys(shapes).reverse()));
      expect(Math.abs(forwards - backwards)).toBeLessThanOrEqual(1e-12 * Math.max(1, forwards));
    });
  });
}
