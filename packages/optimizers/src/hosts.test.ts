import type { ByPath } from "@tenon/contracts";
import { mathMethods, type MathFunction } from "@tenon/testkit";
import { expect, test } from "vitest";
import { adam, chain, clipByGlobalNorm, initSlots } from "./index.js";

// A tensor with the methods as TensorFlow.js 4 declares them (those of its `Tensor` that a rule
// needs): rules run on it as it is.
type TensorLike = number | readonly number[];
type MathMethods = Readonly<Record<MathFunction, <T extends TfTensor>() => T>>;
interface TfTensor extends MathMethods {
  readonly shape: number[];
  dataSync(): Float32Array;
  add<T extends TfTensor>(b: TfTensor | TensorLike): T;
  sub<T extends TfTensor>(b: TfTensor | TensorLike): T;
  mul<T extends TfTensor>(b: TfTensor | TensorLike): T;
  div<T extends TfTensor>(b: TfTensor | TensorLike): T;
  maximum<T extends TfTensor>(b: TfTensor | TensorLike): T;
  minimum<T extends TfTensor>(b: TfTensor | TensorLike): T;
  neg<T extends TfTensor>(): T;
  square<T extends TfTensor>(): T;
  sum<T extends TfTensor>(axis?: number | number[], keepDims?: boolean): T;
}

/** Vectors and scalars in float32: enough of such a tensor to run a rule. */
function tensor(shape: number[], data: ArrayLike<number>): TfTensor {
  const values = Float32Array.from(data);
  const map = <T extends TfTensor>(f: (x: number) => number): T =>
    tensor(shape, values.map(f)) as T;
  const two = <T extends TfTensor>(
    b: TfTensor | TensorLike,
    f: (x: number, y: number) => number,
  ): T => {
    const other =
      typeof b === "number" ? tensor([], [b]) : "dataSync" in b ? b : tensor([b.length], b);
    const y = other.dataSync();
    const longer = shape.length > 0 ? shape : other.shape;
    const length = longer.reduce((n, size) => n * size, 1);
    return tensor(
      longer,
      Float32Array.from({ length }, (_, i) =>
        f(values[values.length === 1 ? 0 : i]!, y[y.length === 1 ? 0 : i]!),
      ),
    ) as T;
  };
  return {
    ...(mathMethods(map) as MathMethods),
    shape,
    dataSync: () => values,
    add: (b) => two(b, (x, y) => x + y),
    sub: (b) => two(b, (x, y) => x - y),
    mul: (b) => two(b, (x, y) => x * y),
    div: (b) => two(b, (x, y) => x / y),
    maximum: (b) => two(b, Math.max),
    minimum: (b) => two(b, Math.min),
    neg: () => map((x) => -x),
    square: () => map((x) => x * x),
    sum: <T extends TfTensor>() => tensor([], [values.reduce((total, x) => total + x, 0)]) as T,
  };
}

test("a rule runs on TensorFlow.js' tensors as they are declared", () => {
  const optimizer = chain(clipByGlobalNorm(10), adam({ learningRate: 0.1 }));
  const start = initSlots(optimizer, {
    w: { shape: [2], dtype: "float32", data: Float32Array.of(1, -0.5) },
  });
  let params: ByPath<TfTensor> = { w: tensor([2], [1, -0.5]) };
  let slots: ByPath<ByPath<TfTensor>> = Object.fromEntries(
    Object.entries(start).map(([slot, { w }]) => [slot, { w: tensor([2], w!.data) }]),
  );
  [
    [0.1, -0.2],
    [0.3, 0.05],
    [-0.2, 0.4],
  ].forEach((gradient, step) => {
    const flow = optimizer.update<TfTensor>(
      { updates: { w: tensor([2], gradient) }, params, slots },
      {
        value: (schedule) => tensor([], [typeof schedule === "number" ? schedule : schedule(step)]),
      },
    );
    params = { w: params["w"]!.add(flow.updates["w"]!) };
    slots = flow.slots;
  });
  expect(params["w"]!.dataSync()[0]).toBeCloseTo(0.7824315, 5); // PyTorch's Adam
  expect(params["w"]!.dataSync()[1]).toBeCloseTo(-0.3932356, 5);
});
