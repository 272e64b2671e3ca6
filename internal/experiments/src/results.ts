import type { ByPath, Json } from "@tenon/contracts";
import type { ArmSummary, FinishedRun } from "@tenon/trainer";
import type { Chart, Point } from "./chart.js";
import { overall, type Judgement, type Verdict } from "./claim.js";
import type { Experiment, Size, Values } from "./experiment.js";
import { armResultsOf, judgementsOf, resultsOf } from "./runs.js";

/** How and where an experiment was run. */
export interface Provenance {
  /** The command that runs it again. */
  readonly command: string;
  /** When it ended, as ISO 8601 writes it. */
  readonly date: string;
  /** How long it took, in seconds, over all calls. */
  readonly seconds: number;
  readonly node: string;
  /** The processor and the system. */
  readonly machine: string;
  readonly threads: number;
  /** The version of the sources: a commit, or the version of the package. */
  readonly version: string;
}

/** One run, without its curves. */
export interface RunResult extends Omit<FinishedRun, "records"> {
  /** The SHA-256 of the weights, as `weightsDigest` has it. */
  readonly weights: string;
}

/** What an experiment has shown: plain data that the report, the page and docs are made of. */
export interface ExperimentResults {
  readonly format: 1;
  readonly id: string;
  /** Which of the experiment's sizes it was run at. A quick one decides less. */
  readonly sizeName: "quick" | "full";
  /** What was trained; `seeds` may be another number than the experiment's. */
  readonly size: Size;
  readonly values: Values;
  /** The options of each arm. */
  readonly arms: ByPath<Json>;
  /** Of each arm, mean and interval of its measures. */
  readonly summary: ByPath<ArmSummary>;
  /** The same of groups of arms, where the experiment has them: claims are of these. */
  readonly groups?: ByPath<ArmSummary>;
  readonly judgements: readonly Judgement[];
  readonly verdict: Verdict;
  readonly runs: readonly RunResult[];
  /** What each picture shows, by its id; of a long curve some of the points. */
  readonly charts: ByPath<Chart>;
  readonly provenance: Provenance;
}

/** What has been run, to make results of. */
export interface Done {
  readonly sizeName: ExperimentResults["sizeName"];
  readonly size: Size;
  readonly values: Values;
  readonly runs: readonly FinishedRun[];
  /** The digest of the weights of a run. */
  readonly weights: (run: FinishedRun) => string;
  readonly provenance: Provenance;
}

/** The results of an experiment. The same runs give the same JSON, but for the provenance. */
export function experimentResults(of: Experiment, done: Done): ExperimentResults {
  const { sizeName, size, values, runs, weights, provenance } = done;
  const arms = of.arms(values);
  const { arms: summary } = armResultsOf(of, runs);
  const judgements = judgementsOf(of, values, runs);
  const chart = (picture: Experiment["pictures"][number]): [string, Chart] => [
    picture.id,
    thinned(picture.chart({ arms, values, size, runs })),
  ];
  return {
    ...{ format: 1, id: of.id, sizeName, size, values, arms, summary },
    ...(of.groups && { groups: resultsOf(of, values, runs).arms }),
    ...{ judgements, verdict: overall(judgements) },
    runs: runs.map((run) => {
      const { arm, seed, reason, steps, epochs, measures } = run;
      return { arm, seed, reason, steps, epochs, measures, weights: weights(run) };
    }),
    charts: Object.fromEntries(of.pictures.map(chart)),
    provenance,
  };
}

/** The most points of a series that are kept. */
const mostPoints = 128;

