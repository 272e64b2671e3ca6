import { refusal, wrongOptions } from "@tenon/testkit";
import { expect, test } from "vitest";
import * as exported from "./index.js";

type Call = (...args: readonly unknown[]) => unknown;
const all = exported as unknown as Readonly<Record<string, Call>>;

/** The required arguments of each function that has some. */
const needed: Readonly<Record<string, readonly unknown[]>> = {
  activity: [exported.l1()],
  averageOf: [{}],
  averageWeights: [[{ w: { shape: [1], dtype: "float32", data: Float32Array.of(1) } }]],
  l1: [0.1],
  l2: [0.1],
  orthogonal: [0.1],
  spectral: [0.1],
};

const refused = (name: string): Error => refusal(new RegExp(`^${name}: expected [^]*, got `));

test.each(Object.keys(all))("%s refuses unknown options with a RangeError", (name) => {
  expect(() => all[name]!(...(needed[name] ?? []), { unheardOf: 1 })).toThrow(refused(name));
});

test.each(Object.keys(all))("%s says in an error about an option which one", (name) =>
  wrongOptions(
    name,
    (options) => all[name]!(...(needed[name] ?? []), options),
    name === "bounded" ? { low: 0, high: 1 } : {},
  ),
);

test.each(Object.keys(all))("%s refuses wrong arguments with a RangeError", (name) => {
  for (const wrong of [null, "2", NaN, true, 1n])
    expect(() => all[name]!(wrong), `${name} ${String(wrong)}`).toThrow(refused(name));
});
