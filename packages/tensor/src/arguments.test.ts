import { refusal } from "@tenon/testkit";
import { describe, expect, test } from "vitest";
import * as exported from "./index.js";
import { arange, ones, tensor, zeros, type Tensor } from "./index.js";
import { methods } from "./internal/methods.js";

// Every function and method with a wrong value for each argument: the error is a sentence that
// names the function, never one from inside the package.

const x = tensor([
  [1, 2],
  [3, 4],
]);
const row = x.reshape([1, 4]);
const image = ones([1, 4, 4, 2]);
const two = arange(2);
const scalar = tensor(1, [], "int32");
type Args = readonly unknown[];

/**
 * The arguments of a right call, where they are others than `x` for each parameter. A new
 * elementwise function needs no row.
 */
const right: Readonly<Record<string, Args>> = {
  clamp: [x, 0, 1],
  ...same(
    ["sum", "mean", "max", "min", "prod", "norm", "any", "all", "logSumExp", "argMax", "argMin"],
    x,
    0,
    true,
  ),
  ...same(["variance", "std"], x, 0, true, 1),
  ...same(
    ["softmax", "logSoftmax", "cumsum", "cumprod", "logCumSumExp", "flip", "expandDims"],
    x,
    0,
  ),
  ...same(["tril", "triu", "diagonal"], x, 1),
  ...same(["maxPool2d", "avgPool2d", "argMaxPool2d", "resize2d"], image, 2),
  ...same(["adaptiveAvgPool2d", "adaptiveMaxPool2d"], image, 2),
  ...same(["concat", "stack"], [x, x], 0),
  ...same(["zeros", "ones"], [2], "float32"),
  allFinite: [[x, x]],
  average: [x.sum(), scalar],
  total: [x.sum()],
  cast: [x, "int32"],
  where: [x.greater(1), x, 0],
  full: [[2], 1, "float32"],
  arange: [3],
  tensor: [[1, 2], [2], "float32"],
  input: ["x", { shape: [2] }],
  reshape: [x, [4]],
  transpose: [x, [1, 0]],
  broadcastTo: [x, [2, 2]],
  squeeze: [row, 0],
  slice: [x, [0], [1], [1]],
  pad: [
    x,
    [
      [1, 1],
      [0, 0],
    ],
    0,
  ],
  roll: [x, 1, 0],
  tile: [x, [2, 1]],
  repeat: [x, 2, 0],
  split: [x, [1, 1], 0],
  gather: [x, two, 0],
  gatherPool2d: [image, zeros([1, 1, 1, 2], "int32")],
  unpool2d: [ones([1, 1, 1, 2]), zeros([1, 1, 1, 2], "int32"), 2],
  takeAlong: [x, two.reshape([1, 2]), 0],
  scatterAdd: [x, two, 2, 0],
  scatterAlong: [x, zeros([2, 2], "int32"), 2, 0],
  oneHot: [two, 3],
  conv2dTranspose: [image, ones([2, 2, 3, 2])],
  dilation2d: [image, ones([2, 2, 2])],
  einsum: ["ij,jk->ik", x, x],
  padEdges: [
    row,
    [
      [0, 0],
      [1, 1],
    ],
    "reflect",
  ],
  topK: [x, 1],
  conv2d: [image, ones([2, 2, 2, 3])],
  scan: [(state: Tensor) => ({ state, outputs: {} }), x, x],
  categorical: [x, scalar, scalar, 0],
  gumbelSoftmax: [x, scalar, scalar],
  quantile: [x, 0.5],
  unfold2d: [image, 2],
  eye: [2, 3],
  linspace: [0, 1, 3],
  uniform: [[2], scalar, scalar, 0],
  standardNormal: [[2], scalar, scalar, 0],
  schedule: [() => 1, scalar],
  clock: [scalar],
  gradcheck: [(y: Tensor) => y.square(), [{ shape: [1], dtype: "float32", data: [0.5] }]],
  gradients: [x.sum(), x],
  initialize: [{ output: [1], params: {}, stats: {} }, 1],
  pass: [{ params: {} }],
};
/** What is for engines and for the packages next to this one, and takes what they have checked. */
const inner = [
  "axesOf",
  "axisOf",
  "broadcastShapes",
  "checkPadding",
  "checkShape",
  "checkTensor",
  "checkedState",
  "feeder",
  "fed",
  "indexError",
  "isLeaf",
  "isTensor",
  "leaves",
  "mapLeaves",
  "elementsFed",
  "paddingOf",
  "pairOf",
  "placeholders",
  "reference",
  "sameShape",
  "sameTree",
  "show",
  "sizeOf",
  "stridesOf",
  "topological",
  "traceOf",
  "windows",
];

function same(names: readonly string[], ...args: Args): Record<string, Args> {
  return Object.fromEntries(names.map((name) => [name, args]));
}

const argsOf = (name: string, count: number): Args =>
  right[name] ?? Array.from({ length: count }, () => x);