/** A chart with fewer points and digits than a curve has: what can be seen. */
function thinned(chart: Chart): Chart {
  const rounded = (value: number): number => Number(value.toPrecision(6));
  const point = ({ x, y, low, high }: Point): Point => ({
    x: rounded(x),
    y: y === null ? null : rounded(y),
    ...(low !== undefined && { low: rounded(low) }),
    ...(high !== undefined && { high: rounded(high) }),
  });
  const some = (points: readonly Point[]): Point[] => {
    const every = Math.ceil(points.length / mostPoints);
    const isKept = (_: Point, i: number): boolean => i % every === 0 || i === points.length - 1;
    return points.filter(isKept).map(point);
  };
  return {
    ...chart,
    series: chart.series.map((series) => ({ ...series, points: some(series.points) })),
    ...(chart.levels && { levels: chart.levels.map(some) }),
  };
}

/**
 * Results from their JSON.
 *
 * @param where the file they are from, for messages
 * @throws Error naming the first part that is missing or of another kind
 */
export function parseResults(text: string, where: string): ExperimentResults {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new Error(`parseResults: expected JSON in ${where}: ${(error as Error).message}`, {
      cause: error,
    });
  }
  check(value, where);
  return value as ExperimentResults;
}

type Kind = "string" | "number" | "object" | "list";

const parts: readonly (readonly [path: string, kind: Kind])[] = [
  ["id", "string"],
  ["sizeName", "string"],
  ...["train", "validation", "epochs", "batchSize", "seeds"].map(
    (name) => [`size.${name}`, "number"] as const,
  ),
  ...["values", "arms", "summary", "charts"].map((name) => [name, "object"] as const),
  ["verdict", "string"],
  ["judgements", "list"],
  ["runs", "list"],
  ...["command", "date", "node", "machine", "version"].map(
    (name) => [`provenance.${name}`, "string"] as const,
  ),
  ["provenance.seconds", "number"],
  ["provenance.threads", "number"],
];

function check(value: unknown, where: string): void {
  const fail = (path: string, expected: string, got: unknown): never => {
    const text = JSON.stringify(got) ?? "nothing";
    throw new Error(
      `parseResults: expected ${expected} as ${path} in ${where}, got ${text.slice(0, 60)}; ` +
        "write the file again by npm run lab",
    );
  };
  const expect = (from: unknown, path: string, kind: Kind, prefix = ""): unknown => {
    const found = path
      .split(".")
      .reduce<unknown>((at, name) => (at as ByPath<unknown> | undefined)?.[name], from);
    const actual = Array.isArray(found) ? "list" : found === null ? "null" : typeof found;
    if (actual !== kind) fail(prefix + path, kind === "list" ? "a list" : `a ${kind}`, found);
    return found;
  };
  const format = (value as { format?: unknown } | null)?.format;
  if (format !== 1) fail("format", "1", format);
  for (const [path, kind] of parts) expect(value, path, kind);
  const { sizeName, judgements, runs, charts, arms, summary } = value as ExperimentResults;
  if (sizeName !== "quick" && sizeName !== "full") fail("sizeName", "quick or full", sizeName);
  for (const [i, judgement] of judgements.entries()) {
    const prefix = `judgements.${i}.`;
    for (const name of ["id", "verdict"]) expect(judgement, name, "string", prefix);
    for (const name of ["n", "missing"]) expect(judgement, name, "number", prefix);
  }
  for (const [i, run] of runs.entries()) {
    const prefix = `runs.${i}.`;
    for (const name of ["arm", "reason", "weights"]) expect(run, name, "string", prefix);
    for (const name of ["seed", "steps", "epochs"]) expect(run, name, "number", prefix);
    expect(run, "measures", "object", prefix);
  }
  for (const arm of Object.keys(arms))
    if (!summary[arm]) fail(`summary.${arm}`, "a summary", summary[arm]);
  for (const [id, chart] of Object.entries(charts)) {
    for (const axis of ["x.label", "x.scale", "y.label", "y.scale"])
      expect(chart, axis, "string", `charts.${id}.`);
    for (const [i, series] of (expect(chart, "series", "list") as unknown[]).entries())
      expect(series, "points", "list", `charts.${id}.series.${i}.`);
  }
}
