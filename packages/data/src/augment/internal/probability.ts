import { badArgument, shown } from "@tenon/guards";

/** Throws unless the value is a probability. */
export function checkProbability(name: string, probability: number): void {
  if (typeof probability !== "number" || !(probability >= 0 && probability <= 1))
    throw badArgument(name, "a probability in [0, 1]", shown(probability));
}
