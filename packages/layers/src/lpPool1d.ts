import type { Layer } from "@tenon/contracts";
import { known } from "@tenon/guards";
import type { Pool2dOptions, Tensor } from "@tenon/tensor";
import { lpPool, type LpPoolOptions } from "./internal/lpPool.js";
import { poolAlongRow } from "./internal/pool.js";
import type { RowOptions } from "./internal/sequence.js";

/** `strides` are the window and `padding` "valid" unless they are given. */
export interface LpPool1dOptions extends Omit<RowOptions, "dilation">, LpPoolOptions {
  /** Whether a last window may hang over the end, if it begins before it. @defaultValue false */
  readonly ceilMode?: boolean;
}

/**
 * The p-norm under each window along a sequence: y = (Σ |x|ᵖ)^(1/p).
 *
 * `[length, channels]` becomes `[length′, channels]`. PyTorch `LPPool1d`.
 *
 * @param window over how many neighbours. @defaultValue 2
 */
export function lpPool1d(window = 2, options: LpPool1dOptions = {}): Layer<Tensor> {
  const { order = 2 } = known("lpPool1d", options, "order strides padding ceilMode");
  const pool = lpPool("lpPool1d", order);
  return poolAlongRow(
    "lpPool1d",
    (x, size, { order: _, ...how }: Pool2dOptions & LpPoolOptions) => pool(x, size, how),
    window,
    options,
  );
}
