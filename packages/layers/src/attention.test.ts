import { expectClose, refusal } from "@tenon/testkit";
import { ones, slice, tensor } from "@tenon/tensor";
import { expect, test } from "vitest";
import * as layers from "./index.js";
import { gradcheck, startOf, wavy } from "./internal/gradcheck.js";
import { ofOneInput, run } from "./internal/testing.js";

const { multiHeadAttention, scaledDotProductAttention } = layers;

test("weights are the softmax of scaled products", () => {
  const [q, k, v] = [
    [[1, 2]],
    [
      [3, 1],
      [0, 2],
    ],
    [[5], [7]],
  ].map((rows) => tensor(rows));
  const [a, b] = [5, 4].map((score) => Math.exp(score / Math.sqrt(2))) as [number, number];
  expectClose(scaledDotProductAttention(q!, k!, v!).data(), [(5 * a + 7 * b) / (a + b)], 1e-6);
});

test("a mask, as integers or added to the scores, hides keys; causal hides those after", () => {
  const q = tensor(Array.from(wavy([3, 2]).data), [3, 2]);
  const v = tensor([[1], [2], [4]]);
  const whole = scaledDotProductAttention(q, q, v, {
    mask: tensor(
      [
        [1, 0, 0],
        [0, 1, 0],
        [0, 0, 0],
      ],
      [3, 3],
      "int32",
    ),
  });
  // The last query sees nothing, and gets the plain mean.
  expectClose(whole.data(), [1, 2, 7 / 3], 1e-6);
  const causal = scaledDotProductAttention(q, q, v, { causal: true }).data();
  const added = tensor([
    [0, -1e9, -1e9],
    [0, 0, -1e9],
    [0, 0, 0],
  ]);
  expectClose(scaledDotProductAttention(q, q, v, { mask: added }).data(), causal, 1e-6);
  expect(causal[0]).toBe(1);
});

test("gradients of attention, to itself and to a memory, with a mask", () => {
  gradcheck(multiHeadAttention(2, { causal: true }), [3, 4]);
  gradcheck(multiHeadAttention(2, { keyDim: 4, valueDim: 1, outputDim: 3, rotary: 10 }), [3, 3]);
  gradcheck(
    ofOneInput(multiHeadAttention(1), [
      [2, 2],
      [3, 4],
    ]),
    [16],
  );
  const withMask = multiHeadAttention(2);
  gradcheck(
    ofOneInput(withMask, [
      [2, 2],
      [3, 4],
      [3, 3],
      [1, 3],
    ]),
    [28],
  );
});

test("heads of queries in a row share one of keys and values, as in PyTorch", () => {
  const layer = multiHeadAttention(4, { keyDim: 2, keyValueHeads: 2, causal: true });
  const shapes = { query: 8, key: 4, value: 4, output: 4 };
  const params = Object.fromEntries(
    Object.entries(shapes).flatMap(([part, units], i) => [
      [`${part}/kernel`, wavy([part === "output" ? 8 : 4, units], i)],
      [`${part}/bias`, wavy([units], i + 10)],
    ]),
  );
  const { y, dx } = run(layer, { x: wavy([1, 3, 4]), params });
  // scaled_dot_product_attention(is_causal=True, enable_gqa=True) of PyTorch 2.15 in float64.
  const theirs = {
    y: [
      5.93119821, -9.05562144, 2.86325246, 12.6414611, 5.2637973, -6.25686203, 2.369765, 8.43043878,
      4.46085935, -5.12224951, 1.76700162, 6.9374607,
    ],
    dx: [
      8.03159893, 5.46463121, -3.69925061, -6.6923633, 4.69478, 3.17001296, -1.25760664,
      -3.52041228, 2.03586856, 1.17582793, -0.866379104, -1.9701508,
    ],
  };
  expectClose(y.data, theirs.y, 1e-8);
  expectClose(dx.data, theirs.dx, 1e-8);
  gradcheck(multiHeadAttention(2, { keyValueHeads: 1, rotary: 10 }), [2, 4]);
  expect(() => multiHeadAttention(4, { keyValueHeads: 3 })).toThrow(
    refusal("multiHeadAttention: expected keyValueHeads that divide 4 heads, got 3; use 1 or 4"),
  );
});

