import { describe, expect, test } from "vitest";
import * as exported from "./index.js";
import { arange, ones, tensor, zeros, type Tensor } from "./index.js";
import { methods } from "./internal/methods.js";

// Every function and method with something wrong in each of its places: a sentence that names it,
// never a stack of ours.

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
  ...same(["maxPool2d", "avgPool2d", "argMaxPool2d"], image, 2),
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
  conv2d: [image, ones([2, 2, 2, 3])],
  uniform: [[2], scalar, scalar, 0],
  schedule: [() => 1, scalar],
  clock: [scalar],
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
  "pairOf",
  "placeholders",
  "reference",
  "sameShape",
  "sameTree",
  "show",
  "sizeOf",
  "stridesOf",
  "topological",
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
/** What some places may well be. */
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
    ["full", "ones", "zeros", "uniform", "tile"].map((name) => [
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
  input: Object.keys(wrong),
  pass: Object.keys(wrong),
  uniform: ["far below", "an empty list", "a list"],
};

/** Calls with each wrong thing in each place; `undefined` only where a call cannot do without. */
function tried(name: string, args: Args, needed: number, call: (...args: Args) => unknown): void {
  args.forEach((_, place) => {
    for (const [what, value] of Object.entries(wrong)) {
      if (value === undefined && place >= needed) continue;
      const at = `${name}, ${what} as argument ${place + 1}`;
      let made: unknown;
      try {
        made = call(...args.map((arg, i) => (i === place ? value : arg)));
      } catch (error) {
        const { message } = error as Error;
        expect(message, at).toMatch(/^\w+: expected .*, got /s);
        expect(message, at).not.toMatch(/\[object|undefined \(|Cannot/);
        if (name !== "initialize" && name !== "gradients")
          expect(message, at).toMatch(new RegExp(`^${name}: `));
        continue;
      }
      // What was taken makes a tensor of sensible sizes.
      expect(isFine[name]?.includes(what), `${at} was taken`).toBe(true);
      for (const n of (made as Partial<Tensor>).shape ?? [])
        expect(Number.isInteger(n) && n >= 0, `${at} made ${String((made as Tensor).shape)}`).toBe(
          true,
        );
    }
  });
}

const functions = Object.entries(exported).filter(
  (entry): entry is [string, (...args: Args) => unknown] =>
    typeof entry[1] === "function" && !inner.includes(entry[0]),
);
describe("functions", () => {
  test.each(functions)("%s", (name, of) => {
    const args = argsOf(name, of.length);
    of(...args);
    tried(name, args, Math.max(1, of.length), of);
    expect(() => of()).toThrow(new RegExp(`^${name}: expected`));
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

test("what is not a tensor is named with what to do", () => {
  expect(() => exported.add([1, 2] as never, x)).toThrow(
    "add: expected a tensor, got [1, 2]; make a tensor of it with tensor(…)",
  );
  expect(() => x.add("2" as never)).toThrow('add: expected a tensor or a number, got "2"');
  expect(() => exported.concat(x as never, x as never)).toThrow(
    "concat: expected a list of tensors, got float32 [2, 2]; put them in [ ]",
  );
  expect(() => x.matmul(x.value() as never)).toThrow(
    "matmul: expected a tensor, got float32 [2, 2]; make a tensor of it with tensor(…)",
  );
  expect(() => x.sum(0, 1 as never)).toThrow(
    "sum: expected keepDims as true or false, got 1; several axes go in a list",
  );
  expect(() => x.sum(["0"] as never)).toThrow('sum: expected an axis from -2 to 1, got "0"');
});

test("nested arrays have the shape of their nesting", () => {
  expect(() => tensor([[1, 2, 3], [4]], [2, 2])).toThrow(
    "tensor: expected rows of one length, got [3], [1]",
  );
  expect(() =>
    tensor(
      [
        [1, 2, 3],
        [4, 5, 6],
      ],
      [3, 2],
    ),
  ).toThrow(
    "tensor: expected nested arrays of shape [3, 2], got [2, 3]; give them flat, or reshape " +
      "the tensor",
  );
  expect(() =>
    tensor(
      [
        [1, 2],
        [3, 4],
      ],
      [4],
    ),
  ).toThrow("tensor: expected nested arrays of shape [4], got [2, 2]");
  expect(() => tensor([[1, [2]]] as never)).toThrow("tensor: expected rows of one length");
  expect(() => tensor([1, "2"] as never)).toThrow('tensor: expected numbers, got "2" among them');
  expect(() => tensor([1, , 3] as never)).toThrow(
    "tensor: expected numbers, got undefined among them",
  );
  expect(() => tensor([[1, null]] as never)).toThrow(
    "tensor: expected numbers, got null among them",
  );
  expect(() => tensor("12" as never)).toThrow(
    'tensor: expected a number, nested arrays of values, a typed array or { shape, data }, got "12"',
  );
  expect(() => tensor(x as never)).toThrow(
    "tensor: expected numbers, got a tensor (float32 [2, 2]); use it as it is, or its data()",
  );
  expect(() => tensor(BigInt64Array.of(1n) as never)).toThrow("got BigInt64Array(1)");
  expect(
    tensor(
      [
        [1, 2, 3],
        [4, 5, 6],
      ],
      [2, 3],
    ).shape,
  ).toEqual([2, 3]);
  expect(tensor([1, 2, 3, 4], [2, 2]).shape).toEqual([2, 2]);
  expect([
    tensor([]).shape,
    tensor([[], []]).shape,
    tensor([[], []], [2, 0]).shape,
    tensor([], [0, 3]).shape,
  ]).toEqual([[0], [2, 0], [2, 0], [0, 3]]);
});

test("indices are integers", () => {
  expect(() => exported.oneHot(tensor([0.5, 1]), 3)).toThrow(
    "oneHot: expected int32 indices, got float32; cast them",
  );
  for (const of of [
    () => x.gather(tensor([0.5])),
    () => x.takeAlong(tensor([[0, 1]]), 0),
    () => exported.scatterAdd(x, tensor([0, 1]), 2),
    () => exported.scatterAlong(x, x, 2, 0),
  ])
    expect(of).toThrow(/expected int32 indices, got float32; cast them/);
});

test("pairs are one number or two", () => {
  const kernel = ones([2, 2, 2, 3]);
  for (const pair of [[1, 2, 3], [1], [], "2", ["1", "1"], null, { 0: 1, 1: 1 }] as never[]) {
    expect(() => exported.conv2d(image, kernel, { strides: pair })).toThrow(
      /^conv2d: expected strides of integers ≥ 1, got /,
    );
    expect(() => exported.conv2d(image, kernel, { dilation: pair })).toThrow(
      /^conv2d: expected dilation of integers ≥ 1, got /,
    );
    expect(() => exported.conv2d(image, kernel, { padding: pair })).toThrow(
      /^conv2d: expected padding "valid", "same", or integers ≥ 0, got /,
    );
    expect(() => exported.maxPool2d(image, pair)).toThrow(
      /^maxPool2d: expected a window of integers ≥ 1, got /,
    );
    expect(() => exported.avgPool2d(image, 2, { strides: pair })).toThrow(
      /^avgPool2d: expected strides of integers ≥ 1, got /,
    );
  }
  for (const padding of [
    [[1, 1]],
    [
      [1, 1],
      [1, 1],
      [1, 1],
    ],
    [
      [1, 1, 1],
      [1, 1, 1],
    ],
    [
      ["1", 1],
      [1, 1],
    ],
    [[1, 1], "same"],
    "SAME",
    0.5,
    [-1, 0],
  ] as never[])
    expect(() => exported.conv2d(image, kernel, { padding })).toThrow(/^conv2d: expected padding/);
  for (const groups of [0, 1.5, "1", null, [1]] as never[])
    expect(() => exported.conv2d(image, kernel, { groups })).toThrow(
      /^conv2d: expected groups as an integer ≥ 1, got /,
    );
  expect(() => x.pad([1, 1] as never)).toThrow(
    "pad: expected [before, after] ≥ 0 for each of 2 axes, got [1, 1]",
  );
  expect(() =>
    x.pad([
      [1, 1, 1],
      [0, 0, 0],
    ] as never),
  ).toThrow("pad: expected [before, after]");
});

test("kinds are two", () => {
  for (const dtype of ["bool", "float64", "", null, 32] as never[]) {
    expect(() => x.cast(dtype)).toThrow(/^cast: expected dtype "float32" or "int32", got /);
    expect(() => tensor([1], [1], dtype)).toThrow(/^tensor: expected dtype/);
    expect(() => exported.input("x", { shape: [1], dtype })).toThrow(/^input: expected dtype/);
  }
});

test("what engines use takes no nonsense either", () => {
  for (const value of [undefined, null, 3, "2", {}, true] as never[]) {
    expect(() => exported.broadcastShapes("f", value, [2])).toThrow(/^f: expected a shape, /);
    expect(() => exported.broadcastShapes("f", [2], value)).toThrow(/^f: expected a shape, /);
    expect(() => exported.windows([4, 4], [2, 2], value)).toThrow(/^windows: expected /);
    expect(() => exported.mapLeaves({ x }, value)).toThrow(/^mapLeaves: expected a function/);
    if (typeof value !== "object" || value === null) {
      expect(() => exported.mapLeaves(value, () => 1)).toThrow(/^mapLeaves: expected tensors/);
      expect(() => exported.feeder(value)).toThrow(/^feeder: expected tensors/);
    }
  }
  expect(() => exported.average(x, scalar)).toThrow(
    "average: expected total as a scalar, got float32 [2, 2]; sum it, or take its mean",
  );
  expect(() => exported.total(x)).toThrow("total: expected sum as a scalar, got float32 [2, 2]");
});

test("arange has NumPy's bounds and steps", () => {
  const of = (...args: Args): number[] => [
    ...(arange as (...args: Args) => Tensor)(...args).data(),
  ];
  expect([
    of(3),
    of(0, 3),
    of(1, 10, 2),
    of(1, 10, 3),
    of(3, 0, -1),
    of(-2, 2),
    of(2, -3, -2),
    of(3, 3),
    of(3, 0),
    of(0, 3, -1),
    of(0),
  ]).toEqual([
    [0, 1, 2],
    [0, 1, 2],
    [1, 3, 5, 7, 9],
    [1, 4, 7],
    [3, 2, 1],
    [-2, -1, 0, 1],
    [2, 0, -2],
    [],
    [],
    [],
    [],
  ]);
  for (const args of [
    [0, 3, 0],
    [0, "3"],
    [0, 1.5],
    [0.5, 3],
    [0, 3, NaN],
    [0, 2 ** 31],
    [0, 3, {}],
  ])
    expect(() => of(...args), String(args)).toThrow(
      /^arange: expected bounds and a step other than 0 that are integers of 32 bits, got /,
    );
  expect(() => of(-1)).toThrow(/^arange: expected/);
});

test("options where there are none are refused; what map and reduce add is not", () => {
  const more = exported as unknown as Readonly<Record<string, (...args: Args) => Tensor>>;
  for (const [name, ...args] of [
    ["cumsum", x, 0],
    ["cumprod", x, 0],
    ["softmax", x, 0],
    ["logSoftmax", x, 0],
    ["matmul", x, x],
    ["gather", x, two, 0],
    ["concat", [x], 0],
    ["stack", [x], 0],
    ["roll", x, 1, 0],
    ["repeat", x, 2, 0],
  ] as const)
    expect(() => more[name]!(...args, { axis: 1 })).toThrow(
      `${name}: expected no options, got { axis: 1 }; leave them out`,
    );
  expect([...[x, x, x].reduce(exported.matmul).data()]).toEqual([37, 54, 81, 118]);
});
