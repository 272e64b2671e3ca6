import type { Stopper } from "@tenon/contracts";
import { badArgument, flag, known, shown } from "@tenon/guards";
import { finite, notNegative, oneOf, whole } from "./internal/guards.js";

export interface EarlyStoppingOptions {
  /**
   * The value that it monitors, by its name in the epoch's metrics. @defaultValue "validation.loss"
   */
  readonly monitor?: string;
  /** Whether less is better or more: `"max"` for an accuracy. @defaultValue "min" */
  readonly mode?: "min" | "max";
  /** Epochs without anything better until it stops. @defaultValue 3 */
  readonly patience?: number;
  /** How much better counts as better. @defaultValue 0 */
  readonly minDelta?: number;
  /** Only what is better than this, too, makes it patient again. @defaultValue none */
  readonly baseline?: number;
  /** The first epoch that counts, from 1: those before it are warm-up. @defaultValue 1 */
  readonly startFromEpoch?: number;
  /** Whether the run ends with the parameters of the best epoch. @defaultValue true */
  readonly restoreBest?: boolean;
}

/**
 * Its state: the best value so far (null if none was finite), the epoch of it (0 for none), and
 * how many epochs it has waited.
 */
export type EarlyStoppingState = {
  readonly best: number | null;
  readonly bestEpoch: number;
  readonly waited: number;
};

/**
 * Stops when a value has not become better for some epochs: when the model starts to learn its
 * examples by heart.
 *
 * Keras' `EarlyStopping()` is `{ patience: 0, restoreBest: false }`, its `start_from_epoch` counts
 * from 0. The first epoch that counts and is finite is the best so far; later ones only if they are
 * finite and better by more than `minDelta`. NaN and infinity are never the best. It never stops at
 * epoch 1.
 *
 * Throws a RangeError unless patience and minDelta are ≥ 0. Prechelt (1998), Early stopping, but
 * when?
 */
export function earlyStopping(options: EarlyStoppingOptions = {}): Stopper<EarlyStoppingState> {
  const {
    monitor = "validation.loss",
    mode = "min",
    patience = 3,
    minDelta = 0,
    baseline,
    startFromEpoch = 1,
    restoreBest = true,
  } = known(
    "earlyStopping",
    options,
    "monitor mode patience minDelta baseline startFromEpoch restoreBest",
  );
  if (typeof monitor !== "string")
    throw badArgument(
      "earlyStopping",
      'monitor as a name such as "validation.loss"',
      shown(monitor),
    );
  flag("earlyStopping", "restoreBest", restoreBest);
  oneOf("earlyStopping", "mode", mode, ["min", "max"]);
  whole("earlyStopping", "patience", patience, 0);
  notNegative("earlyStopping", "minDelta", minDelta);
  if (baseline !== undefined) finite("earlyStopping", "baseline", baseline);
  whole("earlyStopping", "startFromEpoch", startFromEpoch, 1);
  const isBetter = (value: number, than: number | null): boolean =>
    value - value === 0 &&
    (than === null || (mode === "min" ? value + minDelta < than : value - minDelta > than));
  return {
    monitor,
    restoreBest,
    start: { best: null, bestEpoch: 0, waited: 0 },
    observe(state, value, epoch) {
      if (typeof value !== "number")
        throw badArgument("earlyStopping", "the monitored value as a number", shown(value));
      whole("earlyStopping", "epoch", epoch, 1);
      if (epoch < startFromEpoch) return { state, stop: false, best: false };
      const better = isBetter(value, state.best);
      const waited =
        better && (baseline === undefined || isBetter(value, baseline)) ? 0 : state.waited + 1;
      const next = {
        best: better ? value : state.best,
        bestEpoch: better ? epoch : state.bestEpoch,
        waited,
      };
      return { state: next, stop: !better && waited >= patience && epoch > 1, best: better };
    },
  };
}
