import { checkTensor } from "../internal/guards.js";
import { makeNode } from "../internal/makeNode.js";
import type { Op } from "../op.js";
import { axisOf } from "../shapes.js";
import type { Tensor } from "../tensor.js";
import type { ReduceAttrs } from "./reduce.js";

const op: Op = {
  name: "summary",
  gradient: () => [],
  evaluate(_, [x], out) {
    const [rows, columns] = x!.shape.slice(-2) as [number, number];
    const count = out.length / 4;
    for (let i = 0; i < count; i++) {
      const start = Math.floor(i / columns) * rows * columns + (i % columns);
      const values = Array.from({ length: rows }, (_, row) => x!.data[start + row * columns]!);
      const sumOf = (f: (value: number) => number): number =>
        values.reduce((sum, value) => sum + f(value), 0);
      // NaN unless all are finite.
      const mean = sumOf((value) => value + 0 * value) / rows;
      out[i] = mean;
      out[i + count] = Math.sqrt(sumOf((value) => (value - mean) ** 2) / rows);
      out[i + 2 * count] = sumOf((value) => +(value === 0));
      out[i + 3 * count] = sumOf((value) => +!Number.isFinite(value));
    }
  },
};

/**
 * Four figures of each column of matrices [… , rows, columns] → [4, …, columns]: the mean Σ x / n
 * of its n elements, their standard deviation √(Σ (x − mean)² / n), how many are zero, and how many
 * are NaN or infinite. Mean and standard deviation are right for all finite elements, also where
 * their squares would over- or underflow in float32; of others they are NaN. No gradient passes.
 *
 * @throws RangeError if `x` has fewer than two axes
 */
export function summary(x: Tensor): Tensor {
  checkTensor("summary", x);
  const axis = axisOf("summary", -2, x.shape.length);
  const shape = [4, ...x.shape.slice(0, axis), x.shape[axis + 1]!];
  const attrs: ReduceAttrs = { axes: [axis] };
  return makeNode(op, [x.cast("float32")], shape, "float32", attrs);
}
