import type { ByPath, NDArray } from "@tenon/contracts";
import { dense, flatten, relu, sequential } from "@tenon/layers";
import { adam } from "@tenon/optimizers";
import { earlyStopping } from "@tenon/regularizers";
import { curveOf, finalOf, fit, type CheckpointWriter, type EndEvent } from "@tenon/trainer";
import type { Measure, StudySetup } from "@tenon/trainer";
import { trainedCode } from "../code.js";
import type { Mark, Point } from "../chart.js";
import { experiment, type Drawn, type Ending, type Experiment } from "../experiment.js";
import type { Given, Picture } from "../experiment.js";
import { below } from "../leastSure.js";
import { asPercent } from "../measures.js";
import { curvesIn, linesOf, pointOf, selected } from "../pictures.js";
import { training } from "../training.js";

type Options = {
  /** Epochs without anything better until it stops; null: it never does. */
  readonly patience: number | null;
  readonly restoreBest: boolean;
};

/**
 * A value on the validation data of the weights that the run ends with: those of the best epoch
 * where they were restored, else those of the last one.
 */
function kept(name: "loss" | "accuracy"): Measure {
  return {
    better: name === "loss" ? "lower" : "higher",
    description: { type: "kept", name },
    result: (end) => keptEpoch(end)?.validation![name] ?? NaN,
  };
}

function keptEpoch({ history, params, snapshot }: EndEvent) {
  const best = history.find(({ epoch }) => epoch === snapshot.progress.best.epoch);
  const isRestored = Object.entries(params).some(
    ([path, { data }]) => snapshot.arrays[`params/${path}`]?.data !== data,
  );
  return isRestored ? best : history.at(-1);
}

/** The epoch after which a rule of this patience stops, counted from 1, and the best one so far. */
export function stopOf(
  losses: readonly (number | null)[],
  patience: number,
): { readonly stop: number; readonly best: number } {
  const stopper = earlyStopping({ patience });
  let state = stopper.start;
  for (const [i, loss] of losses.entries()) {
    const judged = stopper.observe(state, loss ?? NaN, i + 1);
    state = judged.state;
    if (judged.stop) return { stop: i + 1, best: state.bestEpoch };
  }
  return { stop: losses.length, best: state.bestEpoch };
}

const setup = ({ patience, restoreBest }: Options, given: Given): StudySetup => ({
  model: sequential(flatten(), dense(512), relu(), dense(512), relu(), dense(10)),
  ...training(given),
  optimizer: adam(),
  ...(patience !== null && { earlyStopping: earlyStopping({ patience, restoreBest }) }),
});

/** ‖a − b‖ over all parameters. */
export function distanceBetween(a: ByPath<NDArray>, b: ByPath<NDArray>): number {
  let sum = 0;
  for (const [path, { data }] of Object.entries(a))
    for (let i = 0; i < data.length; i++) sum += (data[i]! - b[path]!.data[i]!) ** 2;
  return Math.sqrt(sum);
}

/**
 * How far the weights are from those of the best epoch, before the first epoch and after each one.
 * Which epoch is the best is known at the end only: the run that never stops is trained again, with
 * the same bits.
 */
async function ending(options: Options, given: Given, end: EndEvent): Promise<Partial<Ending>> {
  if (options.patience !== null || end.reason !== "done") return {};
  const best = below(end.snapshot.arrays, "best/params/");
  const distances: number[] = [];
  const write: CheckpointWriter["write"] = (name, arrays) => {
    if (name === "last") distances.push(distanceBetween(below(arrays, "params/"), best));
  };
  const { model, validation: _, ...rest } = setup(options, given);
  for await (const __ of fit(model, { ...rest, seed: given.seed, checkpoints: { write } }));
  return { records: { distances } };
}

const validationLosses = (runs: Drawn["runs"], arm: string): readonly (number | null)[][] =>
  runs
    .filter((run) => run.arm === arm)
    .map(({ records }) => [...(curvesIn(records, "losses").values["validation.loss"] ?? [])]);

/** Where a rule stops the longest run, and the best epoch until then. */
function stopMarks({ arms, values, runs }: Drawn<Options>): readonly Mark[] {
  const [losses] = validationLosses(runs, longest(arms));
  if (!losses?.length) return [];
  const { stop, best } = stopOf(losses, Number(values["patience"]));
  return [
    { axis: "x", value: best, label: "bestEpoch" },
    ...(stop < losses.length ? [{ axis: "x", value: stop, label: "stopEpoch" } as const] : []),
  ];
}

const longest = (arms: Drawn<Options>["arms"]): string =>
  Object.keys(arms).find((arm) => arms[arm]!.patience === null)!;

const patiences = Array.from({ length: 15 }, (_, i) => i + 1);