const wrong: Readonly<Record<string, unknown>> = {
  undefined: undefined,
  null: null,
  text: "2",
  "a fraction": 2.5,
  "far below": -7,
  NaN,
  Infinity,
  true: true,
  "an object": {},
  "an empty list": [],
  "a list": [1, 2, 3],
  "a list of text": ["1"],
  "a list with a hole": [, 1],
  "a function": () => 1,
  "a bigint": 1n,
  "an NDArray": { shape: [2], dtype: "float32", data: Float32Array.of(1, 2) },
  "an array": Float32Array.of(1, 2),
  "a symbol": Symbol("x"),
};
/** Values that are wrong for most arguments but allowed for these. */
const isFine: Readonly<Record<string, readonly string[]>> = {
  ...Object.fromEntries(
    [
      "add",
      "sub",
      "mul",
      "div",
      "pow",
      "maximum",
      "minimum",
      "remainder",
      "equal",
      "notEqual",
      "less",
      "lessEqual",
      "greater",
      "greaterEqual",
      "atan2",
      "where",
      "clamp",
      "full",
      "pad",
    ].map((name) => [name, ["a fraction", "far below", "NaN", "Infinity"]]),
  ),
  ...Object.fromEntries(
    [
      "flip",
      "all",
      "any",
      "logSumExp",
      "max",
      "mean",
      "min",
      "norm",
      "prod",
      "std",
      "sum",
      "variance",
      "squeeze",
    ].map((name) => [name, ["an empty list", "true", "undefined"]]),
  ),
  ...Object.fromEntries(["argMax", "argMin"].map((name) => [name, ["true"]])),
  ...Object.fromEntries(
    ["diagonal", "tril", "triu", "roll", "initialize"].map((name) => [name, ["far below"]]),
  ),
  ...Object.fromEntries(
    ["full", "ones", "zeros", "uniform", "standardNormal", "tile"].map((name) => [
      name,
      ["an empty list", "a list", "a fraction", "far below", "NaN", "Infinity"],
    ]),
  ),
  flip: ["an empty list", "undefined"],
  transpose: ["undefined"],
  std: ["an empty list", "true", "undefined", "a fraction", "far below"],
  variance: ["an empty list", "true", "undefined", "a fraction", "far below"],
  slice: ["undefined", "an empty list", "a list with a hole"],
  allFinite: ["an empty list"],
  gradients: ["an empty list", "an object"],
  scan: ["an object"],
  schedule: ["a function"],
  tensor: [
    "undefined",
    "a fraction",
    "far below",
    "NaN",
    "Infinity",
    "a list",
    "an NDArray",
    "an array",
    "an empty list",
  ],
  linspace: ["a fraction", "far below"],
  categorical: ["far below"],
  input: Object.keys(wrong),
  pass: Object.keys(wrong),
  uniform: ["far below", "an empty list", "a list"],
  standardNormal: ["far below", "an empty list", "a list"],
};

/** Calls with each wrong thing in each place; `undefined` only where a call cannot do without. */
function tried(name: string, args: Args, needed: number, call: (...args: Args) => unknown): void {
  args.forEach((_, place) => {
    for (const [what, value] of Object.entries(wrong)) {
      if (value === undefined && place >= needed) continue;
      const title = `${name}, ${what} as argument ${place + 1}`;
      let result: unknown;
      try {
        result = call(...args.map((arg, i) => (i === place ? value : arg)));
      } catch (error) {
        const { message } = error as Error;
        expect(message, title).toMatch(/^\w+: expected .*, got /s);
        expect(message, title).not.toMatch(/\[object|undefined \(|Cannot/);
        if (name !== "initialize" && name !== "gradients")
          expect(message, title).toMatch(new RegExp(`^${name}: `));
        continue;
      }
      // What was taken makes a tensor of sensible sizes.
      expect(isFine[name]?.includes(what), `${title} was taken`).toBe(true);
      for (const n of (result as Partial<Tensor>).shape ?? [])
        expect(
          Number.isInteger(n) && n >= 0,
          `${title} made ${String((result as Tensor).shape)}`,
        ).toBe(true);
    }
  });
}

const functions = Object.entries(exported).filter(
  (entry): entry is [string, (...args: Args) => unknown] =>
    typeof entry[1] === "function" && !inner.includes(entry[0]),
);
describe("functions", () => {
  test.each(functions)("%s", (name, call) => {
    const args = argsOf(name, call.length);
    call(...args);
    tried(name, args, Math.max(1, call.length), call);
    expect(() => call()).toThrow(refusal(new RegExp(`^${name}: expected`)));
  });
});

describe("methods", () => {
  const names = Object.keys(methods).filter(
    (name) => !["data", "value", "item", "toString"].includes(name),
  );
  test.each(names)("%s", (name) => {
    const [operand, ...args] = argsOf(
      name,
      (methods as unknown as Record<string, Args>)[name]!.length + 1,
    );
    const call = (...given: Args): unknown =>
      (operand as Record<string, (...args: Args) => unknown>)[name]!(...given);
    call(...args);
    tried(name, args, 0, call);
  });
});
