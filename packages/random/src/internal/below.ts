import type { Rng } from "@tenon/contracts";
import { badArgument } from "@tenon/guards";

/**
 * One of 0, 1, …, count − 1, count ≤ 2⁵³, for the function of this name: the 2⁵³ values of the
 * source are divided evenly; for those that remain it draws again.
 */
export function below(name: string, rng: Rng, count: number): number {
  const bucket = Math.floor(0x20000000000000 / count);
  for (let tries = 0; tries < 1000; tries++) {
    const k = Math.floor(Math.floor(rng() * 0x20000000000000) / bucket);
    if (k < count) return k;
  }
  throw badArgument(
    name,
    "a source uniform in [0, 1)",
    "one with 1000 values in a row that do not fit",
    "use random(seed)",
  );
}
