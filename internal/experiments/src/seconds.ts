import type { MeasuredEvent, Recorder } from "@tenon/trainer";
import type { Point, Series } from "./chart.js";
import type { Picture, ReadableMeasure, ShownRun } from "./experiment.js";
import { curvesIn, pointOf } from "./pictures.js";

/** What some of the steps of a run took, evenly from its first to its last one. */
type StepTimes = {
  /** One of so many steps is kept. */
  readonly every: number;
  readonly milliseconds: readonly number[];
};

/** The most steps whose time is kept. */
const most = 64;
const noTimes: StepTimes = { every: 1, milliseconds: [] };

function withTime({ every, milliseconds }: StepTimes, event: MeasuredEvent): StepTimes {
  if (event.type !== "step" || event.step % every !== 0) return { every, milliseconds };
  const all = [...milliseconds, event.milliseconds];
  if (all.length <= most) return { every, milliseconds: all };
  // Of the steps every, 2 every, … those that are multiples of 2 every.
  return { every: 2 * every, milliseconds: all.filter((_, i) => i % 2 === 1) };
}

/**
 * The median, in seconds: that some steps compile a program, or wait, does not change it. Where it
 * is 0, as by a browser's clock that goes by tenths of milliseconds, the mean; NaN where the clock
 * saw no time at all.
 */
function secondsOf({ milliseconds }: StepTimes): number {
  const sorted = [...milliseconds].sort((a, b) => a - b);
  const [low, high] = [sorted[(sorted.length - 1) >> 1], sorted[sorted.length >> 1]];
  if (low === undefined) return NaN;
  const sum = sorted.reduce((total, each) => total + each, 0);
  const usual = low + high! > 0 ? (low + high!) / 2 : sum / sorted.length;
  return usual > 0 ? usual / 1000 : NaN;
}

/** What the steps of a run took. It is another time on each computer, and each time. */
export const stepTimes = (): Recorder<StepTimes> => ({
  start: noTimes,
  update: withTime,
  description: { type: "stepTimes", most },
});

type Running = {
  readonly times: StepTimes;
  readonly loss: number | null;
  /** The step after which the threshold was first reached. */
  readonly reached: number | null;
};

/**
 * The seconds until the training loss first was at most a threshold, NaN where it never was: the
 * number of steps, times the median of what a step took (`secondsOf`). The loss is averaged over
 * about the last `over` examples, m ← m + (1 − exp(−n / over)) (loss − m) for a step of n examples,
 * so that batches of all sizes are compared alike. It depends on the computer, its threads, and
 * what else it does.
 */
export function secondsToLoss(threshold: number, over = 500): ReadableMeasure<Running> {
  return {
    ...{ better: "lower", missing: "never" },
    description: { type: "secondsToLoss", threshold, over, most },
    start: { times: noTimes, loss: null, reached: null },
    update({ times, loss, reached }, event) {
      if (event.type !== "step") return { times, loss, reached };
      const before = loss ?? event.loss;
      const next = before + (1 - Math.exp(-event.examples / over)) * (event.loss - before);
      const isReached = reached === null && next <= threshold;
      return {
        times: withTime(times, event),
        loss: next,
        reached: isReached ? event.step : reached,
      };
    },
    result: (_, { times, reached }) => (reached === null ? NaN : reached * secondsOf(times)),
  };
}

/**
 * The curve of a loss over seconds: steps, times the median of what a step took; the mean over
 * seeds.
 *
 * @param losses the record of the losses
 * @param times that of `stepTimes`
 */
export function lossBySeconds({
  id,
  losses,
  times,
}: {
  readonly id: string;
  readonly losses: string;
  readonly times: string;
}): Picture {
  const curve = ({ records }: ShownRun): Point[] => {
    const seconds = secondsOf((records?.[times] as StepTimes | undefined) ?? noTimes);
    const { steps, values } = curvesIn(records, losses);
    if (Number.isNaN(seconds)) return [];
    return steps.map((step, i) => ({ x: step * seconds, y: values["loss"]?.[i] ?? null }));
  };
  const series = (arm: string, runs: readonly ShownRun[]): Series => {
    const curves = runs.map(curve);
    const longest = curves.reduce((a, b) => (b.length > a.length ? b : a), []);
    const points = longest.map((_, i): Point => {
      const found = curves.flatMap((points) => points[i] ?? []);
      const [xs, ys] = [found.map(({ x }) => x), found.map(({ y }) => y)];
      return pointOf(pointOf(0, xs).y!, ys);
    });
    return { arm, kind: "line", points };
  };
  return {
    id,
    chart: ({ arms, runs }) => ({
      x: { label: "seconds", scale: "log" },
      y: { label: "loss", scale: "log" },
      series: Object.keys(arms).map((arm) =>
        series(
          arm,
          runs.filter((run) => run.arm === arm),
        ),
      ),
    }),
  };
}
