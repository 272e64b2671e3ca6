import type { NDArray } from "@tenon/contracts";
import { gradients, reference, tensor, type Tensor } from "@tenon/tensor";

// Helpers of this package's tests. Not exported, not shipped.

/** A loss and its gradient in float64. `fixed` tensors stand in the graph as constants. */
export function run(
  lossOf: (predictions: Tensor) => Tensor,
  data: readonly number[],
  shape: readonly number[] = [data.length],
): { loss: number[]; shape: readonly number[]; grad: number[] } {
  const program = reference({ precision: "float64" }).compile(
    (_: object, { x }: { x: Tensor }) => {
      const loss = lossOf(x);
      return {
        state: {},
        outputs: { loss, grad: gradients(loss.shape.length === 0 ? loss : loss.sum(), x) },
      };
    },
    {},
    { x: { shape } },
  );
  const { loss, grad } = program.step({
    x: Float64Array.from(data),
  } as never) as unknown as Record<"loss" | "grad", NDArray>;
  return { loss: Array.from(loss.data), shape: loss.shape, grad: Array.from(grad.data) };
}

/** Central differences of a scalar loss: (f(x + h) − f(x − h)) / 2h. */
export function differences(
  lossOf: (predictions: Tensor) => Tensor,
  data: readonly number[],
  shape: readonly number[] = [data.length],
  h = 1e-5,
): number[] {
  const lossMoved = (i: number, by: number): number =>
    run(
      lossOf,
      data.map((x, k) => (k === i ? x + by : x)),
      shape,
    ).loss.reduce((sum, l) => sum + l, 0);
  return data.map((_, i) => (lossMoved(i, h) - lossMoved(i, -h)) / (2 * h));
}

export const labels = (data: readonly number[], shape?: readonly number[]): Tensor =>
  tensor(Int32Array.from(data), shape);
