import { expect, test } from "vitest";
import * as t from "./index.js";
import { unary } from "./internal/elementwise.js";
import type { Tensor } from "./tensor.js";

test("nothing is computed before data(), and then once", () => {
  let runs = 0;
  const counting = unary("counting", (x) => {
    runs++;
    return x + 1;
  });
  const x = counting(t.tensor([1, 2]));
  expect(runs).toBe(0);
  expect(x.data()).toEqual(Float32Array.of(2, 3));
  expect(x.data()).toEqual(Float32Array.of(2, 3));
  expect(x.add(1).data()).toEqual(Float32Array.of(3, 4));
  expect(runs).toBe(2);
});

test("data() is a copy: writing into it changes nothing", () => {
  const x = t.tensor([1, 2]).mul(1);
  x.data()[0] = 9;
  (x.value().data as Float32Array)[1] = 9;
  expect(x.data()).toEqual(Float32Array.of(1, 2));
  expect(x.add(0).data()).toEqual(Float32Array.of(1, 2));
});

test("value() is shape, kind and values together", () => {
  expect(t.arange(2).reshape([2, 1]).value()).toEqual({
    shape: [2, 1],
    dtype: "int32",
    data: Int32Array.of(0, 1),
  });
});

test("item() is for one value", () => {
  expect(t.tensor([[3]]).item()).toBe(3);
  expect(() => t.tensor([1, 2]).item()).toThrow(
    "item: expected a tensor of one value, got shape [2]",
  );
});

test("a tensor describes itself, also to console.log", () => {
  const x = t.zeros([2, 3]).add(1);
  expect(String(x)).toBe("Tensor(float32 [2, 3], add)");
  expect(
    (x as unknown as Record<symbol, () => string>)[Symbol.for("nodejs.util.inspect.custom")]!(),
  ).toBe(String(x));
});

test("graphs of 100,000 operations run, and so do their gradients", () => {
  const x = t.tensor(1);
  let y = x;
  for (let i = 0; i < 100_000; i++) y = y.add(x);
  expect(y.item()).toBe(100_001);
  expect(t.gradients(y, x).item()).toBe(100_001);
  let z = x;
  for (let i = 0; i < 100_000; i++) z = z.add(1);
  expect(t.gradients(z, x).item()).toBe(1);
});

// Every method is the function of that name.
const x = t.tensor([
  [0.5, 1.5],
  [2.5, 0.25],
]);
const b = t.tensor([
  [2, 0.5],
  [1, 3],
]);
const indices = t.tensor(Int32Array.of(1, 0), [2, 1]);
const pairs: Record<string, [Tensor, Tensor]> = {
  add: [x.add(b), t.add(x, b)],
  sub: [x.sub(b), t.sub(x, b)],
  mul: [x.mul(b), t.mul(x, b)],
  div: [x.div(b), t.div(x, b)],
  pow: [x.pow(b), t.pow(x, b)],
  maximum: [x.maximum(b), t.maximum(x, b)],
  minimum: [x.minimum(b), t.minimum(x, b)],
  remainder: [x.remainder(b), t.remainder(x, b)],
  equal: [x.equal(b), t.equal(x, b)],
  notEqual: [x.notEqual(b), t.notEqual(x, b)],
  less: [x.less(b), t.less(x, b)],
  lessEqual: [x.lessEqual(b), t.lessEqual(x, b)],
  greater: [x.greater(b), t.greater(x, b)],
  greaterEqual: [x.greaterEqual(b), t.greaterEqual(x, b)],
  neg: [x.neg(), t.neg(x)],
  abs: [x.abs(), t.abs(x)],
  sign: [x.sign(), t.sign(x)],
  square: [x.square(), t.square(x)],
  sqrt: [x.sqrt(), t.sqrt(x)],
  reciprocal: [x.reciprocal(), t.reciprocal(x)],
  exp: [x.exp(), t.exp(x)],
  expm1: [x.expm1(), t.expm1(x)],
  log: [x.log(), t.log(x)],
  log1p: [x.log1p(), t.log1p(x)],
  tanh: [x.tanh(), t.tanh(x)],
  sigmoid: [x.sigmoid(), t.sigmoid(x)],
  round: [x.round(), t.round(x)],
  relu: [x.relu(), t.relu(x)],
  clamp: [x.clamp(0.5, 2), t.clamp(x, 0.5, 2)],
  cast: [x.cast("int32"), t.cast(x, "int32")],
  detach: [x.detach(), t.detach(x)],
  sum: [x.sum(0, true), t.sum(x, 0, true)],
  mean: [x.mean(0, true), t.mean(x, 0, true)],
  max: [x.max(0, true), t.max(x, 0, true)],
  min: [x.min(0, true), t.min(x, 0, true)],
  softmax: [x.softmax(0), t.softmax(x, 0)],
  logSoftmax: [x.logSoftmax(0), t.logSoftmax(x, 0)],
  where: [x.where(x.greater(1), b), t.where(x.greater(1), x, b)],
  matmul: [x.matmul(b), t.matmul(x, b)],
  reshape: [x.reshape([4]), t.reshape(x, [4])],
  transpose: [x.transpose([1, 0]), t.transpose(x, [1, 0])],
  broadcastTo: [x.broadcastTo([2, 2, 2]), t.broadcastTo(x, [2, 2, 2])],
  expandDims: [x.expandDims(1), t.expandDims(x, 1)],
  squeeze: [x.expandDims(1).squeeze(1), t.squeeze(x.expandDims(1), 1)],
  gather: [x.gather(indices, 1), t.gather(x, indices, 1)],
  takeAlong: [x.takeAlong(indices, 1), t.takeAlong(x, indices, 1)],
};

test.each(Object.entries(pairs))("x.%s(…) is the function of that name", (_, [method, free]) =>
  expect(method.value()).toEqual(free.value()),
);

test("and each of them was compared", () => {
  const methods = Object.keys(Object.getPrototypeOf(x) as object).filter(
    (name) => !["data", "value", "item", "toString"].includes(name),
  );
  expect(Object.keys(pairs).sort()).toEqual(methods.sort());
});
