import type { Step } from "./backend.js";
import { wholeOf, type Buffer, type Repetition } from "./memory.js";

/** Steps that are repeated, as one entry of a plan. */
export interface Repeated<K> extends Omit<Step<K>, "kernel"> {
  readonly repetition: Repetition;
  readonly steps: readonly Step<K>[];
}

/** What is one after the other in a plan. Operands of `Repeated` are whole buffers. */
export type Entry<K> = Step<K> | Repeated<K>;

export const isStep = <K>(entry: Entry<K>): entry is Step<K> => !("steps" in entry);

/** Each step of a list of entries once: those that are repeated say so. */
export function withRepetitions<K>(entries: readonly Entry<K>[]): Step<K>[] {
  return entries.flatMap((entry) => {
    if (isStep(entry)) return [entry];
    const { steps, repetition } = entry;
    return steps.map((step) => ({ ...step, repetition }));
  });
}

/** All steps of a list of entries: those that are repeated are there as often as they run. */
export function writtenOut<K>(entries: readonly Entry<K>[]): Step<K>[] {
  return entries.flatMap((entry) => {
    if (isStep(entry)) return [entry];
    const { steps, repetition } = entry;
    return Array.from({ length: repetition.times }, (_, t) =>
      steps.map((step) => ({
        ...step,
        operands: step.operands.map((buffer) => moved(buffer, repetition, t)),
      })),
    ).flat();
  });
}

/**
 * A buffer as it is after some repetitions; a part of another one has moved on, and stays there.
 */
function moved(buffer: Buffer, repetition: Repetition, times: number): Buffer {
  const { bytes, part } = buffer;
  if (!part) return buffer;
  const of = moved(part.of, repetition, times);
  if (part.repetition === repetition)
    return { bytes, part: { of, at: part.at + times * part.by, by: 0 } };
  return of === part.of ? buffer : { bytes, part: { ...part, of } };
}

/**
 * The buffers of entries with the first and the last step that uses each, steps being counted once.
 */
export function* uses<K>(
  entries: readonly Entry<K>[],
): Generator<readonly [buffer: Buffer, first: number, last: number]> {
  let i = 0;
  for (const entry of entries) {
    const steps = isStep(entry) ? [entry] : entry.steps;
    for (const buffer of entry.operands) yield [wholeOf(buffer).of, i, i + steps.length - 1];
    for (const { operands } of steps) {
      for (const buffer of operands) yield [wholeOf(buffer).of, i, i];
      i++;
    }
  }
}

/** Adds the places of parts of buffers to those of whole ones. */
export function placeParts(
  steps: readonly Pick<Step<unknown>, "operands">[],
  offsets: Map<Buffer, number>,
): void {
  for (const { operands } of steps)
    for (const buffer of operands) {
      const { of, at } = wholeOf(buffer);
      if (of !== buffer) offsets.set(buffer, offsets.get(of)! + at);
    }
}
