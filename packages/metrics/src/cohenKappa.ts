import type { Metric } from "@tenon/contracts";
import { noOptions } from "@tenon/guards";
import { fromConfusion, right, sum, support, taken, type Confusion } from "./internal/confusion.js";

/**
 * How much better than chance the predictions agree with the truth: 1 is always, 0 as often as
 * chance would.
 *
 * κ = (pₒ − pₑ) / (1 − pₑ), where pₑ is the agreement of independent draws with the same
 * frequencies. NaN before the first example, and where only one class occurs. Throws as
 * `confusionMatrix` does.
 *
 * Cohen (1960), A coefficient of agreement for nominal scales. doi:10.1177/001316446002000104
 */
export function cohenKappa(classes: number): Metric<Confusion> {
  noOptions("cohenKappa", arguments[1]);
  return fromConfusion("cohenKappa", classes, (state) => {
    const [count, supports, takens] = [sum(state.counts), support(state), taken(state)];
    const chance = sum(supports.map((support, i) => support * takens[i])) / count;
    return (sum(right(state)) - chance) / (count - chance);
  });
}
