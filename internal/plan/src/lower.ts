import type { Backend, Lowering, PlannedKernel, Step } from "./backend.js";
import { loopOf, operationCount } from "./fuse/loopOf.js";
import type { Fusion, Unit } from "./fuse/unit.js";
import type { Node } from "./graph/node.js";
import type { Buffer } from "./memory.js";
import { determiningNodes, type Guard } from "./state/guard.js";

/** The kernels that do a unit's work, and their operands. */
export function lower<K extends PlannedKernel>(
  unit: Unit,
  { isStored }: Fusion,
  bufferOf: (x: Node) => Buffer,
  backend: Backend<K>,
  guard?: Guard<K>,
): Step<K>[] {
  const node = unit.results[0]!;
  const lowering: Lowering = {
    unit,
    node,
    bufferOf,
    loopOf: (shape, results, stores) => loopOf(shape, results, stores, isStored),
  };
  if (unit.kind === "loop") return [loopStep(lowering, backend, guard)];
  if (node.op === "allFinite") return finiteSteps(lowering, backend);
  const { op } = unit.producer ?? node;
  const candidate = backend.kernels[op]?.find(({ fits }) => fits?.(lowering) ?? true);
  if (!candidate)
    throw new Error(
      `${backend.name}: expected an operation with a kernel, got "${op}"; run this step on the ` +
        "reference engine",
    );
  return candidate.make(lowering);
}

/** An elementwise loop, which also checks the values that are to be checked and that it has. */
function loopStep<K extends PlannedKernel>(
  { unit: { results, stores }, node, bufferOf, loopOf: fused }: Lowering,
  backend: Backend<K>,
  guard: Guard<K> | undefined,
): Step<K> {
  const { loop, inputs, positionOf } = fused(node.shape, results, stores);
  const checks = guard?.checksIn(positionOf) ?? [];
  const arrays = [...stores, ...inputs].map(bufferOf);
  const outputs = stores.map((_, i) => i);
  const step = {
    label: results.map((x) => x.op).join(" "),
    fused: operationCount(loop),
  };
  if (checks.length === 0)
    return { ...step, kernel: backend.loop(loop), operands: arrays, writes: outputs };
  return {
    ...step,
    kernel: backend.loop({ ...loop, checks }),
    operands: [...arrays, guard!.buffer],
    writes: [...outputs, arrays.length],
  };
}

/**
 * Two words that are 1, and a loop over each of the checked values that makes the first word 0 where
 * a value is not finite, the second where one is not calm.
 */
function finiteSteps<K extends PlannedKernel>(
  { node: flag, bufferOf, loopOf: fused }: Lowering,
  backend: Backend<K>,
): Step<K>[] {
  const ones = backend.loop({
    shape: [2],
    inputs: [],
    body: [{ op: "constant", value: 1, dtype: "int32" }],
    outputs: [{ node: 0 }],
  });
  const checks = determiningNodes(flag.inputs).map((x): Step<K> => {
    const { loop, inputs } = fused(x.shape, [], [x]);
    return {
      kernel: backend.loop({ ...loop, outputs: [], checks: loop.outputs.map(({ node }) => node) }),
      operands: [...inputs, flag].map(bufferOf),
      writes: [inputs.length],
      label: flag.op,
      fused: 1 + operationCount(loop),
    };
  });
  return [
    { kernel: ones, operands: [bufferOf(flag)], writes: [0], label: flag.op, fused: 0 },
    ...checks,
  ];
}
