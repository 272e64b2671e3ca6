import { expectClose, layerSuite, refusal } from "@tenon/testkit";
import { initialize } from "@tenon/tensor";
import { expect, test } from "vitest";
import {
  batchNorm,
  dense,
  dropout,
  frozen,
  graph,
  layerFromJSON,
  multiHeadAttention,
  relu,
  sequential,
  summary,
} from "./index.js";
import { startOf, wavy } from "./internal/gradcheck.js";
import { ofOneInput, run } from "./internal/testing.js";

const inner = sequential(dense(3), batchNorm(), dropout(0.5));
layerSuite("frozen", frozen(inner), [4], { run, fromJSON: layerFromJSON, described: "frozen" });

test("has the names, the initial values and the outputs of what it freezes", () => {
  const model = sequential(frozen(dense(3)), relu(), dense(2));
  const free = sequential(dense(3), relu(), dense(2));
  expect(initialize(model.plan([4]), 1)).toEqual(initialize(free.plan([4]), 1));
  const { params } = model.plan([4]);
  expect(Object.keys(params).filter((path) => params[path]!.trained === false)).toEqual([
    "dense1/kernel",
    "dense1/bias",
  ]);
  const options = { x: wavy([2, 4]), ...startOf(free, [4]), training: true };
  const [still, moving] = [run(model, options), run(free, options)];
  expect(still.y).toEqual(moving.y);
  expect(still.dx).toEqual(moving.dx);
  expect(still.grads["dense2/kernel"]).toEqual(moving.grads["dense2/kernel"]);
  expectClose(still.grads["dense1/kernel"]!.data, new Array(12).fill(0));
});

test("in training it uses running statistics, keeps them, and drops nothing", () => {
  const x = wavy([3, 4]);
  const start = startOf(inner, [4]);
  const trained = run(frozen(inner), { x, ...start, training: true });
  expect(trained.y).toEqual(run(inner, { x, ...start }).y);
  expect(trained.stats["batchNorm1/mean"]!.data).toEqual(Float64Array.of(0, 0, 0));
});

test("a frozen layer of several inputs is one", () => {
  const model = graph(["x", "memory"], ({ x, memory }, call) => ({
    y: call(frozen(multiHeadAttention(1)), x, memory),
  }));
  const { params, output } = model.planAll([
    [2, 4],
    [3, 4],
  ]);
  expect(output).toEqual([2, 4]);
  expect(params["multiHeadAttention1/query/kernel"]!.trained).toBe(false);
  const shapes = [
    [2, 4],
    [3, 4],
  ];
  const one = ofOneInput(model, shapes);
  const { grads } = run(one, { x: wavy([1, 20]), ...startOf(one, [20]) });
  for (const { data } of Object.values(grads)) expect(data.every((v) => v === 0)).toBe(true);
});

test("a summary counts frozen parameters", () => {
  expect(summary(sequential(frozen(dense(3)), dense(2)), [4])).toContain(
    "trained parameters: 8, frozen: 15, running statistics: 0",
  );
});

test("names what it expected", () => {
  expect(() => frozen(dense as never)).toThrow(
    refusal("frozen: expected a layer, got dense, a function; call it: dense()"),
  );
});
