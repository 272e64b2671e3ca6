import { tensor, type Tensor } from "@tenon/tensor";
import { refusal, wrongOptions } from "@tenon/testkit";
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
const labels = tensor(Int32Array.of(0, 1));
const rows = tensor([1, -1]);
type Loss = (...args: readonly unknown[]) => Tensor;
/** Tensors that a loss takes, by name; the others take predictions and targets of one shape. */
const taken: Readonly<Record<string, Readonly<Record<string, Tensor>>>> = {
  circle: { predictions: x, targets: labels },
  cosineEmbedding: { first: x, second: x, targets: rows },
  ctc: { predictions: tensor([1, 2, 3, 4], [1, 2, 2]), targets: tensor(Int32Array.of(1), [1, 1]) },
  generalizedCrossEntropy: { predictions: x, targets: labels },
  marginRanking: { first: x, second: x, targets: x },
  multiclassHinge: { predictions: x, targets: labels },
  multiMargin: { predictions: x, targets: labels },
  nll: { predictions: x, targets: labels },
  ntXent: { predictions: x, targets: labels },
  tripletMargin: { anchor: x, positive: x, negative: x },
};
const all = Object.entries(losses as unknown as Readonly<Record<string, Loss>>).map(
  ([name, loss]) => ({ name, loss, args: taken[name] ?? { predictions: x, targets: x } }),
);

/** Arguments of which one is another. */
const replaced = (args: readonly unknown[], position: number, by: unknown): readonly unknown[] =>
  args.map((arg, i) => (i === position ? by : arg));

test.each(all)("$name refuses what is not a tensor, by name", ({ name, loss, args }) => {
  const right = Object.values(args);
  for (const [position, what] of Object.keys(args).entries())
    for (const value of wrong)
      expect(() => loss(...replaced(right, position, value))).toThrow(
        refusal(new RegExp(`^${name}: expected ${what} as a tensor, got `)),
      );
  expect(() => loss()).toThrow(
    refusal(`${name}: expected ${Object.keys(args)[0]} as a tensor, got undefined`),
  );
});

test.each(all)("$name refuses shapes that do not fit", ({ name, loss, args }) => {
  const right = Object.values(args);
  const other = tensor([1, 2, 3]);
  for (const position of right.keys())
    expect(() => loss(...replaced(right, position, other))).toThrow(
      refusal(new RegExp(`^${name}: `)),
    );
});

test.each(all)("$name refuses labels in the place of predictions", ({ name, loss, args }) => {
  const labels = tensor(Int32Array.of(0, 1, 1, 0), [2, 2]);
  for (const [position, what] of Object.keys(args).entries()) {
    if (what === "targets") continue;
    expect(() => loss(...replaced(Object.values(args), position, labels))).toThrow(
      refusal(`${name}: expected ${what} as float32, got int32 [2, 2]; give targets last`),
    );
  }
});

test.each(all)("$name shows strings in quotes", ({ name, loss, args }) => {
  const right = Object.values(args);
  expect(() => loss(...right, { reduction: "average" })).toThrow(
    refusal(`${name}: expected reduction "mean", "sum" or "none", got "average"`),
  );
  expect(() => loss("1", ...right.slice(1))).toThrow(refusal('got "1"'));
});

test.each(all)("$name refuses unknown options", ({ name, loss, args }) => {
  expect(() => loss(...Object.values(args), { reductoin: "sum" })).toThrow(
    refusal(new RegExp(`^${name}: `)),
  );
});

test.each(all)("$name says in an error about an option which one", ({ name, loss, args }) =>
  wrongOptions(name, (options) => loss(...Object.values(args), options)),
);

test.each(all)("$name refuses a tensor in the place of options", ({ name, loss, args }) => {
  expect(() => loss(...Object.values(args), x)).toThrow(
    refusal(new RegExp(`^${name}: expected options \\{ .* \\}, got float32 \\[2, 2\\]$`)),
  );
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
  for (const ignoreIndex of ["1", 0.5, NaN, null] as never[]) {
    expect(() => losses.crossEntropy(x, labels, { ignoreIndex })).toThrow(
      refusal("crossEntropy: expected ignoreIndex as an integer, got "),
    );
    expect(() => losses.nll(x, labels, { ignoreIndex })).toThrow(
      refusal("nll: expected ignoreIndex as an integer, got "),
    );
  }
  for (const quantile of ["0.5", 0, 1, NaN] as never[])
    expect(() => losses.pinball(x, x, { quantile })).toThrow(
      refusal("pinball: expected quantile in (0, 1), got "),
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
  for (const p of [3, 0, "2", null] as never[])
    expect(() => losses.tripletMargin(x, x, x, { p })).toThrow(
      refusal("tripletMargin: expected p as 1 or 2, got "),
    );
  for (const margin of [2, NaN, "0"] as never[])
    expect(() => losses.cosineEmbedding(x, x, rows, { margin })).toThrow(
      refusal("cosineEmbedding: expected margin in [−1, 1], got "),
    );
  for (const variance of [0, -1, "1", null, tensor([1])] as never[])
    expect(() => losses.gaussianNll(x, x, { variance })).toThrow(refusal("gaussianNll: expected "));
  expect(() => losses.multiMargin(x, labels, { classWeights: [1] })).toThrow(
    refusal("multiMargin: expected 2 classWeights, finite and ≥ 0, got "),
  );
  expect(() => losses.multiMargin(x, rows)).toThrow(
    refusal(
      "multiMargin: expected targets as int32 labels [2], for scores [2, 2], got float32 [2]",
    ),
  );
});
