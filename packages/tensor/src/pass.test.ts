import { hashString, uniformAt } from "@tenon/random";
import { expect, test } from "vitest";
import { tensor, zeros } from "./ops/leaf.js";
import { uniform } from "./ops/uniform.js";
import { pass } from "./pass.js";

const params = { "a/w": tensor(1), "a/inner/w": tensor(2), "ab/w": tensor(3) };
const stats = { "a/mean": zeros([2]) };
const int = (n: number) => tensor(n, [], "int32");
const training = (seed = 1, step = 2) =>
  pass({ params, stats, training: { seed: int(seed), step: int(step) } });

test("a part has what is under its path, and nothing else", () => {
  const a = pass({ params, stats }).part("a");
  expect(a.params).toEqual({ w: params["a/w"], "inner/w": params["a/inner/w"] });
  expect(a.stats).toEqual({ mean: stats["a/mean"] });
  expect(a.part("inner").params).toEqual({ w: params["a/inner/w"] });
  expect(pass({ params }).part("nothing").params).toEqual({});
});

test("it trains if it is given a seed and a step", () => {
  expect(pass({ params }).training).toBe(false);
  expect(training().part("a").training).toBe(true);
});

test("draws are a function of seed, step, path and the number of previous draws", () => {
  const root = training(7, 3);
  const a = root.part("a");
  const [first, second] = [a.draw([4], uniform), a.draw([4], uniform)];
  expect(first.data()).toEqual(uniformAt(7, 3, hashString("a/#0"), 4));
  expect(second.data()).toEqual(uniformAt(7, 3, hashString("a/#1"), 4));
  // A second pass of the same part continues its count of draws, so that it does not draw the same.
  expect(root.part("a").draw([4], uniform).data()).toEqual(uniformAt(7, 3, hashString("a/#2"), 4));
  const all = [
    first,
    second,
    root.part("b").draw([4], uniform),
    root.draw([4], uniform),
    training(8, 3).part("a").draw([4], uniform),
    training(7, 4).part("a").draw([4], uniform),
  ];
  expect(new Set(all.map((x) => x.data().join())).size).toBe(all.length);
  expect(training(7, 3).part("a").draw([4], uniform).data()).toEqual(first.data());
});

test("nothing is random outside training", () => {
  expect(() => pass({ params }).part("drop").draw([1], uniform)).toThrow(
    'draw: expected a training pass, which has a seed and a step, got one without training in layer "drop/"',
  );
});

test("setStat replaces an existing statistic, by its name inside the part", () => {
  const root = training();
  const kept = tensor([1, 2]);
  expect(root.statsAfter()).toEqual(stats);
  root.part("a").setStat("mean", kept);
  expect(root.statsAfter()["a/mean"]).toBe(kept);
  expect(root.stats["a/mean"]).toBe(stats["a/mean"]);
});

test("setStat refuses names and shapes that the plan does not have", () => {
  const a = training().part("a");
  expect(() => a.setStat("deviation", zeros([2]))).toThrow(
    'setStat: expected a statistic that the layer\'s plan names, got "a/deviation"',
  );
  expect(() => training().setStat("toString", zeros([2]))).toThrow('got "toString"');
  expect(() => a.setStat("mean", zeros([3]))).toThrow(
    "setStat: expected a/mean of shape [2], got [3]",
  );
});

test("tap is called with the path and the output", () => {
  const tapped: [string, unknown][] = [];
  const root = pass({ params, tap: (path, output) => tapped.push([path, output]) });
  const y = tensor(1);
  root.part("a").part("inner").tap(y);
  expect(tapped).toEqual([["a/inner", y]]);
  pass({ params }).part("a").tap(y);
});
