import { expect, test } from "vitest";
import { cos, exp, log, pow, random, sin } from "./index.js";
import { ulp } from "./internal/statistics.testing.js";

/**
 * The largest distance from the platform's own function, itself within 1 unit in the last place, in
 * such units.
 */
function worst(
  mine: (x: number) => number,
  platform: (x: number) => number,
  draw: (u: () => number) => number,
): number {
  const source = random(1);
  let most = 0;
  for (let i = 0; i < 100_000; i++) {
    const x = draw(source);
    const expected = platform(x);
    const distance = Math.abs(mine(x) - expected);
    if (!(distance === 0)) most = Math.max(most, distance / ulp(expected));
    if (most !== most) expect.fail(`NaN at ${x}`);
  }
  return most;
}

const wide = (u: () => number): number => 2 ** (u() * 2090 - 1070);

test("log, exp, sin, cos and pow are within 2 units in the last place of Math's", () => {
  expect(worst(log, Math.log, wide)).toBeLessThanOrEqual(2);
  expect(worst(log, Math.log, (u) => 0.5 + u())).toBeLessThanOrEqual(2);
  expect(worst(exp, Math.exp, (u) => u() * 1400 - 700)).toBeLessThanOrEqual(2);
  expect(worst(exp, Math.exp, (u) => u() * 2 - 1)).toBeLessThanOrEqual(2);
  expect(worst(sin, Math.sin, (u) => u() * 20 - 10)).toBeLessThanOrEqual(2);
  expect(worst(sin, Math.sin, (u) => (u() - 0.5) * 2 ** 21)).toBeLessThanOrEqual(2);
  expect(worst(cos, Math.cos, (u) => u() * 20 - 10)).toBeLessThanOrEqual(2);
  expect(worst(cos, Math.cos, (u) => (u() - 0.5) * 2 ** 21)).toBeLessThanOrEqual(2);
  expect(
    worst(
      (y) => pow(0.98, y),
      (y) => 0.98 ** y,
      (u) => Math.floor(u() * 700),
    ),
  ).toBeLessThanOrEqual(2);
  expect(
    worst(
      (x) => pow(x, 0.9),
      (x) => x ** 0.9,
      (u) => u(),
    ),
  ).toBeLessThanOrEqual(2);
  expect(
    worst(
      (y) => pow(1e-4, y),
      (y) => 1e-4 ** y,
      (u) => u() * 2 - 1,
    ),
  ).toBeLessThanOrEqual(2);
  expect(
    worst(
      (x) => pow(x, 1 / 3),
      (x) => x ** (1 / 3),
      wide,
    ),
  ).toBeLessThanOrEqual(32);
});

test("near multiples of π/2 sin and cos keep their digits", () => {
  for (let k = -200; k <= 200; k++) {
    const x = k * (Math.PI / 2);
    expect(Math.abs(sin(x) - Math.sin(x))).toBeLessThanOrEqual(2 * ulp(Math.sin(x)));
    expect(Math.abs(cos(x) - Math.cos(x))).toBeLessThanOrEqual(2 * ulp(Math.cos(x)));
  }
});

test("exact where the answer is exact", () => {
  expect([log(1), log(0), log(Infinity), log(-1), log(NaN), log(5e-324)]).toEqual([
    0,
    -Infinity,
    Infinity,
    NaN,
    NaN,
    Math.log(5e-324),
  ]);
  expect([exp(0), exp(-Infinity), exp(Infinity), exp(710), exp(-746), exp(NaN), exp(-745)]).toEqual(
    [1, 0, Infinity, Infinity, 0, NaN, 5e-324],
  );
  expect([sin(0), sin(-0), sin(NaN), sin(Infinity), cos(0), cos(NaN), cos(-Infinity)]).toEqual([
    0,
    -0,
    NaN,
    NaN,
    1,
    NaN,
    NaN,
  ]);
  for (let k = 0; k < 40; k++) expect(pow(0.5, k)).toBe(1 / 2 ** k);
});

test("pow's corners are Math.pow's", () => {
  const corners = [
    0,
    -0,
    1,
    -1,
    2,
    -2,
    3,
    -3,
    0.5,
    -0.5,
    1e300,
    -1e300,
    1e-300,
    5e-324,
    Infinity,
    -Infinity,
    NaN,
  ];
  for (const x of corners) {
    for (const y of corners) {
      const expected = Math.pow(x, y);
      const got = pow(x, y);
      if (Number.isFinite(expected) && expected !== 0)
        expect(Math.abs(got / expected - 1), `pow(${x}, ${y})`).toBeLessThan(1e-14);
      else expect(got, `pow(${x}, ${y})`).toBe(expected);
    }
  }
});

test("sin and cos refuse angles beyond ±2²⁰, whose reduction would not be exact", () => {
  expect(() => sin(2e6)).toThrow(
    "sin: expected an angle between -1048576 and 1048576, got 2000000",
  );
  expect(() => cos(-1e300)).toThrow("cos: expected an angle");
});

test("log, exp, sin, cos, pow: pinned bits", () => {
  expect([
    log(0.3),
    exp(0.3),
    exp(-20.5),
    sin(2.5),
    cos(100.25),
    pow(0.98, 49),
    pow(3, 0.1),
  ]).toEqual([
    -1.2039728043259361, 1.3498588075760032, 1.2501528663867426e-9, 0.5984721441039564,
    0.9607883312760612, 0.3716017143746089, 1.1161231740339044,
  ]);
});
