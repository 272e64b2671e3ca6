import { refusal, wrongOptions } from "@tenon/testkit";
import { expect, test } from "vitest";
import * as exported from "./index.js";

type Call = (...args: readonly unknown[]) => unknown;
const { fans: _fans, gain: _gain, initFromJSON: _json, ...makers } = exported;
const all = makers as unknown as Readonly<Record<string, Call>>;

/** The options without which an init cannot be made. */
const needed: Readonly<Record<string, object>> = {
  constant: { value: 1 },
  sparse: { sparsity: 0.5 },
};

test.each(Object.keys(all))("%s refuses wrong options, by name", async (name) => {
  expect(() => all[name]!(needed[name])).not.toThrow();
  await wrongOptions(name, all[name]!, needed[name]);
});

test.each(Object.keys(all))("%s refuses what is no object of options", (name) => {
  for (const wrong of ["2", 2, true, [1]])
    expect(() => all[name]!(wrong), String(wrong)).toThrow(refusal(`${name}: expected `));
});
