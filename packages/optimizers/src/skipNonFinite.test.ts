import { expect, test } from "vitest";
import { adam, chain, onArrays, sgd, skipNonFinite, zeroNans } from "./index.js";

const steps = (
  transform: Parameters<typeof onArrays>[0],
  gradients: readonly { readonly a: number; readonly b: number }[],
) => {
  const w = { a: Float64Array.of(1), b: Float64Array.of(1) };
  const optimizer = onArrays(transform, w);
  const seen = gradients.map(({ a, b }) => {
    optimizer.step({ a: Float64Array.of(a), b: Float64Array.of(b) });
    return [w.a[0], w.b[0]];
  });
  const slot = (name: string, path: "a" | "b"): number =>
    optimizer.state().slots[name]![path]!.data[0]!;
  return { seen, slot };
};

test("a step with a gradient that is not finite moves nothing, and says whose it was", () => {
  const { seen, slot } = steps(skipNonFinite(sgd({ learningRate: 1 })), [
    { a: 0.5, b: 0.25 },
    { a: NaN, b: 1 },
    { a: 1, b: -Infinity },
    { a: NaN, b: 1 },
    { a: 0.5, b: 0.25 },
  ]);
  expect(seen).toEqual([
    [0.5, 0.75],
    [0.5, 0.75],
    [0.5, 0.75],
    [0.5, 0.75],
    [0, 0.5],
  ]);
  expect(slot("skipNonFinite/steps", "a")).toBe(2);
  expect(slot("skipNonFinite/steps", "b")).toBe(1);
  expect(slot("skipNonFinite/inARow", "a")).toBe(0);
});

test("slots of the transform stay, too", () => {
  const { slot } = steps(skipNonFinite(adam()), [
    { a: 1, b: 1 },
    { a: NaN, b: 1 },
  ]);
  expect(slot("scaleByAdam/m", "b")).toBeCloseTo(0.1, 12);
});

test("after as many as are allowed a step is taken whatever it is", () => {
  const { seen } = steps(skipNonFinite(sgd({ learningRate: 1 }), { most: 1 }), [
    { a: Infinity, b: 0.5 },
    { a: Infinity, b: 0.5 },
  ]);
  expect(seen).toEqual([
    [1, 1],
    [-Infinity, 0.5],
  ]);
});

test("NaN becomes 0, counted by parameter; infinities stay", () => {
  const { seen, slot } = steps(chain(zeroNans(), sgd({ learningRate: 1 })), [
    { a: NaN, b: 0.5 },
    { a: NaN, b: NaN },
    { a: Infinity, b: 0.5 },
  ]);
  expect(seen).toEqual([
    [1, 0.5],
    [1, 0.5],
    [-Infinity, 0],
  ]);
  expect(slot("zeroNans/steps", "a")).toBe(2);
  expect(slot("zeroNans/steps", "b")).toBe(1);
});
