import { sizeOf } from "@tenon/tensor";
import type { Backend, Candidate } from "../backend.js";
import { reductionPrologue } from "../fuse/traits.js";
import type { OpTable } from "./opTable.js";
import { loopKernel, operation, unlessCalm, type TinyKernel } from "./tinyKernels.js";

/** The tiny engine for the planner: the limits, memory, fusions and kernels it has. */
export function tinyBackend(ops: OpTable): Backend<TinyKernel> {
  const candidate: Candidate<TinyKernel> = {
    make: (x) => ({ kernel: operation(x, ops, x.inputs) }),
  };
  /** The expression is computed to a temporary array, which is then reduced. */
  const reduction: Candidate<TinyKernel> = {
    make(x, { loopOf }) {
      const [expression] = x.inputs;
      const { loop, inputs } = loopOf(expression!.shape, [], [expression!]);
      const temporary = 1 + inputs.length;
      const loads = inputs.map((_, i) => 1 + i);
      return {
        inputs,
        kernel: {
          temporaries: [4 * sizeOf(expression!.shape)],
          stages: [
            { kernel: loopKernel(loop, ops), operands: [temporary, ...loads] },
            { kernel: operation(x, ops, [expression!]), operands: [0, temporary] },
          ],
        },
      };
    },
  };
  const { ops: reductions } = reductionPrologue;
  // The table of kernels is read while a step is planned, when its trace is known.
  const kernels = new Proxy({} as Record<string, readonly Candidate<TinyKernel>[]>, {
    get: (_, op: string) => [reductions.includes(op) ? reduction : candidate],
  });
  return {
    name: "tiny",
    limits: { maxNodes: 24, maxOperands: 8, cheap: 1 },
    memory: { alignment: 256, padding: 0, reserved: 0 },
    rules: [],
    siblings: [],
    prologues: [reductionPrologue],
    epilogues: [],
    kernels,
    loop: (loop) => loopKernel(loop, ops),
    unlessCalm,
  };
}
