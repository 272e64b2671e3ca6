import type { ByPath } from "@tenon/contracts";
import { badArgument, shown } from "@tenon/guards";

/**
 * The averaged parameters that `ema`, `swa` or an optimizer such as `scheduleFreeAdamw` keeps among
 * the slots, by parameter path.
 *
 * @param name which one, if there are several: `"ema"`, `"swa"`, `"ema#2"`
 * @throws if no average is kept, or several and no name is given
 */
export function averageOf<V>(slots: ByPath<ByPath<V>>, name?: string): ByPath<V> {
  if (typeof slots !== "object" || slots === null || Array.isArray(slots))
    throw badArgument("averageOf", "an optimizer's slots by name", shown(slots));
  const found = Object.keys(slots).filter((slot) =>
    name === undefined ? /^[^/]+\/average$/.test(slot) : slot === `${name}/average`,
  );
  if (found.length !== 1) {
    const wanted =
      name === undefined ? "the average of one ema or swa" : `the average of "${name}"`;
    throw badArgument(
      "averageOf",
      `${wanted} among the slots`,
      found.length === 0 ? `none in ${quoted(Object.keys(slots))}` : quoted(found),
      found.length === 0 ? "an average is the last in the optimizer's chain" : "name one",
    );
  }
  return slots[found[0]!]!;
}

/** The first of the names, in quotes: a snapshot's arrays, which some give, are many. */
function quoted(names: readonly string[]): string {
  const [first, more] = [names.slice(0, 4), names.length - 4];
  const list = first.map((name) => `"${name}"`).join(", ");
  return more > 0 ? `${list} and ${more} more` : list || "no slots";
}
