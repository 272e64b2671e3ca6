import type { ByPath, ParamStatistics, StepStatistics, ValueStatistics } from "@tenon/contracts";
import { badArgument, shown } from "@tenon/guards";
import type { RunEvent } from "../addEvent.js";
import type { ScoresByName } from "../record.js";

/** What was measured in a step, as far as it was: another library may have less. */
export interface SomeStatistics {
  /** Mean and standard deviation count as unknown where they are missing, fractions as 0. */
  readonly input?: Partial<ValueStatistics>;
  readonly layers?: ByPath<Partial<ValueStatistics>>;
  /** Norms count as unknown where they are missing, `updateRatio` as that of the norms. */
  readonly params?: ByPath<Partial<ParamStatistics>>;
}

/** The types of events. */
export const eventTypes: readonly string[] =
  "start step skipped statistics epoch nonFinite end checkpoint".split(" ");

/** Throws unless these figures of an event are finite numbers. */
export function stepOf(event: RunEvent, names: string): void {
  const given = event as unknown as Readonly<Record<string, unknown>>;
  for (const name of names.split(" "))
    if (!Number.isFinite(given[name]))
      throw badArgument("addEvent", `${article(event)} event with a number ${name}`, shown(event));
}

const article = ({ type }: RunEvent): string => `${/^[aeiou]/.test(type) ? "an" : "a"} ${type}`;

const words = ["NaN", "Infinity", "-Infinity"];

/** A figure. JSON has no NaN and no infinities: lines of JSON hold these words, or null. */
export function figureOf(event: RunEvent, name: string, value: unknown): number {
  if (typeof value === "number") return value;
  if (value === undefined || value === null) return NaN;
  if (words.includes(value as string)) return Number(value);
  throw badArgument("addEvent", `${article(event)} event with ${name} as a number`, shown(value));
}

/** Loss and metrics by name. */
export function scoresOf(event: RunEvent, name: string, scores: unknown): ScoresByName {
  if (!isObject(scores)) {
    const what = `${article(event)} event with ${name}, scores by name, such as { loss: 1.2 }`;
    throw badArgument("addEvent", what, shown(scores));
  }
  return mapped(scores, (value, score) => figureOf(event, score, value));
}

/** Statistics in which every figure is a number: NaN where it is not known. */
export function wholeStatistics(event: RunEvent & { readonly type: "statistics" }): StepStatistics {
  const figures = <T>(value: unknown, path: string, unknown: T): T => {
    if (!isObject(value))
      throw badArgument("addEvent", `figures of ${path} as an object`, shown(value));
    const given = mapped(unknown as Record<string, number>, (missing, name) =>
      value[name] === undefined ? missing : figureOf(event, `${name} of ${path}`, value[name]),
    );
    return { ...value, ...given } as T;
  };
  const { input = {}, layers = {}, params = {} } = event;
  const byPath = (name: string, values: unknown): Record<string, unknown> => {
    if (isObject(values)) return values;
    throw badArgument("addEvent", `a statistics event with ${name} by path`, shown(values));
  };
  return {
    input: figures(input, "input", values),
    layers: mapped(byPath("layers", layers), (layer, path) => figures(layer, path, values)),
    params: mapped(byPath("params", params), (param, path) => {
      const { norm, updateNorm, ...others } = figures(param, path, parameter);
      const { updateRatio = norm === 0 && updateNorm === 0 ? 0 : updateNorm / norm } = others;
      return { ...others, norm, updateNorm, updateRatio: figureOf(event, path, updateRatio) };
    }),
  };
}

const values: ValueStatistics = {
  ...{ mean: NaN, std: NaN },
  ...{ zeros: 0, dead: 0, saturated: 0, nonFinite: 0 },
};
const parameter: Omit<ParamStatistics, "updateRatio"> & { readonly updateRatio?: number } = {
  ...{ size: NaN, norm: NaN, gradientNorm: NaN, updateNorm: NaN, nonFinite: 0 },
};

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

const mapped = <V, W>(of: ByPath<V>, value: (entry: V, name: string) => W): Record<string, W> =>
  Object.fromEntries(Object.entries(of).map(([name, entry]) => [name, value(entry, name)]));
