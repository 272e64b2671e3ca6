import type { Transform } from "@tenon/contracts";
import { dense, flatten, relu, sequential } from "@tenon/layers";
import { addDecayedWeights, chain, scaleByAdam, scaleByLearningRate } from "@tenon/optimizers";
import { finalOf, statistics, type FinishedRun, type Measure } from "@tenon/trainer";
import { trainedCode } from "../code.js";
import { experiment, type Drawn, type Experiment } from "../experiment.js";
import { histogramGrid, histogramsOf } from "../histograms.js";
import { finalAccuracy } from "../measures.js";
import { selected, sweepOf } from "../pictures.js";
import { training } from "../training.js";

const forms = ["l2", "decoupled"] as const;
/** 10⁻⁵ to 10. */
const lambdas = Array.from({ length: 7 }, (_, i) => Number((10 ** (i - 5)).toPrecision(1)));

type Options = {
  readonly form: "none" | (typeof forms)[number];
  /** The gradient, or the step, has λ times the weight added. */
  readonly lambda: number;
  readonly optimizer: string;
  /** Whether its weights are drawn. */
  readonly isShown: boolean;
};

/** L2 is a part of the gradient that a rule such as Adam scales; decoupled decay comes after it. */
function optimizerOf({ form, lambda, optimizer }: Options): Transform {
  const only = (path: string): boolean => path.endsWith("kernel");
  const decay = form === "none" ? [] : [addDecayedWeights(lambda, { only })];
  const rule = optimizer === "adam" ? [scaleByAdam()] : [];
  const rate = scaleByLearningRate(optimizer === "adam" ? 0.001 : 0.1);
  return form === "decoupled" ? chain(...rule, ...decay, rate) : chain(...decay, ...rule, rate);
}

const gap: Measure = {
  better: "lower",
  description: "validation loss − training loss",
  result({ history }) {
    const last = history.at(-1);
    return last ? last.validation!["loss"]! - last.train["loss"]! : NaN;
  },
};

const measures = {
  loss: finalOf("validation.loss", "lower"),
  accuracy: finalAccuracy(),
  gap,
};

/** The loss of an arm without decay, as a line across the picture. */
function plainLoss({ runs, arms }: Drawn<Options>): number | undefined {
  const losses = runs.flatMap(({ arm, measures }) =>
    arms[arm]!.form === "none" && typeof measures?.["loss"] === "number" ? [measures["loss"]] : [],
  );
  return losses.length > 0 ? losses.reduce((sum, x) => sum + x / losses.length, 0) : undefined;
}

/**
 * For each seed the run of the arm that has the lowest mean loss with the other seeds, so that the
 * choice does not depend on what it is judged by; with one seed, the lowest of this seed.
 */
export function chosen(runs: readonly FinishedRun[]): readonly FinishedRun[] {
  const seeds = [...new Set(runs.map(({ seed }) => seed))];
  const arms = [...new Set(runs.map(({ arm }) => arm))];
  return seeds.flatMap((seed) => {
    const lossOf = (arm: string): number => {
      const others = runs.filter(
        (run) => run.arm === arm && (seeds.length === 1 || run.seed !== seed),
      );
      const losses = others.map(({ measures }) => measures["loss"] ?? Infinity);
      return losses.length > 0 ? losses.reduce((sum, x) => sum + x, 0) / losses.length : Infinity;
    };
    const best = arms.reduce((a, b) => (lossOf(b) < lossOf(a) ? b : a));
    return runs.filter((run) => run.arm === best && run.seed === seed);
  });
}

