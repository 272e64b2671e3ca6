import { highestLoss, lossAt } from "./losses.js";
import type { Norms, RunRecord } from "../record.js";

/**
 * A gradient that is ten times as long as the values it belongs to: with the usual rates of plain
 * gradient descent, 0.01 to 0.1, a step changes the values by a tenth or all of their size.
 */
const longest = 10;
/** And it does change them so; where gradients are clipped or normalized, it does not. */
const largestUpdate = 0.1;
/** A loss that is this multiple of the first had risen before. */
const risen = 1.5;
/** A gradient whose norm is this multiple of that of the observed step before is sudden. */
const jump = 10;

export interface Explosion {
  /** Among the observed steps. */
  readonly index: number;
  /**
   * Whether it was so in the first step, or came from one observed step to the next while the loss
   * was as usual: otherwise a rate that is too high makes both grow.
   */
  readonly sudden: boolean;
  /** Of all observed steps. */
  readonly norms: readonly Norms[];
}

/**
 * The first observed step with an exploding gradient. Where it did not come suddenly in the course
 * of the run, the loss has to rise as well: with a rule such as Adam a step is no larger for a
 * large gradient, as of values in the thousands.
 */
export function explosionIn(record: RunRecord): Explosion | undefined {
  const norms = record.observed.map((step) => step.norms);
  const index = norms.findIndex(
    ({ value, gradient, update }) =>
      value > 0 && gradient > longest * value && update > largestUpdate * value,
  );
  if (index < 0) return undefined;
  const before = norms[index - 1];
  const { step } = record.observed[index]!;
  const lossBefore = lossAt(record, step - 1);
  const rose = lossBefore !== undefined && lossBefore > risen * record.losses.first[0]!;
  const sudden =
    before === undefined
      ? record.observed[0]!.step <= 1
      : !rose && norms[index]!.gradient > jump * before.gradient;
  const harmed =
    record.nonFinite !== undefined ||
    (record.losses.count >= 3 && highestLoss(record) > risen * record.losses.first[0]!);
  return harmed || (sudden && before) ? { index, sudden, norms } : undefined;
}
