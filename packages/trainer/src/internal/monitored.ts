import { badArgument, shown } from "@tenon/guards";
import type { Scores } from "../evaluate.js";
import type { EpochScores } from "../snapshot.js";

/** What has values by name: an epoch's, or those of the epoch so far. */
type Monitored = Partial<Pick<EpochScores, "train" | "validation">> & { readonly running?: Scores };

/**
 * A function that reads a value by its name, as `earlyStopping` does, such as "validation.loss".
 * Throws where there is none.
 *
 * @param also a part that may have values as well as the epoch's, "running"
 */
export function valueReader(
  who: string,
  monitor: string,
  also?: "running",
): (event: object) => number {
  const parts = ["train", "validation", ...(also ? [also] : [])];
  const [part, name] = typeof monitor === "string" ? monitor.split(/\.(.*)/s) : [];
  if (!part || !name || !parts.includes(part))
    throw badArgument(
      who,
      `the name of a value, such as "validation.loss" (${parts.join(", ")})`,
      shown(monitor),
    );
  return (event) => {
    const scores = (event as Monitored)[part as keyof Monitored];
    const value = scores?.[name];
    if (value === undefined)
      throw badArgument(
        who,
        `a run that has the value "${monitor}"`,
        `${part} with ${Object.keys(scores ?? {}).join(", ") || "no values"}`,
      );
    return value;
  };
}
