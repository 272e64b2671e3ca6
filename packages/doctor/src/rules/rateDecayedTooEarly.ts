import type { Rule } from "../finding.js";
import { plannedSteps, startingPoint } from "../internal/losses.js";
import { mean } from "../internal/numbers.js";
import { normsIn } from "../internal/observed.js";

/** Updates have become this much smaller, and smaller beside gradients too. */
const [updateFall, rateFall] = [0.01, 0.1];
/**
 * Before this fraction of the run. Cosine decay reaches 1 % at 94 % of it, two tenfold steps at
 * 2/3.
 */
const early = 0.5;
/** The loss that was still to go, as a fraction of where it began. */
const much = 0.2;
/** The loss was falling if the later quarter of the steps before was lower by this fraction. */
const falling = 0.02;

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
    if (observed.length < 6 || steps === undefined || start === undefined) return undefined;
    const sizes = observed.map((step) => ({ step: step.step, ...normsIn(record, step) }));
    const peak = Math.max(...sizes.map(({ update }) => update));
    const rate = Math.max(
      ...sizes.map(({ update, gradient }) => update / gradient).filter(Number.isFinite),
    );
    const small = ({ update, gradient }: (typeof sizes)[number]): boolean =>
      update <= updateFall * peak && update <= rateFall * rate * gradient;
    // From here on all updates are small.
    const index = sizes.map(small).lastIndexOf(false) + 1;
    if (index === 0 || sizes.length - index < 3) return undefined;
    const { step } = sizes[index]!;
    if (step > early * steps) return undefined;
    const blocks = losses.curve;
    const end = Math.max(1, Math.floor(step / losses.block));
    const [third, fourth] = [
      blocks.slice(end >> 1, (3 * end) >> 2),
      blocks.slice((3 * end) >> 2, end),
    ];
    const loss = mean(losses.recent);
    const fell = mean(fourth) < (1 - falling) * mean(third);
    if (!fell || loss < much * start) return undefined;
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
