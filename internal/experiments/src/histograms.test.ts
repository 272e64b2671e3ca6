import fc from "fast-check";
import { expect, test } from "vitest";
import { fractionsIn, histogramGrid, histogramsOf } from "./index.js";
import { furthest } from "./tips/init.js";

const heights = (...of: Parameters<typeof fractionsIn>): (number | null)[] =>
  fractionsIn(...of).map(({ y }) => y);

test("the elements of a bin are spread evenly, and those outside are at the ends", () => {
  // Four of eight elements in [0, 2), four in [2, 4]: 2 in each unit.
  const even = { from: 0, to: 4, counts: [4, 4] };
  expect(heights(even, [0, 4], 4)).toEqual([0.25, 0.25, 0.25, 0.25]);
  expect(heights(even, [1, 3], 2)).toEqual([0.5, 0.5]);
  expect(heights(even, [2.5, 10], 3)).toEqual([1, 0, 0]);
  expect(heights({ from: 0, to: 4, counts: [6, 2] }, [-2, 3], 5)).toEqual([
    ...[0, 0, 0.375, 0.375, 0.25],
  ]);
  expect(fractionsIn(even, [0, 4], 4).map(({ x }) => x)).toEqual([0.5, 1.5, 2.5, 3.5]);
});

test("equal elements are in one bin", () => {
  expect(heights({ from: 0, to: 0, counts: [5, 0] }, [-1, 1], 3)).toEqual([0, 1, 0]);
  expect(heights({ from: 9, to: 9, counts: [5, 0] }, [-1, 1], 3)).toEqual([0, 0, 1]);
});

test("fractions are of all elements", () => {
  const histogram = fc.record({
    from: fc.double({ min: -10, max: 0, noNaN: true }),
    to: fc.double({ min: 0, max: 10, noNaN: true }),
    counts: fc.array(fc.nat(100), { minLength: 1, maxLength: 9 }),
  });
  fc.assert(
    fc.property(histogram, fc.integer({ min: 1, max: 12 }), (of, bins) => {
      const sum = heights(of, [-2, 3], bins).reduce((total: number, y) => total + y!, 0);
      expect(sum).toBeCloseTo(1, 9);
    }),
  );
});

test("the first or the last observed step is kept, and drawn in rows and columns", () => {
  const observed = (count: number) =>
    ({
      type: "statistics",
      layers: { a: { histogram: { from: 0, to: 1, counts: [count, 2] } } },
    }) as never;
  const kept = (which: "first" | "last") => {
    const { start, update } = histogramsOf(which, ({ layers }) => ({
      "1": layers["a"]!.histogram,
    }));
    return [{ type: "step" } as never, observed(1), observed(4)].reduce(update, start);
  };
  expect(kept("first")).toEqual({ "1": { from: 0, to: 1, counts: [1, 2] } });
  expect(kept("last")).toEqual({ "1": { from: 0, to: 1, counts: [4, 2] } });
  const picture = histogramGrid({ id: "h", record: "r", x: "x", columns: "layer", domain: [0, 1] });
  const runs = [{ arm: "a", seed: 1, records: { r: kept("last") } }];
  const { series } = picture.chart({ arms: { a: null, b: null }, runs } as never);
  expect(series).toHaveLength(1);
  expect(series[0]).toMatchObject({ arm: "a", column: "1", kind: "bars" });
  expect(series[0]!.points[0]!.y).toBeCloseTo(1);
  expect(series[0]!.points.at(-1)!.y).toBeCloseTo(0.5);
});

test("the layer furthest from a standard deviation of 1, as a power of 2", () => {
  const layers = (...stds: number[]) =>
    ({ layers: Object.fromEntries(stds.map((std, i) => [`dense${i + 1}`, { std }])) }) as never;
  expect(furthest(layers(1, 2, 0.125))).toBe(3);
  expect(furthest(layers(4, 1, 0.5))).toBe(2);
  expect(furthest(layers(1, 0))).toBe(Infinity);
});
