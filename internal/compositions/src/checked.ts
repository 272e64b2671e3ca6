import type { ByPath, Engine, NDArray } from "@tenon/contracts";
import {
  gradients,
  leaves,
  mapLeaves,
  reference,
  sizeOf,
  tensor,
  type Tensor,
} from "@tenon/tensor";
import { expect } from "vitest";
import { engines } from "./bothEngines.js";

/** A function of tensors by name; what it gives is a tensor, or a tree of them. */
export type Traced = (given: ByPath<Tensor>) => object;

/** Values without pattern in (0.1, 0.9), all different. */
export const spread = (shape: readonly number[], from = 1): NDArray => ({
  shape,
  dtype: "float32",
  data: Float64Array.from(
    { length: sizeOf(shape) },
    (_, i) => 0.1 + 0.8 * (((i + from) * Math.SQRT2) % 1) ** 2,
  ),
});

/** The same, in (−1, 1) and not close to 0. */
export const signed = (shape: readonly number[], from = 1): NDArray => ({
  ...spread(shape, from),
  data: spread(shape, from).data.map((x: number, i: number) => (i % 2 === 0 ? x : -x)),
});

export const integers = (...data: number[]): NDArray => ({
  shape: [data.length],
  dtype: "int32",
  data: Int32Array.from(data),
});

export const scalar = (value: number): NDArray => ({ ...integers(value), shape: [] });

/**
 * Expects that both engines compute the same values and gradients of a function, and that its
 * gradients in float64 are those of central differences.
 *
 * @param differentiable whether it has the gradients that differences show: `detach` has not
 */
export function checked(f: Traced, inputs: ByPath<NDArray>, differentiable = true): void {
  const [ours, theirs] = engines.map((engine) => program(engine, f, inputs)(inputs));
  expect(Object.keys(ours!)).toEqual(Object.keys(theirs!));
  for (const [name, { shape, dtype, data }] of Object.entries(theirs!)) {
    const got = ours![name]!;
    expect([name, got.shape, got.dtype]).toEqual([name, shape, dtype]);
    const largest = Math.max(1, ...Array.from(data, Math.abs).filter(Number.isFinite));
    expectWithin(got.data, data, dtype === "int32" ? 0 : 2e-5 * largest, name);
  }
  if (differentiable) checkGradients(f, inputs);
}

function checkGradients(f: Traced, inputs: ByPath<NDArray>): void {
  const run = program(reference({ precision: "float64" }), f, inputs);
  const exact = run(inputs);
  const h = 1e-5;
  for (const [name, array] of Object.entries(inputs)) {
    const gradient = exact[`gradient of ${name}`];
    if (!gradient) continue;
    const differences = Array.from(array.data, (_, i) => {
      const [up, down] = [h, -h].map((by) => {
        const data = Float64Array.from(array.data, (x, k) => (k === i ? x + by : x));
        return run({ ...inputs, [name]: { ...array, data } })["loss"]!.data[0]!;
      });
      return (up! - down!) / (2 * h);
    });
    const largest = Math.max(1, ...differences.map(Math.abs));
    expectWithin(gradient.data, differences, 1e-6 * largest, `gradient of ${name} in float64`);
  }
}

/** All that a function gives by name, a weighted sum of it, and the gradients of that sum. */
function program(
  engine: Engine<Tensor>,
  f: Traced,
  inputs: ByPath<NDArray>,
): (inputs: ByPath<NDArray>) => ByPath<NDArray> {
  const floats = Object.keys(inputs).filter((name) => inputs[name]!.dtype === "float32");
  const { step } = engine.compile(
    (state: object, fed: ByPath<Tensor>) => {
      const outputs = Object.fromEntries(leaves<Tensor>(f(fed) as never, "y"));
      const loss = Object.values(outputs)
        .filter(({ dtype }) => dtype === "float32")
        .reduce((sum, y) => sum.add(y.mul(weightsOf(y)).sum()), tensor(0));
      const grads = gradients(loss, Object.fromEntries(floats.map((name) => [name, fed[name]!])));
      const named = floats.map((name) => [`gradient of ${name}`, grads[name]!]);
      return { state, outputs: { ...outputs, loss, ...Object.fromEntries(named) } };
    },
    {},
    mapLeaves(inputs as never, ({ shape, dtype }: NDArray) => ({ shape, dtype })) as never,
  );
  return (given) => step(given as never) as ByPath<NDArray>;
}

/** Weights, so that no gradient hides in a sum that is always the same. */
const weightsOf = ({ shape }: Tensor): Tensor =>
  tensor(
    Float64Array.from({ length: sizeOf(shape) }, (_, i) => Math.cos(i)),
    shape,
  );

function expectWithin(
  got: ArrayLike<number>,
  right: ArrayLike<number>,
  tolerance: number,
  what: string,
): void {
  for (let i = 0; i < right.length; i++) {
    const [one, other] = [got[i]!, right[i]!];
    if (one === other || (Number.isNaN(one) && Number.isNaN(other))) continue;
    expect(Math.abs(one - other), `${what} ${i}: ${one}, ${other}`).toBeLessThanOrEqual(tolerance);
  }
}
