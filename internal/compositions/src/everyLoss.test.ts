import type { ByPath, NDArray } from "@tenon/contracts";
import * as losses from "@tenon/losses";
import { tensor, type Tensor } from "@tenon/tensor";
import { everyExport } from "@tenon/testkit";
import { describe, test } from "vitest";
import { checked, integers, signed, spread, type Traced } from "./checked.js";

// Every loss: the same values and gradients on both engines, and in float64 the gradients of
// central differences, of the targets too. One of predictions and targets of the same shape needs
// no row.

type Given = Readonly<Record<"x" | "y" | "z" | "i", Tensor>>;
type Row = readonly [inputs: ByPath<NDArray>, loss: (given: Given) => Tensor];
type Loss = (x: Tensor, y: Tensor, options?: object) => Tensor;

const x = signed([3, 4]);
const y = spread([3, 4], 60);
const z = signed([3, 4], 30);
const labels = integers(1, 3, 0);
const none = { reduction: "none" } as const;
const signs: NDArray = { shape: [3], dtype: "float32", data: Float64Array.of(1, -1, 1) };
const sides: NDArray = { ...x, data: x.data.map((_: number, i: number) => (i % 3 === 1 ? -1 : 1)) };
/** A loss of class labels. */
const ofLabels = (loss: (x: Tensor, i: Tensor) => Tensor): Row => [
  { x, i: labels },
  ({ x, i }) => loss(x, i),
];

const table: Readonly<Record<string, Row>> = {
  crossEntropy: ofLabels((x, i) => losses.crossEntropy(x, i, { classWeights: [1, 2, 3, 4] })),
  "crossEntropy, of probabilities": [
    { x, y },
    ({ x, y }) => losses.crossEntropy(x, y, { ...none, labelSmoothing: 0.1 }),
  ],
  ctc: [
    { x: signed([2, 4, 3]), i: integers(1, 2, 2, 0) },
    ({ x, i }) => losses.ctc(x, i.reshape([2, 2])),
  ],
  generalizedCrossEntropy: ofLabels((x, i) => losses.generalizedCrossEntropy(x, i)),
  circle: [
    { x, i: integers(1, 0, 1) },
    ({ x, i }) => losses.circle(x, i, { gamma: 2, weightGradients: true }),
  ],
  ntXent: [{ x, i: integers(1, 0, 1) }, ({ x, i }) => losses.ntXent(x, i, { temperature: 0.5 })],
  nll: ofLabels((x, i) => losses.nll(x, i, { ignoreIndex: 3 })),
  multiMargin: ofLabels((x, i) => losses.multiMargin(x, i, { squared: true })),
  multiclassHinge: ofLabels((x, i) => losses.multiclassHinge(x, i)),
  cosineEmbedding: [{ x, y, z: signs }, ({ x, y, z }) => losses.cosineEmbedding(x, y, z)],
  tripletMargin: [{ x, y, z }, ({ x, y, z }) => losses.tripletMargin(x, y, z, { swap: true })],
  marginRanking: [
    { x, y, z: sides },
    ({ x, y, z }) => losses.marginRanking(x, y, z, { margin: 0.1 }),
  ],
};
/** Losses of categories, which are not differentiated by their targets. */
const categories = ["binarySparsemax", "categoricalHinge", "hinge", "hingeEmbedding"].concat([
  "multiLabelMargin",
  "softMargin",
]);

const others = Object.entries(losses as unknown as Readonly<Record<string, Loss>>)
  .filter(([name, loss]) => !Object.hasOwn(table, name) && takesAnyTargets(loss))
  .map(([name, loss]): [string, Row] => [
    name,
    [
      { x: y, ...(!categories.includes(name) && { y: x }) },
      ({ x, y }) => loss(x, y ?? x.greater(0.4).cast("float32")),
    ],
  ]);

function takesAnyTargets(loss: Loss): boolean {
  try {
    return loss(tensor(x), tensor(y)).shape.length === 0;
  } catch {
    return false;
  }
}

everyExport(losses, [...Object.keys(table), ...others.map(([name]) => name)], {
  add: "add to `table` in internal/compositions/src/everyLoss.test.ts its tensors and a call",
});

describe("on both engines, and its gradients in float64", () => {
  test.each([...Object.entries(table), ...others])("%s", (_, [inputs, loss]) =>
    checked(loss as unknown as Traced, inputs),
  );
});
