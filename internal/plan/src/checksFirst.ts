import type { Buffer } from "./memory.js";
import type { Entry } from "./repeated.js";

/**
 * Moves each check of values (`allFinite`) to where the last of these values is computed: then they
 * are still in the cache. The steps that set the words to 1 come first.
 */
export function checksFirst<K>(steps: readonly Entry<K>[]): Entry<K>[] {
  const isCheck = ({ label }: Entry<K>): boolean => label === "allFinite";
  const setsWords = (step: Entry<K>): boolean => isCheck(step) && step.operands.length === 1;
  const remaining = steps.filter((step) => !setsWords(step));
  const lastUse = new Map<Buffer, number>();
  const checksAfter = new Map<number, Entry<K>[]>();
  remaining.forEach((step, i) => {
    if (!isCheck(step)) {
      for (const buffer of step.operands) lastUse.set(buffer, i);
      return;
    }
    const values = step.operands.slice(0, -1);
    const last = Math.max(-1, ...values.map((buffer) => lastUse.get(buffer) ?? -1));
    checksAfter.set(last, [...(checksAfter.get(last) ?? []), step]);
  });
  return [
    ...steps.filter(setsWords),
    ...(checksAfter.get(-1) ?? []),
    ...remaining.flatMap((step, i) => (isCheck(step) ? [] : [step, ...(checksAfter.get(i) ?? [])])),
  ];
}
