import type { Init } from "@tenon/contracts";
import { random } from "@tenon/random";
import { expect, test } from "vitest";
import * as modules from "./index.js";

const { fans: _fans, gain: _gain, initFromJSON, constant, sparse, dirac, ...plain } = modules;
const all: Record<string, Init> = {
  constant: constant({ value: 3 }),
  sparse: sparse({ sparsity: 0.4 }),
  ...Object.fromEntries(Object.entries(plain).map(([name, make]) => [name, make()])),
  heNormalWithOptions: modules.heNormal({ gain: 0.5, mode: "fanOut", truncated: false }),
  truncatedNormalWithOptions: modules.truncatedNormal({
    mean: 1,
    std: 2,
    low: -3,
    high: 0,
    cut: "absolute",
  }),
};

test.each(Object.entries(all))(
  "%s comes back from JSON and gives the same values; the same shape and source give the same",
  (name, init) => {
    const written = JSON.stringify(init);
    const again = initFromJSON(JSON.parse(written));
    expect(JSON.stringify(again)).toBe(written);
    const values = init([4, 6], random(9));
    expect(values).toBeInstanceOf(Float32Array);
    expect(values).toHaveLength(24);
    expect([...again([4, 6], random(9))]).toEqual([...values]);
    expect([...init([4, 6], random(9))]).toEqual([...values]);
    if (name in plain) expect(init.toJSON?.().type).toBe(name);
  },
);

test("dirac comes back from JSON", () => {
  const again = initFromJSON(JSON.parse(JSON.stringify(dirac({ groups: 2 }))));
  expect([...again([3, 2, 4], random(1))]).toEqual([...dirac({ groups: 2 })([3, 2, 4], random(1))]);
});

test("omitted options have their defaults", () => {
  expect(initFromJSON({ type: "heNormal" }).toJSON?.()).toEqual({
    type: "heNormal",
    gain: Math.SQRT2,
    mode: "fanIn",
    truncated: true,
  });
});

test("the error for an unknown type lists the types, that for an unknown option the options", () => {
  expect(() => initFromJSON({ type: "he_normal" })).toThrow(
    /^initFromJSON: expected a type of constant, dirac, .*zeros, got "he_normal"; did you mean "heNormal"\?$/,
  );
  for (const type of ["fans", "gain", "initFromJSON", "toString", "__proto__"])
    expect(() => initFromJSON({ type })).toThrow("initFromJSON: expected a type of");
  expect(() => initFromJSON({} as { type: string })).toThrow("got undefined");
  expect(() => initFromJSON(null as unknown as { type: string })).toThrow(
    "initFromJSON: expected a type of",
  );
  expect(() => initFromJSON({ type: "normal", stddev: 1 })).toThrow(
    'normal: expected options { mean, std }, got "stddev"',
  );
  expect(() => initFromJSON({ type: "zeros", value: 1 })).toThrow(
    'zeros: expected no options, got "value"',
  );
});
