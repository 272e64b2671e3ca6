import type { Backend, Lowering, PlannedKernel, Stages, Step, Work } from "./backend.js";
import { loopOf, operationCount } from "./fuse/loopOf.js";
import type { Fusion, Unit } from "./fuse/unit.js";
import type { Node } from "./graph/node.js";
import type { Buffer } from "./memory.js";
import { positionsOf, type Guard } from "./state/guard.js";

/** Which values are checked as they are computed. */
export interface Checks<K> {
  readonly guard?: Guard<K> | undefined;
  /** The values that each flag (an `allFinite`) still has to check. */
  readonly flags: ReadonlyMap<Node, Set<Node>>;
}

/** The kernels that do a unit's work, and their operands. */
export function lower<K extends PlannedKernel>(
  unit: Unit,
  { isStored }: Fusion,
  bufferOf: (x: Node) => Buffer,
  backend: Backend<K>,
  { guard, flags }: Checks<K>,
): Step<K>[] {
  const x = unit.results[0]!;
  const checking = guard ?? flagGuard(flags, bufferOf);
  const isChecked = unit.kind === "loop" || backend.checksInEpilogues;
  const lowering: Lowering = {
    unit,
    loopOf: (shape, results, stores) => loopOf(shape, results, stores, isStored),
    checksIn(positionOf) {
      const checks = (isChecked && checking?.checksIn(positionOf)) || [];
      return { checks, ...(checks.length > 0 && { words: checking!.buffer }) };
    },
  };
  if (unit.kind === "loop") return [loopStep(lowering, bufferOf, backend)];
  if (x.op === "allFinite") return finiteSteps(x, lowering, bufferOf, backend, flags.get(x)!);
  const { op } = unit.producer ?? x;
  const candidate = backend.kernels[op]?.find(({ fits }) => fits?.(x, unit) ?? true);
  if (!candidate)
    throw new Error(
      `${backend.name}: expected an operation with a kernel, got "${op}"; ` +
        (backend.elsewhere ?? "run this step on the reference engine"),
    );
  return workSteps(x, candidate.make(x, lowering), bufferOf);
}

/**
 * The steps of a unit's work, with memory for what its kernels pass on. The kernel with most
 * operations counts as the one that computes the unit: the others prepare for it and tidy up.
 */
function workSteps<K extends PlannedKernel>(
  x: Node,
  { kernel: work, results = [x], inputs = x.inputs, words, label = x.op, fused = 1 }: Work<K>,
  bufferOf: (x: Node) => Buffer,
): Step<K>[] {
  const buffers = [...[...results, ...inputs].map(bufferOf), ...(words ? [words] : [])];
  const { temporaries, stages }: Stages<K> =
    "stages" in work
      ? work
      : { temporaries: [], stages: [{ kernel: work, operands: [...buffers.keys()] }] };
  buffers.push(...temporaries.map((bytes): Buffer => ({ bytes })));
  const read = new Set([...inputs.keys()].map((i) => results.length + i));
  const most = Math.max(...stages.map(({ kernel }) => kernel.flops));
  return stages.map(({ kernel, operands }) => {
    // A temporary is written by the first kernel that has it, and read by later ones.
    const writes = [...operands.keys()].filter((i) => !read.has(operands[i]!));
    for (const position of operands) if (position >= results.length) read.add(position);
    return {
      kernel,
      operands: operands.map((position) => buffers[position]!),
      writes,
      label,
      fused: kernel.flops === most ? fused : 0,
    };
  });
}

/** An elementwise loop, which also checks the values that are to be checked and that it has. */
function loopStep<K extends PlannedKernel>(
  { unit: { results, stores }, loopOf: fused, checksIn }: Lowering,
  bufferOf: (x: Node) => Buffer,
  backend: Backend<K>,
): Step<K> {
  const { loop, inputs, positionOf } = fused(results[0]!.shape, results, stores);
  const { checks, words } = checksIn(positionOf);
  const operands = [...stores, ...inputs].map(bufferOf);
  const writes = [...stores.keys()];
  if (words) writes.push(operands.push(words) - 1);
  return {
    kernel: backend.loop(words ? { ...loop, checks } : loop),
    operands,
    writes,
    label: results.map((x) => x.op).join(" "),
    fused: operationCount(loop),
  };
}

/** A loop may check values of one flag that it computes, in place of a loop of their own. */
function flagGuard<K>(
  flags: Checks<K>["flags"],
  bufferOf: (x: Node) => Buffer,
): Pick<Guard<K>, "buffer" | "checksIn"> | undefined {
  const [first] = flags;
  if (!first) return undefined;
  const [flag, unchecked] = first;
  return {
    buffer: bufferOf(flag),
    checksIn: (positionOf) => positionsOf(unchecked, positionOf),
  };
}

/**
 * Two words that are 1, and a loop over each of the checked values that makes the first word 0
 * where a value is not finite, the second where one is not calm.
 */
function finiteSteps<K extends PlannedKernel>(
  flag: Node,
  { loopOf: fused }: Lowering,
  bufferOf: (x: Node) => Buffer,
  backend: Backend<K>,
  unchecked: ReadonlySet<Node>,
): Step<K>[] {
  const buffer = bufferOf(flag);
  const label = flag.op;
  const ones = backend.loop({
    shape: [2],
    inputs: [],
    body: [{ op: "constant", value: 1, dtype: "int32" }],
    outputs: [0],
  });
  const checks = [...unchecked].map((x): Step<K> => {
    const { loop, inputs } = fused(x.shape, [], [x]);
    return {
      kernel: backend.loop({ ...loop, outputs: [], checks: loop.outputs }),
      operands: [...inputs.map(bufferOf), buffer],
      writes: [inputs.length],
      label,
      fused: 1 + operationCount(loop),
    };
  });
  return [{ kernel: ones, operands: [buffer], writes: [0], label, fused: 0 }, ...checks];
}
