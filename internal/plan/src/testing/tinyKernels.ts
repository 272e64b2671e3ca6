import type { Elements, NDArray, Shape } from "@tenon/contracts";
import { sizeOf, type Tensor } from "@tenon/tensor";
import type { PlannedKernel } from "../backend.js";
import { access } from "../graph/access.js";
import type { Node } from "../graph/node.js";
import { calm, type Loop, type LoopInput } from "../loop.js";
import type { OpTable } from "./opTable.js";

/** The memory of an operand, as either type of element. */
export interface Operand {
  readonly float32: Float32Array;
  readonly int32: Int32Array;
}

/** A kernel that reads and writes its operands, and memory of its own while it runs. */
export interface TinyKernel extends PlannedKernel {
  /** How many operands it has, if the kernel that reads its result may be chained to it. */
  readonly chained?: number;
  run(operands: readonly Operand[], scratch: Operand): void;
}

const kernel = (flops: number, run: TinyKernel["run"], scratch = 0): TinyKernel => ({
  scratch,
  flops,
  run,
});

/** A range of an operand's elements. */
const part = ({ float32, int32 }: Operand, begin: number, end?: number): Operand => ({
  float32: float32.subarray(begin, end),
  int32: int32.subarray(begin, end),
});

/**
 * A kernel, then one that reads its output: operand `from` of the first and operand `to` of the
 * second are one array of `bytes` bytes in scratch memory. Operands: the second's, then the
 * first's, both without that array.
 *
 * @param count how many operands the first has
 */
export function inTurn(
  [first, count]: readonly [TinyKernel, number],
  second: TinyKernel,
  { from, to, bytes }: { readonly from: number; readonly to: number; readonly bytes: number },
): TinyKernel {
  const inserted = (operands: readonly Operand[], position: number, x: Operand): Operand[] => [
    ...operands.slice(0, position),
    x,
    ...operands.slice(position),
  ];
  const run: TinyKernel["run"] = (operands, scratch) => {
    const between = part(scratch, 0, bytes / 4);
    const rest = part(scratch, bytes / 4);
    const begin = operands.length - (count - 1);
    first.run(inserted(operands.slice(begin), from, between), rest);
    second.run(inserted(operands.slice(0, begin), to, between), rest);
  };
  return kernel(first.flops + second.flops, run, bytes + Math.max(first.scratch, second.scratch));
}

/**
 * Operations that read the same operands or each other's results, one after the other. Operands:
 * the results, then the inputs.
 */
export function group(results: readonly Node[], inputs: readonly Node[], ops: OpTable): TinyKernel {
  const calls = results.map((x, i) => {
    const { run } = operation(x, ops, x.inputs);
    const positions = x.inputs.map((input) => {
      const result = results.indexOf(access(input).base);
      return result >= 0 ? result : results.length + inputs.indexOf(input);
    });
    return (operands: readonly Operand[], scratch: Operand): void =>
      run(
        [i, ...positions].map((position) => operands[position]!),
        scratch,
      );
  });
  return kernel(calls.length, (operands, scratch) => {
    for (const call of calls) call(operands, scratch);
  });
}

/** An operation by its own `evaluate`. Operands: the result, then the inputs. */
export function operation(
  x: Node,
  ops: OpTable,
  inputs: readonly Pick<Node, "shape" | "dtype">[],
): TinyKernel {
  const op = ops.get(x.op, x.dtype);
  return kernel(1, ([result, ...operands]) => {
    const arrays = operands.map((operand, i): NDArray => ({
      ...inputs[i]!,
      data: operand[inputs[i]!.dtype],
    }));
    op.evaluate(x as unknown as Tensor, arrays, result![x.dtype].fill(0));
  });
}

/**
 * An elementwise loop, one body node after the other. Operands: the outputs, the inputs and, if
 * there are checks, the words that these write to.
 */
export function loopKernel(loop: Loop, ops: OpTable): TinyKernel {
  const { shape, inputs, body, outputs, checks = [] } = loop;
  return kernel(0, (operands) => {
    const arrays: NDArray[] = [];
    for (const node of body) {
      const { dtype } = node;
      const data =
        dtype === "int32" ? new Int32Array(sizeOf(shape)) : new Float32Array(sizeOf(shape));
      if (node.op === "constant") data.fill(node.value);
      else if (node.op === "load")
        gather(data, operands[outputs.length + node.input]![dtype], shape, inputs[node.input]!);
      else {
        const args = node.args.map((position) => arrays[position]!);
        ops.get(node.op, dtype).evaluate({ shape, dtype } as unknown as Tensor, args, data);
      }
      arrays.push({ shape, dtype, data });
    }
    outputs.forEach((position, i) => {
      const { dtype, data } = arrays[position]!;
      operands[i]![dtype].set(data);
    });
    const words = operands[outputs.length + inputs.length]?.int32;
    for (const position of checks) {
      const data: Elements = arrays[position]!.data;
      if (!data.every(Number.isFinite)) words![0] = 0;
      if (!data.every((x) => Math.abs(x) <= calm)) words![1] = 0;
    }
  });
}

/** Reads the elements of a shape at offset + Σ index · stride. */
function gather(to: Elements, from: Elements, shape: Shape, { strides, offset }: LoopInput): void {
  let index = 0;
  const visit = (axis: number, position: number): void => {
    if (axis === shape.length) to[index++] = from[position]!;
    else for (let i = 0; i < shape[axis]!; i++) visit(axis + 1, position + i * strides[axis]!);
  };
  if (to.length > 0) visit(0, offset);
}

/** A kernel that runs only if values are not calm, or old ones are to be kept in any case. */
export const unlessCalm = ({ run, flops, scratch }: TinyKernel): TinyKernel =>
  kernel(
    flops,
    (operands, memory) => {
      const [first, words] = operands.slice(-2);
      if (first!.int32[1] === 0 || words!.int32[2] !== 0) run(operands.slice(0, -2), memory);
    },
    scratch,
  );
