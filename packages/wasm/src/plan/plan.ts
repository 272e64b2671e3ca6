import { sizeOf } from "@tenon/tensor";
import type { Kernel } from "../kernels/kernel.js";
import type { PlanView, StepView } from "../view.js";
import { access } from "./access.js";
import { fuse } from "./fuse.js";
import { guardOf, keeper, unseen, type Watched } from "./guard.js";
import type { Ir } from "./ir.js";
import { isLeaf } from "./kinds.js";
import { copyKernel, lower } from "./lower.js";
import { aligned, layOut, type Buffer, type Lifetime } from "./memory.js";
import { arrange, type StateChange } from "./order.js";
import { passOn } from "./passOn.js";

/** One call of a kernel. */
export interface Step extends StepView {
  readonly kernel: Kernel;
}

/** All that a step does, as data: which kernels run in which order on which memory. */
export interface Plan extends PlanView {
  readonly steps: readonly Step[];
  /** Where a value of the record lies: inputs, constants, schedules, state, outputs. */
  bufferOf(x: Ir): Buffer;
  /** Constants and schedules that must be written before the step can run. */
  readonly leaves: readonly Ir[];
  /** Where old values of a watched state are kept. */
  readonly copies: readonly Buffer[];
}

/** Plans a step: what is fused, in which order it runs, where everything lies. */
export function plan(
  changes: readonly StateChange[],
  outputs: readonly Ir[],
  inputs: readonly Ir[],
  watched?: Watched,
): Plan {
  const wanted = [...changes.map((change) => change.after), ...outputs];
  let fusion = fuse(wanted);
  if (watched) fusion = fuse([...wanted, ...unseen(watched.numbers, fusion)]);
  const { units, inPlace, copies } = arrange(fusion, changes);

  const buffers = new Map<Ir, Buffer>();
  const leaves: Ir[] = [];
  const bufferOf = (value: Ir): Buffer => {
    const { base } = access(value);
    const x = inPlace.get(base) ?? base;
    let buffer = buffers.get(x);
    if (!buffer) {
      buffers.set(x, (buffer = { bytes: 4 * sizeOf(x.shape) }));
      if (isLeaf(x.op)) leaves.push(x);
    }
    return buffer;
  };
  const guard = watched && guardOf(watched, bufferOf);
  const keeping = watched && watched.states.length > 0 ? keeper(watched, bufferOf) : undefined;
  const alone: Step[] = [
    ...units.flatMap((unit) => [
      ...lower(unit, fusion, bufferOf, guard),
      ...(keeping && unit.results[0] === watched?.first ? [keeping.step] : []),
    ]),
    ...(guard?.rest() ?? []),
    ...copies.map(({ before, after }) => ({
      kernel: copyKernel(before.shape),
      operands: [bufferOf(before), bufferOf(after)],
      label: "copy of state",
      fused: 1,
    })),
  ];

  for (const x of [...changes.map((change) => change.before), ...inputs]) bufferOf(x);
  const kept = new Set([...outputs.map(bufferOf), ...(keeping?.copies ?? [])]);
  const steps = passOn(soon(alone), new Set([...leaves.map(bufferOf), ...kept]));

  // What must outlast the step lies first; the rest shares what is left, by lifetime.
  const offsets = new Map<Buffer, number>();
  let bytes = 64; // before them a kernel that fails says why (`badIndexIn`)
  for (const x of leaves) {
    const buffer = bufferOf(x);
    offsets.set(buffer, bytes);
    bytes += aligned(buffer.bytes);
  }
  const lives = new Map<Buffer, { buffer: Buffer; first: number; last: number }>();
  steps.forEach(({ operands }, at) => {
    for (const buffer of operands) {
      if (offsets.has(buffer)) continue;
      const life = lives.get(buffer) ?? { buffer, first: at, last: at };
      lives.set(buffer, { ...life, last: kept.has(buffer) ? steps.length : at });
    }
  });
  const arena = layOut([...lives.values()] satisfies Lifetime[]);
  for (const [buffer, offset] of arena.offsets) offsets.set(buffer, bytes + offset);
  bytes += arena.bytes;
  const scratch = bytes;
  const scratchBytes = aligned(Math.max(0, ...steps.map((step) => step.kernel.scratch)));
  bytes += scratchBytes;
  return {
    steps,
    offsets,
    bufferOf,
    copies: keeping?.copies ?? [],
    leaves: leaves.filter((x) => x.op === "constant" || x.op === "schedule"),
    scratch,
    scratchBytes,
    bytes,
  };
}

/**
 * Looks at numbers (`allFinite`) come as soon as the numbers are made: then they are still in the
 * cache. What looks at nothing makes the word that they write to.
 */
function soon(steps: readonly Step[]): Step[] {
  const result: Step[] = [];
  const madeAt = new Map<Buffer, number>();
  const looks = (step: Step): boolean => step.label === "allFinite";
  const first = steps.filter((step) => looks(step) && step.operands.length === 1);
  const rest = steps.filter((step) => !first.includes(step));
  const waiting = new Map<number, Step[]>();
  rest.forEach((step, at) => {
    if (!looks(step)) for (const buffer of step.operands) madeAt.set(buffer, at);
    else {
      const last = Math.max(
        -1,
        ...step.operands.slice(0, -1).map((buffer) => madeAt.get(buffer) ?? -1),
      );
      waiting.set(last, [...(waiting.get(last) ?? []), step]);
    }
  });
  result.push(...first, ...(waiting.get(-1) ?? []));
  rest.forEach((step, at) => {
    if (!looks(step)) result.push(step, ...(waiting.get(at) ?? []));
  });
  return result;
}
