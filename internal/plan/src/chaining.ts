import type { Backend, PlannedKernel, Step } from "./backend.js";
import type { Buffer } from "./memory.js";

/**
 * Chains a step to the only one that reads what it computes, where the engine has a kernel for
 * both: then the array between them is never written as a whole.
 *
 * @param lasting buffers that are read after the last step, or existed before the first
 */
export function chainSteps<K extends PlannedKernel>(
  steps: readonly Step<K>[],
  lasting: ReadonlySet<Buffer>,
  chain: Backend<K>["chain"],
): Step<K>[] {
  const result = [...steps];
  if (!chain) return result;
  for (let i = 0; i < result.length; i++)
    for (const from of result[i]!.operands.keys()) {
      const pair = chainable(result, i, from, lasting);
      const kernel = pair && chain(result[i]!.kernel, result[pair.consumer]!.kernel, pair);
      if (!kernel) continue;
      result[pair.consumer] = chainedStep(kernel, result[i]!, result[pair.consumer]!, pair);
      result.splice(i--, 1);
      break;
    }
  return result;
}

interface Pair {
  /** The operand that the producer passes on. */
  readonly from: number;
  /** The step that reads it, and as which operand. */
  readonly consumer: number;
  readonly to: number;
  readonly buffer: Buffer;
}

/** The step that alone reads an operand of step `i`, if `i` may be moved to it. */
function chainable<K>(
  steps: readonly Step<K>[],
  i: number,
  from: number,
  lasting: ReadonlySet<Buffer>,
): Pair | undefined {
  const producer = steps[i]!;
  const buffer = producer.operands[from]!;
  // The first step that has a buffer among its operands writes it.
  const [writer, reader, ...more] = steps.filter(({ operands }) => operands.includes(buffer));
  if (lasting.has(buffer) || writer !== producer || !reader || more.length > 0) return undefined;
  const consumer = steps.indexOf(reader);
  const { operands } = reader;
  const to = operands.indexOf(buffer);
  if (operands.lastIndexOf(buffer) !== to) return undefined;
  // The producer moves behind the steps between them, and the consumer begins before it ends: none
  // of these may use the producer's other results, nor what it reads and may be replaced.
  const others = producer.operands.filter(
    (other) =>
      other !== buffer &&
      (lasting.has(other) || !steps.slice(0, i).some(({ operands }) => operands.includes(other))),
  );
  const conflict = steps
    .slice(i + 1, consumer + 1)
    .some((step) => step.operands.some((other) => others.includes(other)));
  return conflict ? undefined : { from, consumer, to, buffer };
}

/** The operands of the consumer, then those of the producer, both without the one passed on. */
function chainedStep<K>(
  kernel: K,
  producer: Step<K>,
  consumer: Step<K>,
  { from, to }: Pick<Pair, "from" | "to">,
): Step<K> {
  const without = <V>(list: readonly V[], position: number): V[] =>
    list.filter((_, k) => k !== position);
  const written = ({ writes }: Step<K>, removed: number, offset: number): number[] =>
    writes
      .filter((position) => position !== removed)
      .map((position) => offset + position - Number(position > removed));
  return {
    kernel,
    operands: [...without(consumer.operands, to), ...without(producer.operands, from)],
    writes: [...written(consumer, to, 0), ...written(producer, from, consumer.operands.length - 1)],
    label: `${producer.label} ${consumer.label}`,
    fused: producer.fused + consumer.fused,
  };
}
