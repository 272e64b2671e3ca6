import type { Rule } from "../finding.js";
import { plannedSteps, startingPoint } from "../internal/losses.js";
import { mean, sum } from "../internal/numbers.js";

/** Updates have become this much smaller, and smaller in relation to gradients, too. */
const [updateFall, rateFall] = [0.01, 0.1];
/** Updates are small already: whether the loss was falling is seen in the steps before that. */
const firstFall = 0.1;
/**
 * Before this fraction of the run. Cosine decay reaches 1 % at 94 % of it, two tenfold steps at
 * thirds at 2/3.
 */
const early = 0.5;
/** The loss that was still to go, as a fraction of where it began. */
const much = 0.2;
/** The loss was falling if its slope is this many standard errors below 0. */
const standardErrors = 2;

/** The learning rate came down while the loss was still falling: the rest of the run is wasted. */
export const rateDecayedTooEarly: Rule = {
  id: "rateDecayedTooEarly",
  reference:
    "Goodfellow, Bengio & Courville (2016), Deep Learning, section 8.3.1; Loshchilov & Hutter " +
    "(2017), SGDR, https://arxiv.org/abs/1608.03983",
  explains: ["notLearning", "underfitting", "batchNotLearnt"],
  examine(record) {
    const { observed, losses, step: now } = record;
    const steps = plannedSteps(record);
    const start = startingPoint(record);
    const sizes = observed
      .map(({ step, norms }) => ({ step, ...norms }))
      .filter(({ update, gradient }) => Number.isFinite(update + gradient));
    if (sizes.length < 6 || steps === undefined) return undefined;
    // Where all targets are equal there is nothing to learn.
    if (start === undefined || !(start > 0)) return undefined;
    // Adam's first step is larger than all others.
    const peak = sizes.map(({ update }) => update).sort((a, b) => b - a)[1]!;
    const rates = sizes.map(({ update, gradient }) => update / gradient).filter(Number.isFinite);
    const rate = Math.max(...rates);
    const small = ({ update, gradient }: (typeof sizes)[number]): boolean =>
      update <= updateFall * peak && update <= rateFall * rate * gradient;
    // From here on all updates are small.
    const index = sizes.map(small).lastIndexOf(false) + 1;
    if (index === 0 || sizes.length - index < 3) return undefined;
    const { step } = sizes[index]!;
    if (step > early * steps) return undefined;
    const falling = sizes.map(({ update }) => update > firstFall * peak).lastIndexOf(true);
    const end = Math.floor(sizes[falling]!.step / losses.block);
    const loss = mean(losses.recent);
    if (!fell(losses.curve.slice(end >> 1, end)) || loss < much * start) return undefined;
    return {
      severity: "warning",
      evidence: {
        step,
        steps,
        fraction: step / steps,
        update: sizes.at(-1)!.update / peak,
        loss,
        start,
        now,
      },
    };
  },
};

/** Whether values in a row have a slope that is clearly negative, by least squares. */
function fell(values: readonly number[]): boolean {
  const count = values.length;
  if (count < 8) return false;
  const centre = (count - 1) / 2;
  const spread = (count * (count * count - 1)) / 12;
  const level = mean(values);
  const slope = sum(values.map((value, i) => (i - centre) * (value - level))) / spread;
  const rest = sum(values.map((value, i) => (value - level - slope * (i - centre)) ** 2));
  return slope < -standardErrors * Math.sqrt(rest / (count - 2) / spread);
}
