import type { ByPath, Json } from "@tenon/contracts";
import { callable, known, wholeIn } from "@tenon/guards";
import { valueReader } from "./internal/monitored.js";
import type { MeasuredEvent } from "./measures.js";

/**
 * Something that is kept of a run's events, such as a curve to draw. What it keeps is plain data:
 * it is saved with the run's snapshots, so that a resumed run keeps the same, and is a part of the
 * finished run.
 */
export interface Recorder<S extends Json = Json> {
  /** What is kept before the first step; each run has a copy of it. */
  readonly start: S;
  /** What is kept after one more event; it may change `state` and return it. */
  update(state: S, event: MeasuredEvent): S;
  /**
   * What the recorder was made with. A study that continues refuses runs that were stored with
   * another description under the same name. @defaultValue null
   */
  readonly description?: Json;
}

/** Curves of one run over its steps, with at most as many points as were asked for. */
export type Curves = {
  /** Steps done at each point. */
  readonly steps: readonly number[];
  /** For each name the values at these points; null where one is not finite. */
  readonly values: ByPath<readonly (number | null)[]>;
  /** How many events a point is the mean of; it doubles when there are too many points. */
  readonly width: number;
  /** Events since the last point, which do not make one yet. */
  readonly rest: readonly ByPath<number | null>[];
};

export interface CurvesOptions {
  /** The most points that are kept. @defaultValue 256 */
  readonly points?: number;
}

/**
 * Records a value that a run has by name: `"loss"`, a batch's, or `"running.accuracy"`, over the
 * epoch so far, after each step; `"train.loss"` or `"validation.accuracy"` after each epoch.
 *
 * Where there are more events than points, each point is the mean of as many events in a row.
 *
 * @throws RangeError if the run has no value of that name
 */
export function curveOf(monitor: string, options: CurvesOptions = {}): Recorder<Curves> {
  const isLoss = monitor === "loss";
  const isOfStep = isLoss || String(monitor).startsWith("running.");
  const value = isLoss ? undefined : valueReader("curveOf", monitor, "running");
  return curves("curveOf", { type: "curveOf", monitor }, options, (event) => {
    if (event.type !== (isOfStep ? "step" : "epoch")) return undefined;
    if (value) return { [monitor]: value(event) };
    return event.type === "step" ? { loss: event.loss } : undefined;
  });
}

/**
 * Records values that a function reads of events, by name, such as the norms of all gradients of a
 * `statistics` event. Where there are more events than points, each is the mean of as many in a
 * row.
 *
 * @param read the values of an event, of the same names each time; undefined where it has none
 * @param description of `read`, for a study that continues: another one is another recorder
 */
export function curvesOf(
  read: (event: MeasuredEvent) => ByPath<number> | undefined,
  description: Json,
  options: CurvesOptions = {},
): Recorder<Curves> {
  callable("curvesOf", "read", read);
  return curves("curvesOf", { type: "curvesOf", description }, options, read);
}

function curves(
  who: string,
  description: ByPath<Json>,
  options: CurvesOptions,
  read: (event: MeasuredEvent) => ByPath<number> | undefined,
): Recorder<Curves> {
  const { points = 256 } = known(who, options, "points");
  wholeIn(who, "points", points, 2, 2 ** 20);
  const most = points - (points % 2); // two points in a row are made one
  return {
    start: { steps: [], values: {}, width: 1, rest: [] },
    description: { ...description, points },
    update(state, event) {
      const values = read(event);
      if (!values) return state;
      const rest = [...state.rest, finiteOrNull(values)];
      if (rest.length < state.width) return { ...state, rest };
      return state.steps.length < most
        ? withPoint(state, event.step, rest)
        : { ...halved(state), rest };
    },
  };
}

type Point = ByPath<number | null>;

const finiteOrNull = (values: ByPath<number>): Point =>
  mapped(values, (value) => (Number.isFinite(value) ? value + 0 : null)); // + 0: JSON has no −0

function mapped<A, B>(record: ByPath<A>, change: (value: A, name: string) => B): ByPath<B> {
  return Object.fromEntries(
    Object.entries(record).map(([name, value]) => [name, change(value, name)]),
  );
}

/** The mean; null if there is a null. */
function meanOf(values: readonly (number | null)[]): number | null {
  if (values.includes(null)) return null;
  return (values as readonly number[]).reduce((sum, value) => sum + value / values.length, 0);
}

/** The curves with one more point: the mean of these. */
function withPoint(
  { steps, values, width }: Curves,
  step: number,
  points: readonly Point[],
): Curves {
  return {
    steps: [...steps, step],
    values: mapped(points[0]!, (_, name) => [
      ...(values[name] ?? []),
      meanOf(points.map((point) => point[name] ?? null)),
    ]),
    width,
    rest: [],
  };
}

/** The curves with half as many points, each the mean of two. */
function halved({ steps, values, width }: Curves): Curves {
  const isLast = (i: number): boolean => i % 2 === 1;
  return {
    steps: steps.filter((_, i) => isLast(i)),
    values: mapped(values, (all) =>
      all.flatMap((value, i) => (isLast(i) ? [meanOf([all[i - 1]!, value])] : [])),
    ),
    width: 2 * width,
    rest: [],
  };
}