export const weightDecayTip: Experiment = experiment<Options>({
  id: "weightDecay",
  formula: String.raw`\arm{decoupled}{w \leftarrow w - \eta\,(\operatorname{Adam}(g) + \lambda w)} \qquad \arm{l2}{w \leftarrow w - \eta \operatorname{Adam}(g + \lambda w)}`,
  sizes: {
    quick: { train: 1000, validation: 2000, epochs: 30, batchSize: 50, seeds: 1 },
    full: { train: 1000, validation: 5000, epochs: 30, batchSize: 50, seeds: 8 },
  },
  controls: [
    { id: "lambda", kind: "number", from: 1e-5, to: 10, scale: "log", values: 7, start: 0.1 },
    { id: "optimizer", kind: "choice", choices: ["adam", "sgd"], start: "adam" },
  ],
  arms({ lambda, optimizer }) {
    const isShown = (other: number): boolean => Math.abs(Math.log10(other / Number(lambda))) < 0.5;
    const arm = (form: Options["form"], lambda: number): Options => ({
      ...{ form, lambda, optimizer: String(optimizer) },
      isShown: form === "none" || isShown(lambda),
    });
    return {
      none: arm("none", 0),
      ...Object.fromEntries(
        lambdas.flatMap((lambda) =>
          forms.map((form) => [`${form} λ=${lambda}`, arm(form, lambda)] as const),
        ),
      ),
    };
  },
  setup: (options, given) => ({
    model: sequential(flatten(), dense(128), relu(), dense(10)),
    ...training(given),
    optimizer: optimizerOf(options),
    ...(options.isShown && { observe: statistics({ every: 20, histograms: 101 }) }),
  }),
  measures,
  records: {
    weights: histogramsOf("last", ({ params }) =>
      Object.fromEntries(
        Object.entries(params)
          .filter(([path]) => path.endsWith("/kernel"))
          .map(([, { histogram }], i) => [String(i + 1), histogram]),
      ),
    ),
  },
  groups: {
    measures,
    of: (runs, arms) =>
      (["none", ...forms] as const).flatMap((form) =>
        chosen(runs.filter(({ arm }) => arms[arm]!.form === form)).map((run): FinishedRun => ({
          ...run,
          arm: form,
        })),
      ),
  },
  claims: [
    { id: "l2", measure: "loss", better: "l2", than: "none" },
    { id: "decoupled", measure: "loss", better: "decoupled", than: "none" },
    { id: "gap", measure: "gap", better: "decoupled", than: "none" },
    { id: "accuracy", measure: "accuracy", better: "decoupled", than: "none" },
    { id: "adamw", measure: "loss", better: "decoupled", than: "l2" },
  ],
  lines: { "{kind} λ={lambda}": "{kind}" },
  pictures: [
    ...(["loss", "gap"] as const).map((measure) => ({
      id: measure,
      chart(drawn: Drawn<Options>) {
        const plain = measure === "loss" ? plainLoss(drawn) : undefined;
        return selected<Options>(
          sweepOf<Options>({
            ...{ id: measure, measure },
            x: { label: "lambda", scale: "log" },
            ...{ option: ({ lambda }) => lambda, group: ({ form }) => form },
            y:
              measure === "loss"
                ? { label: "validationLoss", scale: "linear", domain: [0.4, 1] }
                : { label: "gap", scale: "linear" },
            marks: ({ values }) => [
              { axis: "x", value: Number(values["lambda"]), label: "ownLambda" },
              ...(plain === undefined
                ? []
                : [{ axis: "y", value: plain, label: "noDecay" } as const]),
            ],
          }),
          ({ form, lambda }) => (form === "none" ? undefined : `${form} ${lambda}`),
        ).chart(drawn);
      },
    })),
    selected<Options>(
      histogramGrid({
        ...{ id: "weights", record: "weights", x: "weight", columns: "layer" },
        domain: [-0.3, 0.3],
      }),
      ({ form, isShown }) => (isShown ? form : undefined),
    ),
  ],
  code({ form, lambda, optimizer }, size, seed) {
    const isAdam = optimizer === "adam";
    const rule = isAdam ? ["scaleByAdam()"] : [];
    const decay = form === "none" ? [] : ["decay"];
    const parts = form === "decoupled" ? [...rule, ...decay] : [...decay, ...rule];
    const names = [
      ...(decay.length > 0 ? ["addDecayedWeights"] : []),
      ...["chain", ...(isAdam ? ["scaleByAdam"] : []), "scaleByLearningRate"],
    ];
    const decayLines = `const only = (path: string) => path.endsWith("kernel");
const decay = addDecayedWeights(${lambda}, { only });
`;
    return `import { dense, flatten, relu, sequential } from "@tenon/layers";
import { crossEntropy } from "@tenon/losses";
import { ${names.join(", ")} } from "@tenon/optimizers";
import { fit } from "@tenon/trainer";

const model = sequential(flatten(), dense(128), relu(), dense(10));
${decay.length > 0 ? decayLines : ""}const rate = scaleByLearningRate(${isAdam ? 0.001 : 0.1});
const optimizer = chain(${[...parts, "rate"].join(", ")});
const lengths = { ${trainedCode(size, seed)} };
const options = { train, validation, loss: crossEntropy, optimizer, ...lengths };
for await (const event of fit(model, options))
  if (event.type === "epoch") console.log(event.train.loss, event.validation!.loss);`;
  },
});
