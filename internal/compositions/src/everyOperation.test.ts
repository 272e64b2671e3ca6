import type { ByPath, NDArray } from "@tenon/contracts";
import * as t from "@tenon/tensor";
import { everyExport } from "@tenon/testkit";
import { describe, expect, test } from "vitest";
import { checked, integers, scalar, signed, spread, type Traced } from "./checked.js";

// Every operation of tensor: the same values and gradients on both engines, and in float64 the
// gradients of central differences. One whose operands are tensors of one shape needs no row.

type Row = readonly [inputs: ByPath<NDArray>, f: (given: never) => object, fixed?: "fixed"];
type Operands = Readonly<Record<"x" | "y" | "z" | "i", t.Tensor>>;
const row = (inputs: ByPath<NDArray>, f: (given: Operands) => object): Row => [inputs, f];

const x = signed([2, 3]);
const positive = spread([2, 3]);
const image = signed([1, 4, 5, 2]);
const scalars = { x: scalar(3), y: scalar(5) };
/** A row for each of some functions. */
const rows = <F>(
  functions: Readonly<Record<string, F>>,
  make: (f: F, name: string) => Row,
): Record<string, Row> =>
  Object.fromEntries(Object.entries(functions).map(([name, f]) => [name, make(f, name)]));

const { sum, prod, max, min, mean, variance, std, norm, logSumExp, argMax, argMin, any, all } = t;
const reductions = { sum, prod, max, min, mean, variance, std, norm, logSumExp, any, all };
const { equal, notEqual, less, lessEqual, greater, greaterEqual } = t;
const { conv2d, conv2dTranspose, dilation2d, maxPool2d, avgPool2d } = t;
const { softmax, logSoftmax, cumsum, cumprod, logCumSumExp, flip, expandDims } = t;

