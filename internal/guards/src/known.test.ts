import { expect, test } from "vitest";
import { known, nothing, suggestion } from "./index.js";

const adam = ["learningRate", "weightDecay", "beta1", "beta2", "eps", "epsRoot", "nesterov"];

test.each([
  ["lr", "learningRate"],
  ["wd", "weightDecay"],
  ["learning_rate", "learningRate"],
  ["LearningRate", "learningRate"],
  ["beta_2", "beta2"],
  ["epsilon", "eps"],
  ["nestrov", "nesterov"],
  ["weigthDecay", "weightDecay"],
])("%s is like %s", (word, name) => {
  expect(suggestion(word, adam)).toBe(`did you mean "${name}"?`);
});

test.each([
  ["stride", ["useBias", "strides", "padding"], "strides"],
  ["patiance", ["monitor", "patience", "restoreBest"], "patience"],
  ["batchsize", ["epochs", "batchSize", "best"], "batchSize"],
  ["thread", ["threads", "turbo"], "threads"],
  ["eps", ["momentum", "epsilon", "scale"], "epsilon"],
  ["bias", ["kernelInit", "useBias"], "useBias"],
])("%s among %j is %s", (word, names, name) => {
  expect(suggestion(word, names)).toBe(`did you mean "${name}"?`);
});

test.each(["colour", "x", "", "l", "🙂"])("nothing is much like %j", (word) => {
  expect(suggestion(word, adam)).toBeUndefined();
});

test("valid options are returned unchanged", () => {
  const options: { a?: number; b?: number } = { a: 1 };
  expect(known("f", options, "a b")).toBe(options);
  expect(known("f", {} as { a?: number }, "a")).toEqual({});
  expect(known("f", { a: 1, end: 2 } as { a?: number }, "a", "end")).toEqual({ a: 1, end: 2 });
});

test("TypeScript holds the names to those of the type", () => {
  const options: { a?: number; b?: number } = {};
  // @ts-expect-error: b is missing
  known("f", options, "a");
  // @ts-expect-error: c is too much
  known("f", options, "a b c");
});

test("names are distinguished from inherited properties", () => {
  expect(() => known("f", JSON.parse('{"__proto__": 1}') as { a?: number }, "a")).toThrow(
    'f: expected options { a }, got "__proto__"',
  );
  expect(() => known("f", { toString: 1 } as { a?: number }, "a")).toThrow('got "toString"');
});

test.each([
  [0.001, "got 0.001"],
  ["2", 'got "2"'],
  [[1, 2], "got [1, 2]"],
  [null, "got null"],
  [true, "got true"],
  [undefined, "got undefined"],
  [Math.max, "got max, a function"],
])("%j is no object of options", (given, message) => {
  expect(() => known("f", given as never as { a?: number }, "a")).toThrow(RangeError);
  expect(() => known("f", given as never as { a?: number }, "a")).toThrow(
    `f: expected options { a }, ${message}`,
  );
});

test("the error of a function without options says so", () => {
  function f(): void {
    nothing("f", arguments);
  }
  const called = f as (given?: unknown) => void;
  for (const fine of [undefined, null, {}]) expect(() => called(fine)).not.toThrow();
  expect(() => called({ max: 6 })).toThrow('f: expected no options, got "max"');
  expect(() => called(6)).toThrow("f: expected nothing, got 6");
});
