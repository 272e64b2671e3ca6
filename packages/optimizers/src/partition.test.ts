import { refusal } from "@tenon/testkit";
import { expect, test } from "vitest";
import { chain, freeze, initSlots, momentum, onArrays, partition, sgd } from "./index.js";

const w = () => ({ "a/kernel": Float64Array.of(1), "b/kernel": Float64Array.of(1) });
const one = { "a/kernel": Float64Array.of(1), "b/kernel": Float64Array.of(1) };

test("each kind has its own rate, and only the slots of its own transform", () => {
  const optimizer = partition(
    { slow: sgd({ learningRate: 0.1 }), fast: momentum({ learningRate: 0.5 }) },
    (path) => (path.startsWith("a/") ? "slow" : "fast"),
  );
  const params = w();
  onArrays(optimizer, params).step(one);
  expect([params["a/kernel"][0], params["b/kernel"][0]]).toEqual([0.9, 0.5]);
  const array = { shape: [1], dtype: "float32" as const, data: Float32Array.of(0) };
  const slots = initSlots(optimizer, { "a/kernel": array, "b/kernel": array });
  expect(Object.keys(slots["trace/v"]!)).toEqual(["b/kernel"]);
});

test("frozen parameters stay", () => {
  const params = w();
  onArrays(
    chain(
      sgd({ learningRate: 1 }),
      freeze((path) => path.startsWith("a/")),
    ),
    params,
  ).step(one);
  expect([params["a/kernel"][0], params["b/kernel"][0]]).toEqual([1, 0]);
});

test("a kind without a transform is named", () => {
  const kind = (): "slow" => "fast" as never;
  expect(() => onArrays(partition({ slow: sgd() }, kind), w())).toThrow(
    refusal('partition: expected a kind among slow for "a/kernel", got "fast"'),
  );
});
