import type { Rng, Shape } from "@tenon/contracts";
import { normal, truncatedNormal, uniform } from "@tenon/random";
import { fans } from "../fans.js";

export type FanMode = "fanIn" | "fanOut" | "fanAvg";
export type ScaledDistribution = "uniform" | "normal" | "truncatedNormal";

/** The deviation of a standard normal cut at ±2: √(1 − 4φ(2) / (2Φ(2) − 1)). */
const cutAtTwo = 0.87962566103423978;

/** Fills with mean 0 and deviation gain / √n. */
export function scaled(gain: number, mode: FanMode, distribution: ScaledDistribution): (values: Float32Array, shape: Shape, rng: Rng) => void {
  return (values, shape, rng) => {
    const { fanIn, fanOut } = fans(shape);
    const n = mode === "fanIn" ? fanIn : mode === "fanOut" ? fanOut : (fanIn + fanOut) / 2;
    const deviation = gain / Math.sqrt(Math.max(1, n));
    if (distribution === "uniform") {
      const bound = Math.sqrt(3) * deviation;
      for (let i = 0; i < values.length; i++) values[i] = uniform(rng, -bound, bound);
    } else if (distribution === "normal") {
      for (let i = 0; i < values.length; i++) values[i] = normal(rng, 0, deviation);
    } else {
      const parent = deviation / cutAtTwo;
      for (let i = 0; i < values.length; i++) values[i] = truncatedNormal(rng, 0, parent);
    }
  };
}
