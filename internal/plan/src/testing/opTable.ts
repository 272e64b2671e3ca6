import type { DType } from "@tenon/contracts";
import {
  concat,
  maxPool2d,
  tensor,
  topological,
  type Op,
  type ScanAttrs,
  type Tensor,
} from "@tenon/tensor";

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
      for (const { op, dtype, attrs } of tensors) {
        ops.set(`${op.name} ${dtype}`, op);
        if (op.name !== "scan") continue;
        const { body, outputs } = attrs as ScanAttrs;
        table.add(topological([...body.next, ...outputs]));
      }
    },
    names: () => [...new Set([...ops.values()].map(({ name }) => name))],
    get(name, dtype) {
      const op = ops.get(`${name} ${dtype}`);
      if (!op) throw new Error(`tiny: expected an operation of the trace, got ${name} ${dtype}`);
      return op;
    },
  };
  // The planner may multiply where the trace divides, mask pooled values in place of an image, and
  // put next to each other what the trace pads and adds.
  const x = tensor([1]);
  table.add(topological([x.mul(2), concat([x, x]), maxPool2d(x.reshape([1, 1, 1, 1]), 1)]));
  return table;
}
