import type { Measure } from "@tenon/trainer";

type Turning = {
  readonly recent: readonly number[];
  /** The lowest mean since it last turned down, or the highest one since it turned up. */
  readonly extreme: number | null;
  readonly isFalling: boolean;
  readonly turns: number;
};

/**
 * How often the training loss turned from falling to rising or back, as it does where steps
 * overshoot again and again. What is looked at is its mean over the last `over` steps, so that the
 * noise of single batches does not count; it has turned once it lies by `by` above its lowest value
 * since it last turned, or by as much below its highest one. It falls at the start.
 */
export function turnsOfLoss(by = 0.15, over = 20): Measure<Turning> {
  return {
    better: "lower",
    description: { type: "turnsOfLoss", by, over },
    start: { recent: [], extreme: null, isFalling: true, turns: 0 },
    update(before, event) {
      if (event.type !== "step") return before;
      const recent = [...before.recent, event.loss].slice(-over);
      if (recent.length < over) return { ...before, recent };
      const mean = recent.reduce((sum, loss) => sum + loss / over, 0);
      const { isFalling, extreme, turns } = before;
      const last = extreme ?? mean;
      const hasTurned = isFalling ? mean >= last + by : mean <= last - by;
      if (hasTurned) return { recent, extreme: mean, isFalling: !isFalling, turns: turns + 1 };
      const next = isFalling ? Math.min(last, mean) : Math.max(last, mean);
      return { recent, extreme: next, isFalling, turns };
    },
    result: (_, { turns }) => turns,
  };
}
