import type { Transform } from "@tenon/contracts";
import { known } from "@tenon/guards";
import { preset } from "./internal/preset.js";
import { momentum, type MomentumOptions } from "./momentum.js";

/** As for `momentum`, but for `nesterov` itself. */
export type NesterovOptions = Omit<MomentumOptions, "nesterov" | "dampening">;

/**
 * Momentum with the gradient's look-ahead: v ← μv + g, w ← w − η(g + μv); with `rateInside`, v ← μv
 * − ηg, w ← w + μv − ηg (Keras).
 *
 * The transform alone is `trace({ nesterov: true })`. Nesterov (1983); in this form Sutskever et
 * al. (2013), section 2.
 */
export function nesterov(options: NesterovOptions = {}): Transform {
  known("nesterov", options, "learningRate momentum rateInside");
  return preset("nesterov", () => [momentum({ ...options, nesterov: true })]);
}
