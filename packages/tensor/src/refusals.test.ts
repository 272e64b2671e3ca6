import { refusal } from "@tenon/testkit";
import { expect, test } from "vitest";
import * as exported from "./index.js";
import { arange, ones, pad, tensor, type Tensor } from "./index.js";

// Single wrong arguments, each with its whole message.

const x = tensor([
  [1, 2],
  [3, 4],
]);
const image = ones([1, 4, 4, 2]);
const two = arange(2);
const scalar = tensor(1, [], "int32");
type Args = readonly unknown[];

test("a value that is not a tensor is named, with what to do", () => {
  expect(() => exported.add([1, 2] as never, x)).toThrow(
    refusal("add: expected a tensor, got [1, 2]; make a tensor of it with tensor(…)"),
  );
  expect(() => x.add("2" as never)).toThrow(refusal('add: expected a tensor or a number, got "2"'));
  expect(() => exported.concat(x as never, x as never)).toThrow(
    refusal("concat: expected a list of tensors, got float32 [2, 2]; put them in [ ]"),
  );
  expect(() => x.matmul(x.value() as never)).toThrow(
    refusal("matmul: expected a tensor, got float32 [2, 2]; make a tensor of it with tensor(…)"),
  );
  expect(() => x.sum(0, 1 as never)).toThrow(
    refusal("sum: expected keepDims as true or false, got 1; several axes go in a list"),
  );
  expect(() => x.sum(["0"] as never)).toThrow(
    refusal('sum: expected an axis from -2 to 1, got "0"'),
  );
});

test("nested arrays have the shape of their nesting", () => {
  expect(() => tensor([[1, 2, 3], [4]], [2, 2])).toThrow(
    refusal("tensor: expected rows of one length, got [3], [1]"),
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
    refusal(
      "tensor: expected nested arrays of shape [3, 2], got [2, 3]; give them flat, or reshape " +
        "the tensor",
    ),
  );
  expect(() =>
    tensor(
      [
        [1, 2],
        [3, 4],
      ],
      [4],
    ),
  ).toThrow(refusal("tensor: expected nested arrays of shape [4], got [2, 2]"));
  expect(() => tensor([[1, [2]]] as never)).toThrow(refusal("tensor: expected rows of one length"));
  expect(() => tensor([1, "2"] as never)).toThrow(
    refusal('tensor: expected numbers, got "2" among them'),
  );
  expect(() => tensor([1, , 3] as never)).toThrow(
    refusal("tensor: expected numbers, got undefined among them"),
  );
  expect(() => tensor([[1, null]] as never)).toThrow(
    refusal("tensor: expected numbers, got null among them"),
  );
  expect(() => tensor("12" as never)).toThrow(
    refusal(
      'tensor: expected a number, nested arrays of values, a typed array or { shape, data }, got "12"',
    ),
  );
  expect(() => tensor(x as never)).toThrow(
    refusal(
      "tensor: expected numbers, got a tensor (float32 [2, 2]); use it as it is, or its data()",
    ),
  );
  expect(() => tensor(BigInt64Array.of(1n) as never)).toThrow(refusal("got BigInt64Array(1)"));
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
    refusal("oneHot: expected int32 indices, got float32; cast them"),
  );
  for (const call of [
    () => x.gather(tensor([0.5])),
    () => x.takeAlong(tensor([[0, 1]]), 0),
    () => exported.scatterAdd(x, tensor([0, 1]), 2),
    () => exported.scatterAlong(x, x, 2, 0),
  ])
    expect(call).toThrow(refusal(/expected int32 indices, got float32; cast them/));
});

