import type { Buffer, Lowering, Node, Step } from "@tenon/plan";
import type { Kernel, Stages } from "../kernels/kernel.js";

/** One kernel as one step. Its operands: results, then inputs. */
export function kernelStep(
  { node, bufferOf }: Lowering,
  kernel: Kernel,
  {
    results = [node],
    inputs = node.inputs,
    label = node.op,
    fused = 1,
  }: {
    readonly results?: readonly Node[];
    readonly inputs?: readonly Node[];
    readonly label?: string;
    readonly fused?: number;
  } = {},
): Step<Kernel>[] {
  const operands = [...results, ...inputs].map(bufferOf);
  return [{ kernel, operands, writes: [...results.keys()], label, fused }];
}

/**
 * Kernels in a row, with memory for what they pass on. Operands: results, then inputs. The kernel
 * with most operations counts as the one that does the work: the others prepare for it and tidy up.
 */
export function stagedSteps(
  { node, bufferOf }: Lowering,
  { temporaries, stages }: Stages,
  {
    results = [node],
    inputs = node.inputs,
    label = node.op,
    fused = 1,
  }: {
    readonly results?: readonly Node[];
    readonly inputs?: readonly Node[];
    readonly label?: string;
    readonly fused?: number;
  } = {},
): Step<Kernel>[] {
  const arrays = [...results, ...inputs].map(bufferOf);
  const buffers = [...arrays, ...temporaries.map((bytes): Buffer => ({ bytes }))];
  const written = new Set<number>(results.keys());
  const most = Math.max(...stages.map(({ kernel }) => kernel.flops));
  return stages.map(({ kernel, operands }) => {
    // A temporary is written by the first kernel that has it, and read by later ones.
    const writes = [...operands.keys()].filter(
      (k) => operands[k]! < results.length || !written.has(operands[k]!),
    );
    return {
      kernel,
      operands: operands.map((position) => buffers[position]!),
      writes,
      label,
      fused: kernel.flops === most ? fused : 0,
    };
  });
}