const table: Readonly<Record<string, Row>> = {
  ...rows(reductions, (f) => row({ x: positive }, ({ x }) => [f(x), f(x, 0), f(x, [1], true)])),
  ...rows({ argMax, argMin }, (f) => row({ x }, ({ x }) => [f(x), f(x, -1, true)])),
  ...rows({ equal, notEqual, less, lessEqual, greater, greaterEqual }, (f) =>
    row({ x, y: positive }, ({ x, y }) => [f(x, y), f(x, 0.5)]),
  ),
  ...rows({ softmax, logSoftmax, cumsum, cumprod, logCumSumExp, expandDims }, (f) =>
    row({ x }, ({ x }) => [f(x, 0), f(x, -1)]),
  ),
  ...rows({ tril: t.tril, triu: t.triu, diagonal: t.diagonal }, (f) =>
    row({ x }, ({ x }) => [f(x), f(x, 1)]),
  ),
  ...rows({ conv2d, conv2dTranspose }, (f) =>
    row({ x: image, y: spread([2, 3, 2, 2]) }, ({ x, y }) =>
      f(x, y, { strides: [2, 1], padding: 1, dilation: [1, 2] }),
    ),
  ),
  dilation2d: row({ x: image, y: spread([2, 2, 2], 50) }, ({ x, y }) => dilation2d(x, y)),
  ...rows({ maxPool2d, avgPool2d, argMaxPool2d: t.argMaxPool2d }, (f) =>
    row({ x: image }, ({ x }) => f(x, [3, 2], { strides: [1, 2], padding: 1 })),
  ),
  ...rows({ adaptiveAvgPool2d: t.adaptiveAvgPool2d, adaptiveMaxPool2d: t.adaptiveMaxPool2d }, (f) =>
    row({ x: image }, ({ x }) => f(x, [2, 3])),
  ),
  ...rows({ gatherPool2d: t.gatherPool2d, unpool2d: t.unpool2d }, (_, name) =>
    row({ x: image }, ({ x }) => {
      const where = t.argMaxPool2d(x, 2);
      const largest = t.gatherPool2d(x, where);
      return name === "unpool2d" ? t.unpool2d(largest, where, [4, 5]) : largest;
    }),
  ),
  resize2d: row({ x: image }, ({ x }) => [
    t.resize2d(x, [7, 3]),
    t.resize2d(x, [7, 3], { interpolation: "bilinear" }),
  ]),
  allFinite: row({ x }, ({ x }) => t.allFinite([x, x.log()])),
  average: row({ x, y: positive }, ({ x, y }) => t.average(x.sum(), y.sum())),
  total: row({ x }, ({ x }) => t.total(x.sum())),
  atanh: row({ x }, ({ x }) => t.atanh(x)),
  cast: row({ x, i: integers(3, -4) }, ({ x, i }) => [t.cast(x, "int32"), t.cast(i, "float32")]),
  detach: [{ x }, ({ x }: Operands) => t.detach(x).mul(x), "fixed"],
  clamp: row({ x }, ({ x }) => t.clamp(x, -0.4, 0.3)),
  where: row({ x, y: positive }, ({ x, y }) => [
    t.where(x.greater(0), x, y),
    t.where(x.less(0), y, 2),
  ]),
  concat: row({ x, y: positive }, ({ x, y }) => t.concat([x, y, x], -1)),
  stack: row({ x, y: positive }, ({ x, y }) => t.stack([x, y], 1)),
  matmul: row({ x, y: spread([2, 3, 4]) }, ({ x, y }) => t.matmul(x, y)),
  einsum: row({ x, y: spread([3, 4]) }, ({ x, y }) => t.einsum("ij,jk->kij", x, y)),
  reshape: row({ x }, ({ x }) => t.reshape(x, [3, 2])),
  transpose: row({ x: image }, ({ x }) => t.transpose(x, [0, 3, 1, 2])),
  broadcastTo: row({ x }, ({ x }) => t.broadcastTo(x, [4, 2, 3])),
  squeeze: row({ x: image }, ({ x }) => t.squeeze(x, 0)),
  slice: row({ x: image }, ({ x }) => t.slice(x, [0, 1, 0, 0], [1, 4, 5, 2], [1, 2, 3, 1])),
  ...rows({ pad: t.pad, padEdges: t.padEdges }, (_, name) =>
    row({ x }, ({ x }) => {
      const widths = [
        [1, 0],
        [1, 2],
      ] as const;
      return name === "pad" ? t.pad(x, widths, 7) : t.padEdges(x, widths, "reflect");
    }),
  ),
  flip: row({ x }, ({ x }) => [flip(x), flip(x, 1)]),
  roll: row({ x }, ({ x }) => t.roll(x, -2, 1)),
  tile: row({ x }, ({ x }) => t.tile(x, [2, 3])),
  repeat: row({ x }, ({ x }) => t.repeat(x, 3, 0)),
  split: row({ x }, ({ x }) => t.split(x, [2, 1], 1)),
  gather: row({ x, i: integers(1, 0, 1) }, ({ x, i }) => t.gather(x, i)),
  scatterAdd: row({ x, i: integers(4, 0, 4) }, ({ x, i }) => t.scatterAdd(x, i, 5, 1)),
  takeAlong: row({ x, i: integers(1, 0, 1) }, ({ x, i }) => t.takeAlong(x, i.expandDims(0), 0)),
  scatterAlong: row({ x, i: integers(1, 0, 1, 0, 1, 1) }, ({ x, i }) =>
    t.scatterAlong(x, i.reshape([2, 3]), 2, 0),
  ),
  oneHot: row({ i: integers(2, 0, 3) }, ({ i }) => t.oneHot(i, 4)),
  sort: row({ x }, ({ x }) => t.sort(x, { descending: true })),
  topK: row({ x }, ({ x }) => t.topK(x, 2)),
  scan: row({ x, y: spread([3]) }, ({ x, y }) =>
    t.scan(
      (state: t.Tensor, of: t.Tensor) => ({ state: state.mul(of).tanh(), outputs: state }),
      y,
      x,
    ),
  ),
  acosh: row({ x }, ({ x }) => t.acosh(x.add(2.5))),
  quantile: row({ x: image }, ({ x }) => [t.quantile(x, 0.3, { axis: 1 }), t.quantile(x, 0.5)]),
  unfold2d: row({ x: image }, ({ x }) => t.unfold2d(x, [3, 2], { strides: 2, padding: 1 })),
  eye: row({ x }, ({ x }) => t.eye(2, 3).mul(x)),
  linspace: row({ x }, ({ x }) => t.linspace(-1, 2, 3).mul(x)),
  categorical: row({ z: image, ...scalars }, ({ z, x, y }) => t.categorical(z, x, y, 3)),
  gumbelSoftmax: row({ z: image, ...scalars }, ({ z, x, y }) => t.gumbelSoftmax(z, x, y)),
  "gumbelSoftmax, hard": [
    { z: image, ...scalars },
    ({ z, x, y }: Operands) => t.gumbelSoftmax(z, x, y, { hard: true }),
    "fixed",
  ],
  normalize: row({ x }, ({ x }) => t.normalize(x, { order: 3 })),
  ...rows({ zeros: t.zeros, ones: t.ones }, (f) =>
    row({ x }, ({ x }) => [f([2, 3]).mul(x), f([2], "int32")]),
  ),
  full: row({ x }, ({ x }) => t.full([2, 3], 0.7).mul(x)),
  arange: row({ x }, ({ x }) => [t.arange(3), t.arange(1, 6, 2).cast("float32").mul(x)]),
  tensor: row({ x }, ({ x }) => t.tensor([0.5, 1, 2]).mul(x)),
  ...rows({ uniform: t.uniform, standardNormal: t.standardNormal }, (f) =>
    row(scalars, ({ x, y }) => f([2, 5], x, y, 7)),
  ),
  summary: [{ x }, ({ x }: Operands) => t.summary(x), "fixed"],
  schedule: row(scalars, ({ x }) => t.schedule((step) => 1 / (1 + step), x)),
};