test("pairs are one integer or two", () => {
  const kernel = ones([2, 2, 2, 3]);
  for (const pair of [[1, 2, 3], [1], [], "2", ["1", "1"], null, { 0: 1, 1: 1 }] as never[]) {
    expect(() => exported.conv2d(image, kernel, { strides: pair })).toThrow(
      refusal(/^conv2d: expected strides of integers ≥ 1, got /),
    );
    expect(() => exported.conv2d(image, kernel, { dilation: pair })).toThrow(
      refusal(/^conv2d: expected dilation of integers ≥ 1, got /),
    );
    expect(() => exported.conv2d(image, kernel, { padding: pair })).toThrow(
      refusal(/^conv2d: expected padding "valid", "same", or integers ≥ 0, got /),
    );
    expect(() => exported.maxPool2d(image, pair)).toThrow(
      refusal(/^maxPool2d: expected a window of integers ≥ 1, got /),
    );
    expect(() => exported.avgPool2d(image, 2, { strides: pair })).toThrow(
      refusal(/^avgPool2d: expected strides of integers ≥ 1, got /),
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
    expect(() => exported.conv2d(image, kernel, { padding })).toThrow(
      refusal(/^conv2d: expected padding/),
    );
  for (const groups of [0, 1.5, "1", null, [1]] as never[])
    expect(() => exported.conv2d(image, kernel, { groups })).toThrow(
      refusal(/^conv2d: expected groups as an integer ≥ 1, got /),
    );
  expect(() => pad(x, [1, 1] as never)).toThrow(
    refusal("pad: expected [before, after] ≥ 0 for each of 2 axes, got [1, 1]"),
  );
  expect(() =>
    pad(x, [
      [1, 1, 1],
      [0, 0, 0],
    ] as never),
  ).toThrow(refusal("pad: expected [before, after]"));
});

test("there are two dtypes", () => {
  for (const dtype of ["bool", "float64", "", null, 32] as never[]) {
    expect(() => x.cast(dtype)).toThrow(
      refusal(/^cast: expected dtype "float32" or "int32", got /),
    );
    expect(() => tensor([1], [1], dtype)).toThrow(refusal(/^tensor: expected dtype/));
    expect(() => exported.input("x", { shape: [1], dtype })).toThrow(
      refusal(/^input: expected dtype/),
    );
  }
});

test("functions for engines check their arguments too", () => {
  for (const value of [undefined, null, 3, "2", {}, true] as never[]) {
    expect(() => exported.broadcastShapes("f", value, [2])).toThrow(
      refusal(/^f: expected a shape, /),
    );
    expect(() => exported.broadcastShapes("f", [2], value)).toThrow(
      refusal(/^f: expected a shape, /),
    );
    expect(() => exported.windows([4, 4], [2, 2], value)).toThrow(refusal(/^windows: expected /));
    expect(() => exported.mapLeaves({ x }, value)).toThrow(
      refusal(/^mapLeaves: expected a function/),
    );
    if (typeof value !== "object" || value === null) {
      expect(() => exported.mapLeaves(value, () => 1)).toThrow(
        refusal(/^mapLeaves: expected tensors/),
      );
      expect(() => exported.feeder(value)).toThrow(refusal(/^feeder: expected tensors/));
    }
  }
  expect(() => exported.average(x, scalar)).toThrow(
    refusal("average: expected total as a scalar, got float32 [2, 2]; sum it, or take its mean"),
  );
  expect(() => exported.total(x)).toThrow(
    refusal("total: expected sum as a scalar, got float32 [2, 2]"),
  );
});

test("who uses indices is said in words, and an engine repeats them", () => {
  for (const use of [
    null,
    5,
    true,
    "loss",
    { axis: 1 },
    { by: 3 },
    { by: "f", axis: 1 },
  ] as never[]) {
    const refused = (name: string): Error =>
      refusal(`${name}: expected words { by, indices, limit, shape }, got `);
    expect(() => exported.gather(x, two, 0, use)).toThrow(refused("gather"));
    expect(() => exported.takeAlong(x, two.reshape([1, 2]), 0, use)).toThrow(refused("takeAlong"));
  }
  const words = { by: "lookUp", indices: "words", limit: "the size of the vocabulary" };
  const found = (y: Tensor) => () => y.data();
  const [row, grid] = [tensor([0, 7], [2], "int32"), tensor([0, 1, 1, -2], [2, 2], "int32")];
  expect(found(x.gather(row, 0, words))).toThrow(
    refusal(
      "lookUp: expected words below 2, the size of the vocabulary, got 7 at [1]; give words from " +
        "0 to 1. Nothing was changed",
    ),
  );
  expect(found(x.takeAlong(grid, 1))).toThrow(
    refusal(
      "takeAlong: expected indices below 2, the size of the axis, got -2 at [1, 1]; give indices " +
        "from 0 to 1. Nothing was changed",
    ),
  );
  // What a gradient alone computes is refused in the same words.
  const gradient = exported.gradients(x.gather(row, 0, words).sum(), x);
  expect(found(gradient)).toThrow(refusal("lookUp: expected words below 2, the size of the"));
});

test("arange has NumPy's bounds and steps", () => {
  const values = (...args: Args): number[] => [
    ...(arange as (...args: Args) => Tensor)(...args).data(),
  ];
  expect([
    values(3),
    values(0, 3),
    values(1, 10, 2),
    values(1, 10, 3),
    values(3, 0, -1),
    values(-2, 2),
    values(2, -3, -2),
    values(3, 3),
    values(3, 0),
    values(0, 3, -1),
    values(0),
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
    expect(() => values(...args), String(args)).toThrow(
      refusal(
        /^arange: expected bounds and a step other than 0 that are integers of 32 bits, got /,
      ),
    );
  expect(() => values(-1)).toThrow(refusal(/^arange: expected/));
});

test("options of functions without options are refused; the arguments that map and reduce add are not", () => {
  const more = exported as unknown as Readonly<Record<string, (...args: Args) => Tensor>>;
  for (const [name, ...args] of [
    ["cumsum", x, 0],
    ["cumprod", x, 0],
    ["softmax", x, 0],
    ["logSoftmax", x, 0],
    ["matmul", x, x],
    ["concat", [x], 0],
    ["stack", [x], 0],
    ["roll", x, 1, 0],
    ["repeat", x, 2, 0],
    ["exp", x],
    ["asinh", x],
    ["rsqrt", x],
    ["maximum", x, 2],
  ] as const)
    expect(() => more[name]!(...args, { axis: 1 })).toThrow(
      refusal(`${name}: expected no options, got { axis: 1 }; leave them out`),
    );
  expect([...[x, x, x].reduce(exported.matmul).data()]).toEqual([37, 54, 81, 118]);
});
