import { sizeOf } from "@tenon/tensor";
import type { Backend, Candidate } from "../backend.js";
import { checksFirst } from "../checksFirst.js";
import { chainsBy } from "../chaining.js";
import { maxPoolGroup, scanGroup } from "../fuse/siblings.js";
import { epiloguesBy } from "../fuse/epilogues.js";
import { reductionPrologue, unpoolEpilogue, type Epilogue } from "../fuse/traits.js";
import { access } from "../graph/access.js";
import { padsAsConcat } from "../rewrite/padsAsConcat.js";
import { maskUnpooled } from "../rewrite/unpool.js";
import { writtenOutScans } from "../scanSteps.js";
import { undoableSteps } from "../state/undoableSteps.js";
import type { OpTable } from "./opTable.js";
import {
  group,
  inTurn,
  loopKernel,
  operation,
  unlessCalm,
  type TinyKernel,
} from "./tinyKernels.js";

/** The loop that alone reads a matrix product is computed behind it. */
const matmulEpilogue: Epilogue = { op: "matmul", fits: () => true, reads: () => true };

/** The tiny engine for the planner: the limits, memory, fusions and kernels it has. */
export function tinyBackend(ops: OpTable): Backend<TinyKernel> {
  /** An operation, with its siblings if it has any. */
  const candidate: Candidate<TinyKernel> = {
    make(x, { unit: { results } }) {
      if (results.length === 1) {
        const kernel = operation(x, ops, x.inputs);
        // A convolution is chained to whatever alone reads it.
        return { kernel: x.op === "conv2d" ? { ...kernel, chained: 1 + x.inputs.length } : kernel };
      }
      const read = new Set(results.flatMap(({ inputs }) => inputs));
      const inputs = [...read].filter((input) => !results.includes(access(input).base));
      return {
        kernel: group(results, inputs, ops),
        results,
        inputs,
        label: results.map(({ op }) => op).join(" "),
        fused: results.length,
      };
    },
  };
  /** An operation to scratch memory, then the loop that reads it. */
  const epilogue: Candidate<TinyKernel> = {
    fits: (_, { producer }) => producer !== undefined,
    make(x, { unit: { producer, stores }, loopOf }) {
      const { op, inputs: read, shape } = producer!;
      const { loop, inputs } = loopOf(x.shape, [x], stores);
      const position = inputs.indexOf(producer!);
      return {
        kernel: inTurn([operation(producer!, ops, read), 1 + read.length], loopKernel(loop, ops), {
          from: 0,
          to: 1 + position,
          bytes: 4 * sizeOf(shape),
        }),
        inputs: [...inputs.filter((_, i) => i !== position), ...read],
        label: `${op} ${x.op}`,
        fused: 2,
      };
    },
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
    get: (_, op: string) => (reductions.includes(op) ? [reduction] : [epilogue, candidate]),
  });
  return {
    name: "tiny",
    limits: { maxNodes: 24, maxOperands: 8, cheap: 1 },
    memory: { alignment: 256, padding: 0, reserved: 0 },
    scans: writtenOutScans,
    checksFirst,
    rules: [padsAsConcat, maskUnpooled],
    siblings: [scanGroup, maxPoolGroup],
    prologues: [reductionPrologue],
    epilogues: epiloguesBy([unpoolEpilogue, matmulEpilogue]),
    kernels,
    loop: (loop) => loopKernel(loop, ops),
    undo: undoableSteps(unlessCalm),
    chain: chainsBy(
      (producer, { from, consumers: [{ kernel, to }, ...more], buffer: { bytes } }) =>
        producer.chained === undefined || more.length > 0
          ? undefined
          : inTurn([producer, producer.chained], kernel, { from, to, bytes }),
    ),
  };
}
