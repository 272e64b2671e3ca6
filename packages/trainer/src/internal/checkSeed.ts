import { badArgument, shown } from "@tenon/guards";

/** Throws unless a seed is a 32-bit integer. */
export function checkSeed(who: string, seed: number): void {
  if (!Number.isInteger(seed) || (seed | 0) !== seed)
    throw badArgument(who, "a seed that is a 32-bit integer", shown(seed));
}
