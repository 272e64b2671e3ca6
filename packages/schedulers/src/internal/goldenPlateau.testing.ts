import type { GoldenRow } from "@tenon/golden";
import { expectClose } from "@tenon/testkit";
import { reduceOnPlateau } from "../index.js";

// How a golden row of a plateau is compared with ours.

export interface ScheduleRow extends GoldenRow {
  readonly values: readonly number[];
  readonly base_lr?: number;
  readonly momenta?: readonly number[];
}

/** Options of each library, as ours. */
const plateaus: Readonly<Record<string, (options: Readonly<Record<string, unknown>>) => object>> = {
  torch({ patience = 10, threshold = 1e-4, threshold_mode, min_lr: min = 0, ...rest }) {
    const isAbsolute = threshold_mode === "abs";
    return {
      ...rest,
      patience: (patience as number) + 1,
      threshold: isAbsolute ? 0 : threshold,
      minDelta: isAbsolute ? threshold : 0,
      min,
      eps: 1e-8,
    };
  },
  keras: ({ min_delta: minDelta = 1e-4, min_lr: min = 0, cooldown = 0, ...rest }) => ({
    ...rest,
    threshold: 0,
    minDelta,
    min,
    cooldown: Math.max(0, (cooldown as number) - 1),
  }),
  optax: ({
    rtol: threshold = 1e-4,
    atol: minDelta = 0,
    accumulation_size: every = 1,
    ...rest
  }) => {
    const { min_scale: min = 0, ...others } = rest;
    return { ...others, threshold, minDelta, every, min };
  },
};

/** The rate after each metric. */
export function plateau(row: ScheduleRow): void {
  const {
    base_lr = 1,
    metrics,
    values,
  } = row as unknown as {
    readonly base_lr?: number;
    readonly metrics: readonly number[];
    readonly values: readonly number[];
  };
  const { eps = 0, ...options } = plateaus[row.lib]!(row.options) as { readonly eps?: number };
  const rate = reduceOnPlateau({ start: base_lr, eps: eps / base_lr, ...options });
  let state = rate.start;
  // Keras keeps its rate in float32.
  const tolerance = row.lib === "keras" ? 1e-7 : 1e-10;
  metrics.forEach((metric, i) => {
    state = rate.observe(state, metric, i + 1);
    expectClose([rate.at(state, i)], [values[i]!], tolerance, `after ${i + 1}`);
  });
}
