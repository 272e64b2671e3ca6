import type { Transform } from "@tenon/contracts";
import { onArrays } from "@tenon/optimizers";
import type { Matrix } from "ml-matrix";

type Matrices = Readonly<Record<string, Matrix>>;

const entriesOf = (
  matrices: Matrices,
): Record<string, { shape: readonly [number, number]; data: Float64Array }> =>
  Object.fromEntries(
    Object.entries(matrices).map(([name, matrix]) => [
      name,
      { shape: [matrix.rows, matrix.columns], data: Float64Array.from(matrix.to1DArray()) },
    ]),
  );

/** An optimizer of ml-matrix' matrices, which it changes in place. */
export function onMatrices(
  transform: Transform,
  params: Matrices,
): (gradients: Matrices, loss?: number) => void {
  const entries = entriesOf(params);
  const optimizer = onArrays(transform, entries);
  return (gradients, loss) => {
    optimizer.step(entriesOf(gradients), loss);
    for (const [name, matrix] of Object.entries(params)) {
      const { data } = entries[name]!;
      matrix.apply((i, j) => matrix.set(i, j, data[i * matrix.columns + j]!));
    }
  };
}
