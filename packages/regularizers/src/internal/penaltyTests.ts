import type { Penalty } from "@tenon/contracts";
import { gradients, reference, type Tensor } from "@tenon/tensor";
import { plain, type Plain } from "@tenon/testkit";

/** For tests: the value of a penalty of some vectors and matrices (rows of the same length). */
export function valueOf(
  penalty: Penalty,
  params: Readonly<Record<string, readonly number[] | readonly (readonly number[])[]>>,
): number {
  const plainly = Object.entries(params).map(([path, rows]): [string, Plain] => {
    const matrix = rows.filter((row) => typeof row !== "number");
    return [
      path,
      matrix.length > 0
        ? plain(matrix.flat(), [matrix.length, matrix[0]!.length])
        : plain(rows as readonly number[]),
    ];
  });
  return penalty.value<Plain>(Object.fromEntries(plainly)).data[0]!;
}

/** For tests: the gradient of a penalty of one row, as the tensor package takes it, in float64. */
export function gradientOf(penalty: Penalty, row: readonly number[]): number[] {
  const w = { shape: [1, row.length], dtype: "float32" as const, data: Float64Array.from(row) };
  const program = reference({ precision: "float64" }).compile(
    (state: { w: Tensor }) => ({
      state,
      outputs: { grad: gradients(penalty.value<Tensor>(state), state).w },
    }),
    { w },
    {},
  );
  return [...program.step({}).grad.data];
}
