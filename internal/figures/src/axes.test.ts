import type { Chart } from "@tenon/experiments";
import fc from "fast-check";
import { expect, test } from "vitest";
import { horizontal, plain, vertical } from "./axes.js";

const chart = (scale: "linear" | "log", values: readonly number[], more: object = {}): Chart => ({
  x: { label: "step", scale: "linear" },
  y: { label: "loss", scale, ...more },
  series: [{ arm: "a", kind: "line", points: values.map((y, x) => ({ x, y })) }],
});
const textsOf = (of: Chart, count = 5): string[] => {
  const { ticks, format } = vertical(of, count);
  return ticks.map(format);
};

test("ticks are 1, 2 and 5 times powers of ten, with as many digits as they need", () => {
  expect(textsOf(chart("linear", [0, 10]))).toEqual(["0", "2", "4", "6", "8", "10"]);
  expect(textsOf(chart("linear", [0.985, 0.9899], { percent: true }))).toEqual([
    ...["98.5 %", "98.6 %", "98.7 %", "98.8 %", "98.9 %", "99.0 %"],
  ]);
  expect(textsOf(chart("linear", [0, 12_000]), 2)).toEqual(["0", "5,000", "10,000"]);
});

test("ticks of logarithmic axes are powers of ten, and more where there is one decade", () => {
  expect(textsOf(chart("log", [1e-9, 10]))).toEqual(["10⁻⁹", "10⁻⁶", "0.001", "1"]);
  expect(textsOf(chart("log", [0.1, 3]))).toEqual(["0.1", "0.2", "0.5", "1", "2"]);
  expect(textsOf(chart("log", [2, 3.5]))).toEqual(["2", "3"]);
});

test("an axis of fractions ends at 0 and 1, with one point as with several", () => {
  for (const values of [[0.95], [0, 1], [0.02, 0.99], [0], [1]]) {
    const { domain } = vertical(chart("linear", values, { percent: true }), 5);
    expect(domain[0]).toBeGreaterThanOrEqual(0);
    expect(domain[1]).toBeLessThanOrEqual(1);
    expect(domain[1]).toBeGreaterThan(domain[0]);
  }
  expect(vertical(chart("linear", [-0.1, 0.2], { percent: true }), 5).domain[0]).toBeLessThan(-0.1);
});

test("there are no ticks between whole steps and epochs", () => {
  const { ticks, format } = horizontal(chart("linear", [1, 2, 3]), 8);
  expect(ticks.map(format)).toEqual(["0", "1", "2"]);
});

test("numbers are written as one reads them", () => {
  expect([0, 0.00123, 1e-7, -2.5e-9, 12_345, 3e12].map(plain)).toEqual([
    ...["0", "0.00123", "10⁻⁷", "−2.5·10⁻⁹", "12,300", "3·10¹²"],
  ]);
});

test("ticks rise, lie in the range, and no two have the same text", () => {
  const value = fc.double({ min: -1e9, max: 1e9, noNaN: true });
  fc.assert(
    fc.property(fc.array(value, { minLength: 1 }), fc.boolean(), (values, isLog) => {
      const shown = isLog ? values.map((each) => Math.abs(each) + 1e-12) : values;
      const { ticks, domain, format } = vertical(chart(isLog ? "log" : "linear", shown), 5);
      const span = domain[1] - domain[0];
      expect(span).toBeGreaterThan(0);
      for (const [i, tick] of ticks.entries()) {
        if (i > 0) expect(tick).toBeGreaterThan(ticks[i - 1]!);
        expect(tick).toBeGreaterThanOrEqual(domain[0] - 1e-6 * span);
        expect(tick).toBeLessThanOrEqual(domain[1] + 1e-6 * span);
      }
      for (const each of shown) {
        expect(each).toBeGreaterThanOrEqual(domain[0]);
        expect(each).toBeLessThanOrEqual(domain[1]);
      }
      expect(ticks.length).toBeLessThan(16);
      if (span > 1e-3 && span < 1e9) expect(new Set(ticks.map(format)).size).toBe(ticks.length);
    }),
  );
});

test("sizes of batches are doublings, and of epochs there are no parts", () => {
  const along = (label: string, scale: "linear" | "log", xs: readonly number[]): string[] => {
    const points = xs.map((x) => ({ x, y: 1 }));
    const { ticks, format } = horizontal(
      {
        ...{ x: { label, scale }, y: { label: "loss", scale: "linear" } },
        series: [{ arm: "a", kind: "line", points }],
      },
      8,
    );
    return ticks.map(format);
  };
  expect(along("batchSize", "log", [2, 4, 8, 16, 64, 256])).toEqual([
    ...["2", "4", "8", "16", "32", "64", "128", "256"],
  ]);
  expect(along("epoch", "linear", [0.5, 1, 2.3])).toEqual(["1", "2"]);
});
