import type { AnyEngine, NDArray } from "@tenon/contracts";
import { gradients, reference, sizeOf, tensor, type Tensor } from "@tenon/tensor";
import { expect } from "vitest";

/** The inputs of the tests of one engine. */
export interface Conformance {
  /** The engine, and the reference engine. */
  engines(): readonly [AnyEngine<Tensor>, AnyEngine<Tensor>];
  /** Whether the engine has float32 below 2⁻¹²⁶. */
  readonly subnormals: boolean;
  /**
   * Runs the same function on both engines and expects the same values, relative to the largest of
   * them, or to `least` if they are differences of larger ones.
   */
  agree(
    inputs: Record<string, NDArray>,
    f: (x: Record<string, Tensor>) => Record<string, Tensor>,
    tolerance?: number,
    least?: number,
  ): Promise<void>;
}

export function conformance(
  engine: () => AnyEngine<Tensor>,
  { rounding, subnormals }: { readonly rounding: number; readonly subnormals: boolean },
): Conformance {
  const oracle = reference();
  const outputsOf = async (
    { compile }: AnyEngine<Tensor>,
    inputs: Record<string, NDArray>,
    f: (x: Record<string, Tensor>) => Record<string, Tensor>,
  ): Promise<Readonly<Record<string, NDArray>>> =>
    compile((state: Record<string, Tensor>, x) => ({ state, outputs: f(x) }), {}, inputs).step(
      inputs,
    );
  return {
    subnormals,
    engines: () => [engine(), oracle],
    async agree(inputs, f, tolerance = 2e-6, least = 1e-30) {
      const got = await outputsOf(engine(), inputs, f);
      const expected = await outputsOf(oracle, inputs, f);
      for (const [name, array] of Object.entries(expected))
        expectArray(name, got[name]!, array, rounding * tolerance, least);
    },
  };
}

function expectArray(
  name: string,
  got: NDArray,
  expected: NDArray,
  tolerance: number,
  least: number,
): void {
  expect(got.shape).toEqual(expected.shape);
  expect(got.dtype).toBe(expected.dtype);
  const magnitudes = [...expected.data].map((x) => (Number.isFinite(x) ? Math.abs(x) : 0));
  const size = Math.max(least, ...magnitudes);
  expected.data.forEach((x, i) => {
    const y = got.data[i]!;
    if (x === y || (Number.isNaN(x) && Number.isNaN(y))) return;
    expect(Math.abs(y - x) / size, `${name}[${i}]: expected ${x}, got ${y}`).toBeLessThan(
      tolerance,
    );
  });
}

export const array = (
  shape: readonly number[],
  f: (i: number) => number = (i) => Math.sin(i * 1.3 + shape.length),
): NDArray => ({
  shape,
  dtype: "float32",
  data: Float32Array.from({ length: sizeOf(shape) }, (_, i) => f(i)),
});

/** The function's values, and the gradients of a weighted sum of them. */
export const withGradients =
  (f: (x: Record<string, Tensor>) => Tensor) =>
  (x: Record<string, Tensor>): Record<string, Tensor> => {
    const y = f(x);
    const weights = tensor(
      Float32Array.from({ length: sizeOf(y.shape) }, (_, i) => Math.cos(i)),
      y.shape,
    );
    const grads = gradients(y.mul(weights).sum(), x);
    return { y, ...Object.fromEntries(Object.entries(grads).map(([name, g]) => [`d${name}`, g])) };
  };