/** What no graph is made of: for engines, for training, and about shapes. */
const besides = [
  ...["axesOf", "axisOf", "broadcastShapes", "checkPadding", "checkShape", "checkTensor", "show"],
  ...[
    "checkedState",
    "clock",
    "elementsFed",
    "fed",
    "feeder",
    "gradcheck",
    "gradients",
    "indexError",
    "input",
  ],
  ...["initialize", "isLeaf", "isTensor", "leaves", "mapLeaves", "paddingOf", "pairOf", "pass"],
  ...["placeholders", "reference", "sameShape", "sameTree", "sizeOf", "stridesOf", "topological"],
  ...["traceOf", "windows"],
];

/** A row for a function whose parameters are all tensors of one shape. */
const plainRows = Object.entries(
  t as unknown as Readonly<Record<string, (...all: t.Tensor[]) => object>>,
)
  .filter(([name]) => !Object.hasOwn(table, name) && !besides.includes(name))
  .flatMap(([name, f]): [string, Row][] => {
    const operands = [positive, spread([2, 3], 7)].slice(0, f.length);
    try {
      if (!t.isTensor(f(...operands.map((array) => t.tensor(array))))) return [];
    } catch {
      return [];
    }
    const inputs = Object.fromEntries(operands.map((array, i) => [`x${i}`, array]));
    return [[name, [inputs, (given: ByPath<t.Tensor>) => f(...Object.values(given))]]];
  });
const operations = [...Object.entries(table), ...plainRows];

everyExport(t, [...operations.map(([name]) => name)], {
  besides,
  add: "add to `table` in internal/compositions/src/everyOperation.test.ts its operands and a call",
});

test("operations of one shape are found", () => {
  expect(plainRows.map(([name]) => name)).toEqual(expect.arrayContaining(["add", "erf", "tan"]));
});

describe("on both engines, and its gradients in float64", () => {
  test.each(operations)("%s", (_, [inputs, f, fixed]) =>
    checked(f as Traced, inputs, fixed === undefined),
  );
});
