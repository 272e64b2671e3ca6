import { knownMeasures, type ShownRun } from "@tenon/experiments";
import { bar, duration, flowed, type Outside } from "@tenon/terminal";
import { measuring, type FinishedRun, type Measuring, type StudyEvent } from "@tenon/trainer";
import colors from "picocolors";
import { valueText } from "@tenon/experiments/numbers";
import type { Plan } from "./plan.js";
import { isSweep, rowsOf, shownMeasure } from "./rows.js";
import { tableLines } from "./table.js";
import { armName, counted, filled, type Texts } from "./texts.js";

/** Which experiment of several this is. */
export interface Position {
  readonly n: number;
  readonly of: number;
  /** The seconds that it, and all after it, take on another machine. */
  readonly expected: number;
  readonly later: number;
}

export interface Progress {
  see(event: StudyEvent): void;
  /** The table as it is at the end. */
  lines(): string[];
}

/** How often the table is drawn anew, in milliseconds. */
const redrawn = 120;

/** Shows a study: a table drawn in place, or a line for each run where there is no terminal. */
export function progressOf(
  plan: Plan,
  texts: Texts,
  outside: Outside,
  position: Position | undefined,
): Progress {
  const { of } = plan;
  const runs: FinishedRun[] = [];
  let current: { run: ShownRun; measured: Measuring; step: number; steps: number } | undefined;
  let [number, total, stored, drawnAt] = [0, 0, 0, 0];
  const clock = remaining();
  const table = (): string[] => tableOf(plan, texts, outside.columns(), runs, shownRun());
  const shownRun = (): ShownRun | undefined =>
    current && { ...current.run, records: current.measured.records() };

  /** The seconds of the experiments after this one, at the pace that this one has. */
  const later = ({ expected, later }: Position, total: number): number =>
    later * (clock.whole(total) / expected);

  function draw(): void {
    if (!outside.live) return;
    const columns = outside.columns();
    const fraction = current && current.steps > 0 ? current.step / current.steps : 0;
    const left = clock.left(total, fraction);
    const { progress } = texts.lab;
    const parts = [
      ...(position ? [filled(progress.experiment, { n: position.n, of: position.of })] : []),
      filled(progress.run, { run: number, runs: total }),
      colors.cyan(bar(fraction, 12)),
      ...(left === undefined ? [] : [filled(progress.left, { time: duration(left) })]),
      ...(left === undefined || !position || position.later === 0
        ? []
        : [filled(progress.leftOfAll, { time: duration(left + later(position, total)) })]),
    ];
    const lines = (text: string): string[] => text.split("\n");
    const status = lines(flowed(parts, columns - 2, { indent: 0 }));
    const rows = Math.max(1, outside.rows() - 3 - status.length);
    outside.draw([...table().flatMap(lines).slice(0, rows), "", ...status]);
  }

  return {
    lines: table,
    see(event) {
      if (event.type === "start") total = event.runs;
      if (event.type === "runStart") {
        const { arm, seed, run } = event;
        number = run;
        const measured = measuring(of.measures, of.records);
        current = { run: { arm, seed }, measured, step: 0, steps: 0 };
        clock.begin(run - 1);
        draw();
      }
      if (event.type === "fit" && current) {
        const { event: inner } = event;
        if (inner.type === "start") current.steps = inner.epochs * inner.stepsPerEpoch;
        if (inner.type === "step") current.step = inner.step;
        if (!outside.live) return;
        current.measured.see(inner);
        if (performance.now() - drawnAt < redrawn) return;
        drawnAt = performance.now();
        draw();
      }
      if (event.type === "runEnd") {
        runs.push(event.result);
        current = undefined;
        clock.end(event.stored);
        if (event.stored) stored++;
        else if (!outside.live) outside.write(`${runLine(plan, texts, event)}\n`);
      }
      if (event.type === "runStart" && stored > 0) {
        if (!outside.live) outside.write(`${filled(texts.lab.progress.stored, { n: stored })}\n`);
        stored = 0;
      }
      if (event.type === "end" && outside.live) outside.draw([]);
    },
  };
}

/** The table of a plan's arms. */
export function tableOf(
  plan: Plan,
  texts: Texts,
  columns: number,
  runs: readonly FinishedRun[],
  current?: ShownRun,
): string[] {
  const { name: measure, reading } = shownMeasure(plan);
  return tableLines(rowsOf(plan, runs, current), {
    ...{ texts, id: plan.of.id, measure, reading, isSweep: isSweep(plan) },
    isRange: isSweep(plan) && !plan.of.groups,
    columns: Math.min(columns, 110),
  });
}

/** `run 3 of 20  rate=0.5  seed 1  accuracy 98.7 %` */
function runLine(
  plan: Plan,
  texts: Texts,
  { arm, seed, run, runs, result }: Extract<StudyEvent, { type: "runEnd" }>,
): string {
  const { id } = plan.of;
  const { measures } = plan.of;
  const { name } = shownMeasure(plan);
  // What is claimed of groups of arms is no measure of a run.
  const measure = measures[name] ? name : Object.keys(measures)[0]!;
  const reading = measures[measure]!;
  const value = knownMeasures(measures, result)[measure]!;
  const { table, progress } = texts.lab;
  return [
    filled(progress.run, { run, runs }),
    armName(texts, id, arm),
    `${table.seed} ${seed}`,
    `${texts.tips[id]!.measures[measure]!} ` +
      (value === null
        ? texts.common.missing[reading.missing ?? "notFinite"]
        : valueText(reading, value)),
  ].join("  ");
}

/** Estimates how long the runs that are left will take, in seconds. */
function remaining() {
  let [finished, ran, spent, began, running] = [0, 0, 0, 0, 0];
  /** The seconds of a run. */
  const each = (): number => (spent + (performance.now() - began) / 1000) / (ran + running);
  return {
    begin(before: number): void {
      [finished, began] = [before, performance.now()];
    },
    end(isStored: boolean): void {
      finished++;
      if (isStored) return;
      ran++;
      spent += (performance.now() - began) / 1000;
    },
    /** @param fraction how much of the run under way is done */
    left(total: number, fraction: number): number | undefined {
      running = fraction;
      if (ran + running < 0.05) return undefined;
      return each() * Math.max(0, total - finished - running);
    },
    /** All runs, those that are finished as well. */
    whole: (total: number): number => each() * total,
  };
}

/** `quick size`, `6,000 digits`, `2 epochs`, `batches of 64`, `1 seed` */
export function sizeParts(
  { size, sizeName }: Pick<Plan, "size" | "sizeName">,
  { lab }: Texts,
): string[] {
  const figure = (n: number): string => n.toLocaleString("en");
  return [
    lab.sizes[sizeName],
    filled(lab.digits, { n: figure(size.train) }),
    counted(lab.epochs, size.epochs),
    filled(lab.batches, { n: figure(size.batchSize) }),
    counted(lab.seeds, size.seeds),
  ];
}
