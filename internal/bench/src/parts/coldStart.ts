import { join } from "node:path";
import { median } from "../rows.js";
import { table } from "../table.js";
import { answers, each, type Alone, type Setting } from "./alone.js";

/** How long one engine takes from the import of Tenon to the end of the first step, in a process of its own. */
export interface StartRow extends Alone {
  readonly part: "start";
  readonly work: string;
  readonly threads: number;
  /** Tenon's code in one minified file, as an app ships it, or each package in a file of its own, as npm has them. */
  readonly form: "one file" | "packages";
  /** All of it; like the others a median of so many processes. */
  readonly ms: number;
  readonly importMs: number;
  /** Recording, planning, and compiling. */
  readonly compileMs: number;
  readonly stepMs: number;
  /** All of it, and what Node took to start before. */
  readonly sinceStartMs: number;
  readonly processes: number;
}

type Answer = Pick<StartRow, "ms" | "importMs" | "compileMs" | "stepMs" | "sinceStartMs">;

/** What was promised of W3, milliseconds. */
export const promised = 250;

/** First steps in fresh processes, in turns. */
export async function coldStart(setting: Setting): Promise<StartRow[]> {
  const processes = setting.quick ? 3 : 11, works = setting.quick ? ["W3"] : ["W1", "W2", "W3"], forms = ["one file", "packages"] as const, threads = [...new Set([1, setting.most])];
  return each(setting, async (variant, alone) => {
    const cases = works.flatMap((work) => threads.flatMap((threads) => forms.map((form) => ({ work, threads, form, all: [] as Answer[] }))));
    for (let i = 0; i < processes; i++) for (const { work, threads, form, all } of cases) {
      setting.report(`start: ${alone.contender}, ${alone.runtime}: ${work} on ${threads}, process ${i + 1} of ${processes}`);
      all.push(...await answers<Answer>(variant, [join(setting.built, "start.mjs"), join(setting.built, form === "packages" ? "packages" : "", "first.mjs"), work, String(threads)]));
    }
    return cases.map(({ work, threads, form, all }) => startRow(alone, work, threads, form, all));
  });
}

/** The medians of some processes. */
export function startRow(alone: Alone, work: string, threads: number, form: StartRow["form"], all: readonly Answer[]): StartRow {
  const middle = (key: keyof Answer): number => median(all.map((answer) => answer[key]));
  return { part: "start", ...alone, work, threads, form, ms: middle("ms"), importMs: middle("importMs"), compileMs: middle("compileMs"), stepMs: middle("stepMs"), sinceStartMs: middle("sinceStartMs"), processes: all.length };
}

/** A line for each work, engine, number of threads and form. */
export function drawnStart(rows: readonly StartRow[]): string {
  let last = "";
  return table(["work", "engine", "on", "Tenon as", "threads", "import, ms", "compile", "1st step", "all", "with Node's start"], rows.map(({ work, contender, runtime, form, threads, importMs, compileMs, stepMs, ms, sinceStartMs }) => {
    const shown = work === last ? "" : work;
    last = work;
    return [shown, contender, runtime, form, threads, ...[importMs, compileMs, stepMs, ms, sinceStartMs].map((x) => x.toFixed(0))];
  }), 4);
}