/** What each patience would have given, computed of the runs that never stop. */
const byPatience: Picture<Options> = {
  id: "patience",
  chart({ arms, runs }) {
    const curves = validationLosses(runs, longest(arms)).filter((losses) => losses.length > 0);
    const points = (which: "stop" | "best"): Point[] =>
      patiences.map((patience) =>
        pointOf(
          patience,
          curves.map((losses) => losses[stopOf(losses, patience)[which] - 1]),
        ),
      );
    return {
      x: { label: "patience", scale: "linear" },
      y: { label: "validationLoss", scale: "linear" },
      series: [
        { arm: "last", kind: "line", points: points("stop") },
        { arm: "best", kind: "line", points: points("best") },
        {
          ...{ arm: longest(arms), kind: "line" },
          points: patiences.map((patience) =>
            pointOf(
              patience,
              curves.map((losses) => losses.at(-1)),
            ),
          ),
        },
      ],
    };
  },
};

/** How far the weights are from those of the best epoch. */
const distance: Picture<Options> = {
  id: "distance",
  chart({ arms, runs }) {
    const arm = longest(arms);
    const curves = runs.flatMap((run) =>
      run.arm === arm ? [(run.records?.["distances"] ?? []) as readonly number[]] : [],
    );
    const epochs = Math.max(0, ...curves.map((curve) => curve.length));
    return {
      x: { label: "epoch", scale: "linear" },
      y: { label: "distance", scale: "linear" },
      series: [
        {
          ...{ arm, kind: "line" },
          points: Array.from({ length: epochs }, (_, epoch) =>
            pointOf(
              epoch,
              curves.map((curve) => curve[epoch]),
            ),
          ),
        },
      ],
    };
  },
};

export const earlyStoppingTip: Experiment = experiment<Options>({
  id: "earlyStopping",
  formula: String.raw`t^* = \arg\min_{t} L_{\word{validation}}(w_t) \qquad \word{stop}\ t^* + p`,
  sizes: {
    quick: { train: 1000, validation: 1000, epochs: 30, batchSize: 50, seeds: 1 },
    full: { train: 1000, validation: 5000, epochs: 30, batchSize: 50, seeds: 8 },
  },
  controls: [
    { id: "patience", kind: "number", from: 1, to: 15, scale: "linear", values: 15, start: 3 },
  ],
  arms: ({ patience }) => ({
    none: { patience: null, restoreBest: false },
    last: { patience: Number(patience), restoreBest: false },
    best: { patience: Number(patience), restoreBest: true },
  }),
  setup,
  ending: { description: "distance of the weights from those of the best epoch", of: ending },
  measures: {
    loss: kept("loss"),
    accuracy: asPercent(kept("accuracy")),
    epochs: {
      better: "lower",
      description: "epochs",
      result: ({ history }) => history.length,
    },
    trainLoss: finalOf("train.loss", "lower"),
  },
  records: { losses: curveOf("validation.loss"), trainLosses: curveOf("train.loss") },
  claims: [
    { id: "lower", measure: "loss", better: "last", than: "none" },
    { id: "accuracy", measure: "accuracy", better: "best", than: "none" },
    { id: "sooner", measure: "epochs", arm: "best", atMost: 15 },
  ],
  pictures: [
    // The run that keeps its last weights has the same curve as the one that restores the best.
    selected<Options>(
      linesOf({
        ...{ id: "curves", record: "losses", curve: "validation.loss", x: "epoch" },
        y: { label: "validationLoss", scale: "linear", domain: [0, 0.8] },
        faint: { record: "trainLosses", curve: "train.loss", part: "training" },
        marks: stopMarks,
      }),
      ({ patience, restoreBest }) =>
        patience === null ? "none" : restoreBest ? "best" : undefined,
    ),
    byPatience,
    distance,
  ],
  code({ patience, restoreBest }, size, seed) {
    const rule = `earlyStopping({ patience: ${patience}, restoreBest: ${restoreBest} })`;
    return `import { dense, flatten, relu, sequential } from "@tenon/layers";
import { crossEntropy } from "@tenon/losses";
import { adam } from "@tenon/optimizers";
${patience === null ? "" : `import { earlyStopping } from "@tenon/regularizers";\n`}import { fit } from "@tenon/trainer";

const model = sequential(flatten(), dense(512), relu(), dense(512), relu(), dense(10));
const options = {
  ...{ train, validation, loss: crossEntropy, optimizer: adam(), ${trainedCode(size, seed)} },
${patience === null ? "" : `  earlyStopping: ${rule},\n`}};
for await (const event of fit(model, options))
  if (event.type === "epoch") console.log(event.epoch, event.validation!.loss);`;
  },
});
