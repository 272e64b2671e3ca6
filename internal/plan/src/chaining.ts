import type { Link, PlannedKernel, Step } from "./backend.js";
import type { Buffer } from "./memory.js";
import { isStep, type Entry } from "./repeated.js";

/**
 * Steps in place of others. `lasting`: buffers read after the last step, or filled before the
 * first.
 */
export type ChainSteps<K> = (
  steps: readonly Entry<K>[],
  lasting: ReadonlySet<Buffer>,
) => readonly Entry<K>[];

/**
 * Chains a step to those that read what it computes, where the engine has a kernel for all: then
 * the array between them is never written as a whole.
 *
 * @param chain one kernel in place of one and of those that alone read what it computes. Operands:
 *   the consumers', then the producer's, all without that array. Undefined if the engine has no
 *   such kernel, or if it would not be faster.
 */
export function chainsBy<K extends PlannedKernel>(
  chain: (producer: K, link: Link<K>) => K | undefined,
): ChainSteps<K> {
  return (steps, lasting) => chainSteps(steps, lasting, chain);
}

function chainSteps<K extends PlannedKernel>(
  steps: readonly Entry<K>[],
  lasting: ReadonlySet<Buffer>,
  chain: (producer: K, link: Link<K>) => K | undefined,
): Entry<K>[] {
  let result = [...steps];
  for (let i = 0; i < result.length; i++)
    for (const from of result[i]!.operands.keys()) {
      const producer = result[i]!;
      if (!isStep(producer)) break;
      const readers = chainable(result, i, from, lasting);
      const consumers = readers.map(({ step: { kernel }, to }) => ({ kernel, to }));
      const buffer = producer.operands[from]!;
      const kernel = consumers.length > 0 && chain(producer.kernel, { from, consumers, buffer });
      if (!kernel) continue;
      const parts = [...readers, { step: producer, to: from }];
      const chained = chainedStep(kernel, parts);
      result = result.flatMap((step) => {
        if (step === parts[0]!.step) return [chained];
        return parts.some((part) => part.step === step) ? [] : [step];
      });
      i--;
      break;
    }
  return result;
}

/** A step, and which of its operands is passed on. */
interface Part<K> {
  readonly step: Step<K>;
  readonly to: number;
}

/**
 * The steps that read an operand of step `i`, if nothing else does, and `i` and they may be moved
 * to the first of them; otherwise none.
 */
function chainable<K>(
  steps: readonly Entry<K>[],
  i: number,
  from: number,
  lasting: ReadonlySet<Buffer>,
): Part<K>[] {
  const producer = steps[i]!;
  const buffer = producer.operands[from]!;
  // The first step that has a buffer among its operands writes it.
  const [writer, ...readers] = steps.filter(({ operands }) => operands.includes(buffer));
  if (lasting.has(buffer) || writer !== producer || readers.length === 0) return [];
  if (!readers.every(isStep)) return [];
  // The producer moves behind the steps between them, and consumers begin before it ends: none of
  // these may use the producer's other results, nor what it reads and may be replaced.
  const others = producer.operands.filter(
    (other) =>
      other !== buffer &&
      (lasting.has(other) || !steps.slice(0, i).some(({ operands }) => operands.includes(other))),
  );
  const first = steps.indexOf(readers[0]!);
  const meet = (among: readonly Entry<K>[], used: readonly Buffer[]): boolean =>
    among.some(({ operands }) =>
      operands.some((other) => other !== buffer && used.includes(other)),
    );
  const mayMove =
    !meet([...steps.slice(i + 1, first), ...readers], others) &&
    readers.every((step) => !meet(steps.slice(first, steps.indexOf(step)), step.operands));
  const parts = readers.map((step) => ({ step, to: step.operands.indexOf(buffer) }));
  const areOnce = parts.every(({ step, to }) => step.operands.lastIndexOf(buffer) === to);
  return mayMove && areOnce ? parts : [];
}

/** The operands of the consumers, then those of the producer, all without the one passed on. */
function chainedStep<K>(kernel: K, parts: readonly Part<K>[]): Step<K> {
  const operands: Buffer[] = [];
  const writes: number[] = [];
  for (const { step, to } of parts) {
    for (const position of step.writes)
      if (position !== to) writes.push(operands.length + position - Number(position > to));
    operands.push(...step.operands.filter((_, position) => position !== to));
  }
  const inOrder = [parts.at(-1)!, ...parts.slice(0, -1)];
  return {
    kernel,
    operands,
    writes,
    label: inOrder.map(({ step }) => step.label).join(" "),
    fused: parts.reduce((sum, { step }) => sum + step.fused, 0),
  };
}
