import { inNameOf } from "@tenon/guards";
import { random, type RandomSource } from "@tenon/random";

/** A source of random numbers whose seed is an option of the function `name`. */
export const seeded = (name: string, seed: number): RandomSource =>
  inNameOf(name, () => random(seed));
