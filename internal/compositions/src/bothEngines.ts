import type { Engine, NDArray } from "@tenon/contracts";
import { gradients, reference, type Tensor } from "@tenon/tensor";
import { wasm } from "@tenon/wasm";
import { expect } from "vitest";

/** The engines that are compared. */
export const engines: readonly Engine<Tensor>[] = [await wasm({ threads: 1 }), reference()];

/** A float32 array of one axis. */
export const floats = (data: readonly number[]): NDArray => ({
  shape: [data.length],
  dtype: "float32",
  data: Float32Array.from(data),
});
/** A function's values and gradients on each engine. */
export function both(
  f: (x: Tensor) => Tensor,
  points: readonly number[],
): { y: number[]; grad: number[] }[] {
  return engines.map((engine) => {
    const { y, grad } = engine
      .compile(
        (state, { x }: { x: Tensor }) => ({
          state,
          outputs: { y: f(x), grad: gradients(f(x).sum(), x) },
        }),
        {},
        { x: { shape: [points.length] } },
      )
      .step({ x: floats(points) });
    return { y: [...y.data], grad: [...grad.data] };
  });
}
/** Compares values with a relative tolerance. */
export function close(
  what: string,
  got: readonly number[],
  right: readonly number[],
  relative: number,
): void {
  right.forEach((want, i) =>
    expect(
      Math.abs(got[i]! - want),
      `${what} ${i}: expected ${want}, got ${got[i]}`,
    ).toBeLessThanOrEqual(Math.max(relative * Math.abs(want), 1e-44)),
  );
}
