import colors from "picocolors";
import type { Row } from "./rows.js";
import { figure, groups, table } from "./table.js";

const called = ({ contender, version }: Row): string =>
  contender.startsWith("tenon") ? colors.bold(contender) : `${contender} ${colors.dim(version)}`;

/** The rows of a work for a terminal. */
export function drawn(rows: readonly Row[]): string {
  return table(
    ["contender", "on", "threads", "ms a step", "× Tenon", "loss", "steps"],
    rows.map((row) => [
      called(row),
      colors.dim(row.runtime),
      row.threads,
      row.msPerStep === null ? "not timed" : figure(row.msPerStep),
      row.ratioToTenon === null ? "" : row.ratioToTenon.toFixed(2),
      `${row.firstLoss.toFixed(2)} → ${row.finalLoss.toFixed(2)}`,
      row.steps,
    ]),
    2,
  );
}

/**
 * What else a work takes: the most memory of a contender's process and, where they started one
 * after the other, the time from its start to the end of the first step.
 */
export function furtherRows(rows: readonly Row[], first: boolean): string {
  const works = [...new Set(rows.map(({ work }) => work))];
  const same = groups(
    rows,
    ({ contender, runtime, threads }) => `${threads} ${contender} ${runtime}`,
  ).map(([, all]) => all);
  const cells = (
    all: readonly Row[],
    valueOf: (row: Row) => string | number,
  ): (string | number)[] =>
    works.map((work) => {
      const row = all.find((candidate) => candidate.work === work);
      return row ? valueOf(row) : "";
    });
  return table(
    [
      "contender",
      "on",
      "threads",
      ...works.map((work) => `${work}, MB`),
      ...(first ? works.map((work) => `${work}, s`) : []),
    ],
    same.map((all) => [
      called(all[0]!),
      colors.dim(all[0]!.runtime),
      all[0]!.threads,
      ...cells(all, ({ memoryMB }) => memoryMB),
      ...(first ? cells(all, ({ firstStepSeconds }) => firstStepSeconds.toFixed(2)) : []),
    ]),
    2,
  );
}