test("each head works on its own columns", () => {
  const layer = multiHeadAttention(2);
  const x = wavy([1, 3, 4]);
  const { params } = startOf(layer, [3, 4]);
  const eye = { shape: [4, 4], data: Array.from({ length: 16 }, (_, i) => (i % 5 === 0 ? 1 : 0)) };
  const none = { shape: [4], data: [0, 0, 0, 0] };
  const both = run(layer, {
    x,
    params: { ...params, "output/kernel": eye, "output/bias": none },
  }).y.data;
  const [q, k, v] = ["query", "key", "value"].map(
    (name) =>
      run(layers.dense(4), {
        x,
        params: { kernel: params![`${name}/kernel`]!, bias: params![`${name}/bias`]! },
      }).y,
  );
  for (const head of [0, 1]) {
    const part = ({ data }: { readonly data: ArrayLike<number> }): ReturnType<typeof tensor> =>
      tensor(
        Array.from(data).filter((_, i) => Math.floor((i % 4) / 2) === head),
        [3, 2],
      );
    expectClose(
      Array.from(both).filter((_, i) => Math.floor((i % 4) / 2) === head),
      scaledDotProductAttention(part(q!), part(k!), part(v!)).data(),
      1e-6,
    );
  }
});

test("rotated products depend on the distance of places alone", () => {
  const turned = layers
    .rotaryPositions({ base: 10 })
    .apply(tensor(Array.from({ length: 5 }, () => [0.3, -1, 2, 0.7])));
  const products = turned.matmul(turned.transpose()).data();
  for (let p = 0; p < 4; p++) expectClose([products[p * 5 + p + 1]!], [products[1]!], 1e-5);
  const [a, b] = [Math.cos(1), Math.sin(1)];
  expectClose(slice(turned, [1, 0], [2, 4]).data().slice(0, 1), [0.3 * a - 2 * b], 1e-6);
});

test("sinusoidal positions are the paper's waves; learned ones a table", () => {
  const x = { shape: [1, 3, 4], data: new Array<number>(12).fill(0) };
  expectClose(
    run(layers.sinusoidalPositions(), { x }).y.data,
    [0, 1, 2].flatMap((p) => [Math.sin(p), Math.cos(p), Math.sin(p / 100), Math.cos(p / 100)]),
  );
  gradcheck(layers.learnedPositions(), [3, 2]);
  gradcheck(layers.rotaryPositions(), [3, 4]);
});

test("names what it expected", () => {
  expect(() => multiHeadAttention(3).plan([2, 4])).toThrow(
    refusal(/multiHeadAttention: expected a size that 3 heads divide, got 4; or say a keyDim/),
  );
  expect(() => multiHeadAttention(1).plan([4])).toThrow(
    refusal(/multiHeadAttention: expected sequences \[places, size\], .* got \[4\], \[4\], \[4\]/),
  );
  expect(() =>
    multiHeadAttention(1).planAll([
      [2, 4],
      [3, 4],
      [3, 4],
      [3, 2],
    ]),
  ).toThrow(refusal("multiHeadAttention: expected a mask [2, 3] or [1, 3], got [3, 2]"));
  expect(() => multiHeadAttention(2, { keyDim: 0 })).toThrow(
    refusal("multiHeadAttention: expected keyDim as an integer ≥ 1, got 0"),
  );
  expect(() => multiHeadAttention(2, { rotary: 10 }).plan([2, 6])).toThrow(
    refusal("multiHeadAttention: expected an even keyDim, to be rotated, got 3"),
  );
  expect(() => multiHeadAttention(2, { kernelInit: "zeros" as never })).toThrow(
    refusal("multiHeadAttention: expected kernelInit as an init such as zeros()"),
  );
  const x = tensor([[1, 2]]);
  expect(() => layers.scaledDotProductAttention(x, tensor([[1]]), x)).toThrow(
    refusal(/scaledDotProductAttention: expected a query .*, got \[1, 2\], \[1, 1\], \[1, 2\]/),
  );
  expect(() => layers.sinusoidalPositions().plan([3, 3])).toThrow(
    refusal("sinusoidalPositions: expected [places, size], size even, got [3, 3]"),
  );
});

test("a mask that does not fit is refused by name", () => {
  const x = ones([1, 3, 2]);
  for (const mask of [ones([4]), ones([2, 3]), ones([1, 1, 3, 3])])
    expect(() => layers.scaledDotProductAttention(x, x, x, { mask })).toThrow(
      refusal("scaledDotProductAttention: expected a mask for scores [1, 3, 3]"),
    );
});
