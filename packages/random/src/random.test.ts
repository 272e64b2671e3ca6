import fc from "fast-check";
import { expect, test } from "vitest";
import { random } from "./index.js";
import { chiSquare, moments } from "./internal/statistics.testing.js";

test("random: values known from another implementation (the same on every machine)", () => {
  const positive = random(1);
  const negative = random(-1);
  const large = random(2 ** 40 + 7);
  expect([positive(), positive(), positive()]).toEqual([
    0.7039437263423627, 0.05771496279395527, 0.01011522487349703,
  ]);
  expect([negative(), negative()]).toEqual([0.2547832601222786, 0.6246777471545688]);
  expect([large(), large()]).toEqual([0.3839988161895247, 0.43579775511356367]);
});

test("split: values known from another implementation", () => {
  expect(random(1).split(3)()).toBe(0.4794231058242926);
  expect(random(1).split(-(2 ** 40) - 1)()).toBe(0.5792857714377431);
  expect(random(1).split("conv1/kernel")()).toBe(0.9464706817256905);
  expect(random(1).split("")()).toBe(0.13291302337392308);
  const odd = random(1).split("ü😀x");
  odd();
  expect(odd()).toBe(0.8470805341971769);
});

test("random: uniform in [0, 1): moments and chi-square over 1000 bins", () => {
  const source = random(2026);
  const n = 200_000;
  const x = Float64Array.from({ length: n }, source);
  const { mean, variance } = moments(x);
  expect(Math.abs(mean - 0.5)).toBeLessThan(5 * Math.sqrt(1 / 12 / n));
  expect(Math.abs(variance - 1 / 12)).toBeLessThan(5 * Math.sqrt(1 / 180 / n));
  expect(Math.min(...x.subarray(0, 1000))).toBeGreaterThanOrEqual(0);
  const bins = new Float64Array(1000);
  for (const u of x) bins[Math.floor(u * 1000)]++;
  expect(Math.abs(chiSquare(bins, n / 1000))).toBeLessThan(4);
});

test("random: the low bits are as random as the high ones", () => {
  const source = random(4);
  const n = 50_000;
  const ones = new Float64Array(53);
  for (let i = 0; i < n; i++) {
    let rest = source() * 2 ** 53;
    expect(Number.isInteger(rest)).toBe(true);
    for (let bit = 0; bit < 53; bit++) {
      ones[bit] += rest % 2;
      rest = Math.floor(rest / 2);
    }
  }
  // 5 standard deviations
  for (const count of ones) expect(Math.abs(count - n / 2)).toBeLessThan(2.5 * Math.sqrt(n));
});

test("random: pairs of neighbours fill the square evenly", () => {
  const source = random(5);
  const n = 100_000;
  const side = 20;
  const bins = new Float64Array(side * side);
  let before = source();
  for (let i = 0; i < n; i++) {
    const now = source();
    bins[Math.floor(before * side) * side + Math.floor(now * side)]++;
    before = now;
  }
  expect(Math.abs(chiSquare(bins, n / bins.length))).toBeLessThan(4);
});

test("split: streams of neighbouring names, seeds and generations are uncorrelated", () => {
  const parent = random(7);
  const n = 20_000;
  const streams = [
    parent,
    parent.split(0),
    parent.split(1),
    parent.split("0"),
    parent.split("a"),
    parent.split("b"),
    parent.split("ab"),
    parent.split("a").split("b"),
    parent.split(0).split(0),
    random(8),
    random(8).split(0),
  ].map((source) => Float64Array.from({ length: n }, source));
  for (let i = 0; i < streams.length; i++) {
    for (let j = 0; j < i; j++) {
      let product = 0;
      for (let k = 0; k < n; k++) product += (streams[i][k] - 0.5) * (streams[j][k] - 0.5);
      expect(Math.abs(product) / (Math.sqrt(n) / 12), `streams ${i} and ${j}`).toBeLessThan(5);
    }
  }
  // The first numbers of many streams are uniform too.
  const bins = new Float64Array(100);
  for (let i = 0; i < n; i++) bins[Math.floor(parent.split(i)() * 100)]++;
  expect(Math.abs(chiSquare(bins, n / 100))).toBeLessThan(4);
});

test("split depends on seed and name only, not on the order or earlier draws", () => {
  const names = fc.oneof(fc.string({ unit: "binary" }), fc.maxSafeInteger());
  fc.assert(
    fc.property(fc.maxSafeInteger(), names, names, fc.nat(5), (seed, a, b, drawn) => {
      const source = random(seed);
      const fresh = random(seed);
      for (let i = 0; i < drawn; i++) expect(source()).toBe(fresh());
      const first = source.split(a)();
      const other = source.split(b)();
      expect(source()).toBe(fresh());
      const again = random(seed);
      expect(again.split(b)()).toBe(other);
      expect(again.split(a)()).toBe(first);
      if (a !== b) expect(first).not.toBe(other);
    }),
  );
});

test("random and split refuse names of other types, and seeds that are not safe integers", () => {
  for (const seed of [NaN, Infinity, 0.5, 2 ** 53])
    expect(() => random(seed)).toThrow(
      `random: expected a seed that is a safe integer, got ${seed}`,
    );
  expect(() => random(1).split(0.5)).toThrow("split: expected a string or a safe integer, got 0.5");
  expect(() => random(1).split(null as unknown as string)).toThrow(
    "split: expected a string or a safe integer, got null",
  );
});
