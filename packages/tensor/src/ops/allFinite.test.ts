import { expect, test } from "vitest";
import { allFinite, gradients, reference, tensor, type Tensor } from "../index.js";

const value = (...x: readonly Tensor[]): unknown =>
  reference()
    .compile(() => ({ state: {}, outputs: { y: allFinite(x) } }), {}, {})
    .step({}).y;

test("is 1 if all values of all tensors are finite, else 0", () => {
  expect(
    value(
      tensor([1, 2, 3]),
      tensor([
        [0, -0],
        [1e38, 1e-45],
      ]),
    ),
  ).toEqual({ shape: [], dtype: "int32", data: Int32Array.of(1) });
  for (const x of [NaN, Infinity, -Infinity])
    expect(value(tensor([1, 2]), tensor([[0, x]]))).toMatchObject({ data: Int32Array.of(0) });
  expect(value()).toMatchObject({ data: Int32Array.of(1) });
});

test("no gradient flows through it", () => {
  const x = tensor([1, 2]);
  expect(
    reference()
      .compile(
        () => ({ state: {}, outputs: gradients(x.mul(allFinite([x])).sum(), { x }) }),
        {},
        {},
      )
      .step({}).x.data,
  ).toEqual(Float32Array.of(1, 1));
});
