import { badArgument, noOptions, shown } from "@tenon/guards";
import { isEpoch } from "./internal/isEpoch.js";
import type { EpochScores } from "./snapshot.js";

/**
 * A run's history as a table, a line for each epoch: comma-separated values (RFC 4180), with the
 * columns epoch, step, and train. and validation. with the name of each score, and skipped where
 * steps were left out. What an epoch lacks is empty. `historyToJSON` writes it for a program.
 * Keras: `CSVLogger`.
 *
 * @param history of `fit`'s `end` event
 */
export function historyCsv(history: readonly EpochScores[]): string {
  noOptions("historyCsv", arguments[1]);
  if (!Array.isArray(history) || !history.every(isEpoch))
    throw badArgument("historyCsv", "the history of a run, a list of epochs", shown(history));
  const rows = (history as readonly EpochScores[]).map(
    ({ epoch, step, train, validation = {}, skipped }) => ({
      epoch,
      step,
      ...prefixed("train", train),
      ...prefixed("validation", validation),
      ...(skipped !== undefined && { skipped }),
    }),
  );
  const columns = [...new Set(["epoch", "step", ...rows.flatMap(Object.keys)])];
  const lines = rows.map((row) =>
    columns.map((column) => String((row as Readonly<Record<string, number>>)[column] ?? "")),
  );
  return [columns, ...lines].map((line) => `${line.map(quoted).join(",")}\n`).join("");
}

const prefixed = (prefix: string, scores: Readonly<Record<string, number>>): object =>
  Object.fromEntries(Object.entries(scores).map(([name, value]) => [`${prefix}.${name}`, value]));

const quoted = (field: string): string =>
  /[",\r\n]/.test(field) ? `"${field.replaceAll('"', '""')}"` : field;
