import { figure, table } from "../table.js";
import type { Outcome } from "./outcome.js";

/** A line about a contender in a work; times in milliseconds a step. */
export interface TimeLine {
  readonly work: string;
  readonly contender: string;
  /** Each loss is read before the next step begins. */
  readonly waiting?: number;
  /** Many steps in a row, as the library does that best. */
  readonly together?: number;
  /** Of the first steps. */
  readonly losses?: readonly number[];
}

interface ProductLine {
  readonly product: number;
  readonly ms: number;
  readonly tflops: number;
}

interface TrainLine {
  readonly recipe: string;
  readonly seed: number;
  readonly seconds: number;
  readonly accuracy: number;
}

/** The contender that others are compared with. */
const ours = "Tenon, fed rows";
/** Works whose losses do not depend on masks that each library draws by itself. */
const withoutMasks = ["W1", "W2"];

/** Three significant digits. */
const milliseconds = (ms: number): string => (ms < 1000 ? ms.toPrecision(3) : ms.toFixed(0));

const has = <T>(key: keyof T & string, lines: readonly unknown[]): T[] =>
  (lines as T[]).filter((line) => key in (line as object));

/** What all parts found, as tables; empty ones are left out. */
export function tablesOf(outcomes: readonly Outcome[]): string[] {
  const lines = outcomes.flatMap((outcome) => outcome.lines);
  return [
    timeTable(has<TimeLine>("contender", lines)),
    productTable(has<ProductLine>("product", lines)),
    trainTable(has<TrainLine>("recipe", lines)),
    partTable(outcomes),
  ].filter((drawn) => drawn !== "");
}

/** Milliseconds a step, and in brackets how many times those of Tenon that is. */
export function timeTable(lines: readonly TimeLine[]): string {
  if (lines.length === 0) return "";
  const names = [...new Set(lines.map(({ contender }) => contender))];
  const works = [...new Set(lines.map(({ work }) => work))].sort();
  const lineOf = (name: string, work: string): TimeLine | undefined =>
    lines.find(({ contender, work: other }) => contender === name && other === work);
  const cell = (name: string, work: string, kind: "waiting" | "together"): string => {
    const ms = lineOf(name, work)?.[kind];
    const tenon = lineOf(ours, work)?.[kind];
    if (ms === undefined) return "";
    return tenon === undefined || name === ours
      ? milliseconds(ms)
      : `${milliseconds(ms)} (${figure(ms / tenon)})`;
  };
  const apart = (name: string): string => {
    const differences = withoutMasks.flatMap((work) => {
      const [a, b] = [ours, name].map((of) => lineOf(of, work)?.losses ?? []);
      return a!.slice(0, b!.length).map((loss, i) => Math.abs(loss - b![i]!));
    });
    return differences.length === 0 || name === ours
      ? ""
      : Math.max(...differences).toExponential(0);
  };
  const head = [
    "ms a step (times Tenon's)",
    ...works.map((work) => `${work}, back to back`),
    ...works.map((work) => `${work}, each loss read`),
    "first losses apart",
  ];
  return table(
    head,
    names.map((name) => [
      name,
      ...works.map((work) => cell(name, work, "together")),
      ...works.map((work) => cell(name, work, "waiting")),
      apart(name),
    ]),
  );
}

const productTable = (lines: readonly ProductLine[]): string =>
  lines.length === 0
    ? ""
    : table(
        ["product", "ms", "TFLOP/s"],
        lines.map(({ product, ms, tflops }) => [`${product}³`, milliseconds(ms), tflops]),
      );

const trainTable = (lines: readonly TrainLine[]): string =>
  lines.length === 0
    ? ""
    : table(
        ["--recipe fast", "pipelines", "s of training", "test accuracy, %"],
        lines.map(({ seed, seconds, accuracy }, i) => [
          `seed ${seed}`,
          i === 0 ? "made in it" : "made before",
          seconds,
          (100 * accuracy).toFixed(2),
        ]),
      );

const partTable = (outcomes: readonly Outcome[]): string =>
  table(
    ["part", "", "", "s"],
    outcomes.map(({ part, state, why, seconds }) => [part.name, state, why, seconds.toFixed(0)]),
    3,
  );
