import type { DType } from "@tenon/contracts";
import { maxPool2d, tensor, topological, type Op, type Tensor } from "@tenon/tensor";

/** Operations by their names, from the traces in which they occur. */
export interface OpTable {
  add(tensors: readonly Tensor[]): void;
  names(): readonly string[];
  /** The operation of this name whose results are of this type: there are two casts. */
  get(name: string, dtype: DType): Op;
}

export function opTable(): OpTable {
  const ops = new Map<string, Op>();
  const table: OpTable = {
    add(tensors) {
      for (const { op, dtype } of tensors) ops.set(`${op.name} ${dtype}`, op);
    },
    names: () => [...new Set([...ops.values()].map(({ name }) => name))],
    get(name, dtype) {
      const op = ops.get(`${name} ${dtype}`);
      if (!op) throw new Error(`tiny: expected an operation of the trace, got ${name} ${dtype}`);
      return op;
    },
  };
  // The planner may multiply where the trace divides, and mask pooled values in place of an image.
  table.add(topological([tensor(1).mul(2), maxPool2d(tensor(1).reshape([1, 1, 1, 1]), 1)]));
  return table;
}
