import type { Init, Shape } from "@tenon/contracts";
import { random } from "@tenon/random";
import { expect, test } from "vitest";
import {
  fanInNormal,
  gain,
  glorotNormal,
  glorotUniform,
  heNormal,
  heUniform,
  lecunNormal,
  lecunUniform,
  varianceScaling,
  widthNormal,
} from "./index.js";
import { problems, sample } from "./internal/sample.testing.js";

const kernel: Shape = [3, 3, 8, 16]; // fan_in 72, fan_out 144
const cut = 2 / 0.87962566103423978;

/** Standard deviation, and the bound in standard deviations, by the papers' formulas. */
const table: readonly (readonly [name: string, init: Init, std: number, bound: number])[] = [
  ["varianceScaling", varianceScaling(), Math.sqrt(1 / 72), cut],
  [
    "varianceScaling of fan_out",
    varianceScaling({ scale: 3, mode: "fanOut", distribution: "normal" }),
    Math.sqrt(3 / 144),
    Infinity,
  ],
  [
    "varianceScaling of both",
    varianceScaling({ mode: "fanAvg", distribution: "uniform" }),
    Math.sqrt(1 / 108),
    Math.sqrt(3),
  ],
  ["glorotUniform", glorotUniform(), Math.sqrt(2 / 216), Math.sqrt(3)],
  [
    "glorotUniform with gain",
    glorotUniform({ gain: gain("tanh") }),
    (5 / 3) * Math.sqrt(2 / 216),
    Math.sqrt(3),
  ],
  ["glorotNormal", glorotNormal(), Math.sqrt(2 / 216), cut],
  [
    "glorotNormal, not cut",
    glorotNormal({ gain: 2, truncated: false }),
    2 * Math.sqrt(2 / 216),
    Infinity,
  ],
  ["heUniform", heUniform(), Math.sqrt(2 / 72), Math.sqrt(3)],
  ["heUniform of fan_out", heUniform({ mode: "fanOut" }), Math.sqrt(2 / 144), Math.sqrt(3)],
  ["heNormal", heNormal(), Math.sqrt(2 / 72), cut],
  [
    "heNormal, not cut",
    heNormal({ gain: 1, mode: "fanOut", truncated: false }),
    Math.sqrt(1 / 144),
    Infinity,
  ],
  ["lecunUniform", lecunUniform(), Math.sqrt(1 / 72), Math.sqrt(3)],
  [
    "lecunUniform as torch's Linear",
    lecunUniform({ gain: Math.sqrt(1 / 3) }),
    Math.sqrt(1 / 216),
    Math.sqrt(3),
  ],
  ["lecunNormal", lecunNormal(), Math.sqrt(1 / 72), cut],
  ["fanInNormal", fanInNormal(), 1 / Math.sqrt(72), Infinity],
  ["widthNormal", widthNormal(), 1 / Math.sqrt(144), Infinity],
  ["widthNormal of fan_in", widthNormal({ mode: "fanIn" }), 1 / Math.sqrt(72), Infinity],
  ["widthNormal as a standard deviation", widthNormal({ of: "std" }), 1 / 144, Infinity],
];

test.each(table)("%s: standard deviation and bounds", (_, init, std, bound) => {
  const found = sample(init, kernel);
  expect(problems(found, { mean: 0, std, low: -bound * std, high: bound * std })).toEqual([]);
  // The bounds are reached, and where there are none the values go beyond where others stop.
  expect(found.high / std).toBeGreaterThan(Number.isFinite(bound) ? 0.99 * bound : 3);
});

test("the named ones are cases of varianceScaling, value for value", () => {
  const same = (a: Init, b: Init): void =>
    expect([...a(kernel, random(3))]).toEqual([...b(kernel, random(3))]);
  same(glorotNormal(), varianceScaling({ mode: "fanAvg" }));
  same(heUniform({ gain: 2 }), varianceScaling({ scale: 4, distribution: "uniform" }));
  same(lecunNormal(), varianceScaling());
  same(fanInNormal(), varianceScaling({ distribution: "normal" }));
  same(fanInNormal(), widthNormal({ mode: "fanIn" }));
});

test("known values: the same on every machine", () => {
  expect([...heNormal()([2, 3], random(1))]).toEqual([
    0.6090968251228333, -1.7896804809570312, 1.6493481397628784, -0.3191255033016205,
    -0.025260278955101967, 0.25933152437210083,
  ]);
  expect([...glorotUniform()([2, 3], random(1))]).toEqual([
    0.4468183219432831, -0.9689979553222656, -1.0732837915420532, 0.9345975518226624,
    -0.24216777086257935, -0.01941918395459652,
  ]);
});

test("no fan counts as one", () => {
  for (const init of [heNormal(), widthNormal(), fanInNormal()])
    expect(init([0, 0], random(1))).toHaveLength(0);
  expect(Math.abs(lecunUniform()([], random(1))[0])).toBeLessThanOrEqual(Math.sqrt(3));
});

test("bad options are refused", () => {
  expect(() => varianceScaling({ scale: -1 })).toThrow(
    "varianceScaling: expected a finite scale ≥ 0, got -1",
  );
  expect(() => varianceScaling({ mode: "fan_in" as "fanIn" })).toThrow(
    'varianceScaling: expected mode to be "fanIn" or "fanOut" or "fanAvg", got "fan_in"',
  );
  expect(() => varianceScaling({ distribution: "untruncated_normal" as "normal" })).toThrow(
    "varianceScaling: expected distribution to be",
  );
  for (const [name, make] of Object.entries({
    glorotNormal,
    glorotUniform,
    heNormal,
    heUniform,
    lecunNormal,
    lecunUniform,
  })) {
    expect(() => make({ gain: NaN })).toThrow(`${name}: expected a finite gain ≥ 0, got NaN`);
  }
  expect(() => heNormal({ mode: "fanAvg" as "fanIn" })).toThrow(
    'heNormal: expected mode to be "fanIn" or "fanOut"',
  );
  expect(() => heUniform({ mode: "fanAvg" as "fanIn" })).toThrow(
    'heUniform: expected mode to be "fanIn" or "fanOut"',
  );
  expect(() => widthNormal({ of: "σ" as "variance" })).toThrow(
    'widthNormal: expected of to be "variance" or "std"',
  );
  expect(() => widthNormal({ mode: "n" as "fanIn" })).toThrow("widthNormal: expected mode to be");
});
