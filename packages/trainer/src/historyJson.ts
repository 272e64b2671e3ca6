import { badArgument, noOptions, shown } from "@tenon/guards";
import { isEpoch } from "./internal/isEpoch.js";
import { fromJson, toJson } from "./internal/plainJson.js";
import type { EpochScores } from "./snapshot.js";

const what = "a list of epochs, each with epoch, step and the scores train";

/**
 * A run's history as JSON, a list of its epochs, from which `historyFromJSON` restores it to the
 * last bit. JSON has no NaN and no infinity: they become `{ "tenon.number": "NaN" }`.
 *
 * @param history of `fit`'s `end` event
 * @throws RangeError if it is no such list
 */
export function historyToJSON(history: readonly EpochScores[]): string {
  noOptions("historyToJSON", arguments[1]);
  if (!Array.isArray(history) || !history.every(isEpoch))
    throw badArgument("historyToJSON", `the history of a run, ${what}`, shown(history));
  return toJson(history);
}

/**
 * The history that `historyToJSON` or `JSON.stringify` wrote; the latter's null is NaN.
 *
 * @param text what was written
 * @param name of the file, for the message @defaultValue "the text"
 * @throws RangeError that names the file, if it is no JSON or that of something else
 */
export function historyFromJSON(text: string, name = "the text"): readonly EpochScores[] {
  noOptions("historyFromJSON", arguments[2]);
  if (typeof text !== "string")
    throw badArgument("historyFromJSON", "the text of a file, JSON", shown(text));
  if (typeof name !== "string")
    throw badArgument("historyFromJSON", "the name of the file as text", shown(name));
  let lines: unknown;
  try {
    lines = fromJson(text);
  } catch {
    throw badArgument("historyFromJSON", `${name} to hold JSON`, shown(text.slice(0, 40)));
  }
  const history = Array.isArray(lines) ? lines.map(withNaN) : lines;
  const wrong = Array.isArray(history) ? history.findIndex((line) => !isEpoch(line)) : -1;
  if (!Array.isArray(history) || wrong >= 0)
    throw badArgument(
      "historyFromJSON",
      `${name} to hold the history of a run, ${what}`,
      wrong < 0
        ? shown(lines)
        : `${shown((lines as readonly unknown[])[wrong])} as line ${wrong + 1}`,
      "historyToJSON(history) writes it",
    );
  return history as readonly EpochScores[];
}

/** A line in which scores that are null are NaN. */
function withNaN(line: unknown): unknown {
  if (typeof line !== "object" || line === null) return line;
  const scores = (value: unknown): unknown =>
    typeof value === "object" && value !== null
      ? Object.fromEntries(Object.entries(value).map(([name, score]) => [name, score ?? NaN]))
      : value;
  return Object.fromEntries(
    Object.entries(line).map(([name, value]) => [
      name,
      ["train", "validation"].includes(name) ? scores(value) : value,
    ]),
  );
}
