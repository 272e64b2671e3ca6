import { tensor, type Tensor } from "@tenon/tensor";
import { refusal } from "@tenon/testkit";
import { expect, test } from "vitest";
import * as losses from "./index.js";

const x = tensor([
  [1, 2],
  [3, 4],
]);
const wrong: readonly unknown[] = [
  undefined,
  null,
  "2",
  2,
  NaN,
  true,
  {},
  [],
  [1, 2],
  ["1"],
  () => 1,
  1n,
  x.value(),
  Float32Array.of(1),
];
const all = Object.entries(
  losses as unknown as Readonly<
    Record<string, (predictions: Tensor, targets: Tensor, options?: object) => Tensor>
  >,
);

test.each(all)("%s refuses what is not a tensor, by name", (name, loss) => {
  expect(() => (loss as () => Tensor)()).toThrow(
    refusal(`${name}: expected predictions as a tensor, got undefined`),
  );
  for (const value of wrong as readonly Tensor[]) {
    expect(() => loss(value, x)).toThrow(
      refusal(new RegExp(`^${name}: expected predictions as a tensor, got `)),
    );
    expect(() => loss(x, value)).toThrow(
      refusal(new RegExp(`^${name}: expected targets as a tensor, got `)),
    );
  }
});

test.each(all)("%s shows strings in quotes", (name, loss) => {
  expect(() => loss(x, x, { reduction: "average" })).toThrow(
    refusal(`${name}: expected reduction "mean", "sum" or "none", got "average"`),
  );
  expect(() => loss("1" as never, x)).toThrow(refusal('got "1"'));
});

test("values are checked, and flags are true or false", () => {
  expect(() => losses.binaryCrossEntropy(x, x, { labelSmoothing: "0.1" as never })).toThrow(
    refusal('binaryCrossEntropy: expected labelSmoothing in [0, 1], got "0.1"'),
  );
  for (const posWeight of [
    "2",
    null,
    [1],
    [1, 2, 3],
    ["1", "2"],
    [1, NaN],
    [1, -1],
    true,
  ] as never[])
    expect(() => losses.binaryCrossEntropy(x, x, { posWeight })).toThrow(
      refusal("binaryCrossEntropy: expected posWeight as a finite number ≥ 0, or as many"),
    );
  for (const classWeights of ["12", null, [1], [1, 2, 3], ["1", "2"], [1, NaN], 2] as never[])
    expect(() => losses.crossEntropy(x, x, { classWeights })).toThrow(
      refusal("crossEntropy: expected 2 classWeights, finite and ≥ 0, got "),
    );
  const labels = tensor(Int32Array.of(0, 1));
  for (const ignoreIndex of ["1", 0.5, NaN, null] as never[])
    expect(() => losses.crossEntropy(x, labels, { ignoreIndex })).toThrow(
      refusal("crossEntropy: expected ignoreIndex as an integer, got "),
    );
  for (const axis of ["1", 0.5, 2, null, NaN] as never[])
    expect(() => losses.crossEntropy(x, x, { axis })).toThrow(
      refusal("crossEntropy: expected an axis from -2 to 1, got "),
    );
  for (const gamma of ["2", -1, null, [2]] as never[])
    expect(() => losses.binaryFocal(x, x, { gamma })).toThrow(
      refusal("binaryFocal: expected gamma as a finite number ≥ 0, got "),
    );
  expect(() => losses.binaryFocal(x, x, { alpha: null as never })).toThrow(
    refusal("binaryFocal: expected alpha in [0, 1], got null"),
  );
  expect(() => losses.huber(x, x, { delta: "1" as never })).toThrow(
    refusal('huber: expected delta as a finite number > 0, got "1"'),
  );
  expect(() => losses.hinge(x, x, { squared: "false" as never })).toThrow(
    refusal('hinge: expected squared as true or false, got "false"'),
  );
  expect(() => losses.klDivergence(x, x, { logTargets: 1 as never })).toThrow(
    refusal("klDivergence: expected logTargets as true or false, got 1"),
  );
  expect(() => losses.poisson(x, x, { log: null as never })).toThrow(
    refusal("poisson: expected log as true or false, got null"),
  );
});
