import { join } from "node:path";
import { median } from "../rows.js";
import { groups, table } from "../table.js";
import { answers, inTurns, oneOfEach, type Alone, type Setting } from "./alone.js";

/**
 * How long one engine takes from the import of Tenon to the end of the first step, in a process of
 * its own.
 */
export interface StartRow extends Alone {
  readonly part: "start";
  readonly work: string;
  readonly threads: number;
  /**
   * Tenon's code in one minified file, as an app ships it, or each package in a file of its own, as
   * npm has them.
   */
  readonly form: "one file" | "packages";
  /** All of it; like the others a median over the processes. */
  readonly ms: number;
  readonly importMs: number;
  /** Tracing, planning and compiling. */
  readonly compileMs: number;
  readonly stepMs: number;
  /** All of it, and what Node took to start before. */
  readonly sinceStartMs: number;
  readonly processes: number;
}

type Answer = Pick<StartRow, "ms" | "importMs" | "compileMs" | "stepMs" | "sinceStartMs">;

/** The target for W3, in milliseconds. */
export const promised = 250;

/** First steps in fresh processes, in turns. */
export async function coldStart(setting: Setting): Promise<StartRow[]> {
  const processes = setting.quick ? 3 : 11;
  const works = setting.quick ? ["W3"] : ["W1", "W2", "W3"];
  const forms = ["one file", "packages"] as const;
  const cases = works.flatMap((work) =>
    Array.from({ length: processes }, (_, i) =>
      [...new Set([1, setting.most])].flatMap((threads) =>
        forms.map((form) => ({ work, i, threads, form })),
      ),
    ).flat(),
  );
  const all = await inTurns(
    { ...setting, variants: oneOfEach(setting.variants) },
    cases,
    async (variant, alone, { work, i, threads, form }) => {
      setting.report(
        `start: ${alone.contender}, ${alone.runtime}: ${work} on ${threads}, process ${i + 1} ` +
          `of ${processes}`,
      );
      const measured = await answers<Answer>(variant, [
        join(setting.built, "start.mjs"),
        join(setting.built, form === "packages" ? "packages" : "", "first.mjs"),
        work,
        String(threads),
      ]);
      return measured.map((answer) => ({ alone, work, threads, form, answer }));
    },
  );
  return groups(all, ({ alone, work, threads, form }) =>
    JSON.stringify([alone, work, threads, form]),
  ).map(([, same]) =>
    startRow(
      same[0]!.alone,
      same[0]!.work,
      same[0]!.threads,
      same[0]!.form,
      same.map(({ answer }) => answer),
    ),
  );
}

/** The medians of some processes. */
export function startRow(
  alone: Alone,
  work: string,
  threads: number,
  form: StartRow["form"],
  all: readonly Answer[],
): StartRow {
  const middle = (key: keyof Answer): number => median(all.map((answer) => answer[key]));
  return {
    part: "start",
    ...alone,
    work,
    threads,
    form,
    ms: middle("ms"),
    importMs: middle("importMs"),
    compileMs: middle("compileMs"),
    stepMs: middle("stepMs"),
    sinceStartMs: middle("sinceStartMs"),
    processes: all.length,
  };
}

/**
 * A line for each work, engine and number of threads: the stages with Tenon as packages, and all of
 * it with Tenon in one file.
 */
export function drawnStart(rows: readonly StartRow[]): string {
  const byEngine = (group: readonly StartRow[]): StartRow[] =>
    groups(group, ({ contender, runtime }) => `${contender} ${runtime}`).flatMap(
      ([, same]) => same,
    );
  const whole = (x: number | undefined): string => x?.toFixed(0) ?? "";
  const lines = groups(rows, ({ work }) => work).flatMap(([work, group]) =>
    groups(
      byEngine(group),
      ({ contender, runtime, threads }) => `${contender} ${runtime} ${threads}`,
    ).map(([, same], i) => {
      const { contender, runtime, threads } = same[0]!;
      const rowOf = (wanted: StartRow["form"]): StartRow | undefined =>
        same.find(({ form }) => form === wanted);
      const packages = rowOf("packages");
      const file = rowOf("one file");
      return [
        i === 0 ? work : "",
        contender,
        runtime,
        threads,
        whole(packages?.importMs),
        whole(packages?.compileMs),
        whole(packages?.stepMs),
        whole(packages?.ms),
        whole(packages?.sinceStartMs),
        whole(file?.ms),
      ];
    }),
  );
  return table(
    [
      "work",
      "engine",
      "on",
      "threads",
      "import, ms",
      "compile",
      "1st step",
      "all",
      "with Node",
      "in one file",
    ],
    lines,
    3,
  );
}
