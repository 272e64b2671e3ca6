import type { ParamStatistics, StepStatistics, ValueStatistics } from "@tenon/contracts";
import { addEvent, type RunEvent } from "../addEvent.js";
import { newRecord, type DataMeasures, type RunRecord } from "../record.js";
import type { LayerSetup, Setup } from "../record.js";

/** Values as a healthy layer gives them, but for what is said. */
export const values = (given: Partial<ValueStatistics> = {}): ValueStatistics => ({
  ...{ mean: 0, std: 1, zeros: 0, dead: 0, saturated: 0, nonFinite: 0 },
  ...given,
});

/** A parameter as it is in a healthy run, but for what is said. */
export const parameter = (given: Partial<ParamStatistics> = {}): ParamStatistics => {
  const { norm = 4, gradientNorm = 0.4, updateNorm = 0.004, size = 256 } = given;
  const updateRatio = updateNorm / norm;
  return { size, norm, gradientNorm, updateNorm, updateRatio, nonFinite: 0, ...given };
};

/** Three dense layers of 16 units with ReLUs between them. */
export const layers: readonly LayerSetup[] = [
  ...[1, 2].flatMap((i): LayerSetup[] => [
    { path: `dense${i}`, type: "dense", output: [16], params: { kernel: [16, 16], bias: [16] } },
    { path: `relu${i}`, type: "relu", output: [16], params: {} },
  ]),
  { path: "dense3", type: "dense", output: [4], params: { kernel: [16, 4], bias: [4] } },
];

export const setup: Setup = {
  ...{ layers, input: [16], classes: 4, loss: "crossEntropy", optimizer: "sgd", decays: [] },
  ...{ batchSize: 32, examples: 640, epochs: 10, stepsPerEpoch: 20 },
};

export const data: DataMeasures = {
  ...{ examples: 640, features: 16, constantFeatures: 0, scaleRatio: 1, offCentre: 0 },
  ...{ nonFinite: 0, classCounts: [160, 160, 160, 160] },
  input: { mean: 0, std: 1, min: -3, max: 3 },
  targets: { mean: 1.5, std: 1.1, min: 0, max: 3 },
};

/** What is said of single layers and parameters in an observed step. */
export interface Said {
  readonly input?: Partial<ValueStatistics>;
  readonly layers?: Readonly<Record<string, Partial<ValueStatistics>>>;
  readonly params?: Readonly<Record<string, Partial<ParamStatistics>>>;
}

/** A healthy observed step of the three layers, but for what is said. */
export function observed(
  step: number,
  said: Said = {},
): StepStatistics & { readonly step: number } {
  const all = (said.params ?? {})["*"];
  return {
    step,
    input: values(said.input),
    layers: Object.fromEntries(
      layers.map(({ path, type }) => [
        path,
        values({
          ...(type === "relu" && { mean: 0.4, std: 0.6, zeros: 0.5 }),
          ...said.layers?.[path],
        }),
      ]),
    ),
    params: Object.fromEntries(
      layers.flatMap(({ path, params = {} }) =>
        Object.entries(params).map(([name, shape]) => [
          `${path}/${name}`,
          parameter({
            size: shape.reduce((a, b) => a * b, 1),
            ...(name === "bias" && step <= 1 && { norm: 0 }),
            ...all,
            ...said.params?.[`${path}/${name}`],
          }),
        ]),
      ),
    ),
  };
}

/** A record after these events. */
export const recordOf = (
  events: readonly RunEvent[],
  known: { readonly setup?: Setup; readonly data?: DataMeasures } = { setup, data },
): RunRecord => events.reduce(addEvent, newRecord(known));

/** Events of steps with these losses, each observed as `said` says. */
export function stepsOf(
  losses: readonly number[],
  said: (step: number) => Said | undefined = () => ({}),
): RunEvent[] {
  return losses.flatMap((loss, i): RunEvent[] => {
    const figures = said(i + 1);
    const statistics: RunEvent[] = figures
      ? [{ type: "statistics", ...observed(i + 1, figures) }]
      : [];
    return [{ type: "step", step: i + 1, loss }, ...statistics];
  });
}

/** This many losses that fall from one value towards another. */
export const falling = (count: number, from = 1.386, to = 0.05): number[] =>
  Array.from({ length: count }, (_, i) => to + (from - to) * Math.exp((-5 * i) / count));

export const constant = (count: number, value: number): number[] =>
  Array.from({ length: count }, () => value);

/** Epochs with these losses of training and validation. */
export const epochsOf = (losses: readonly (readonly [number, number?])[], steps = 20): RunEvent[] =>
  losses.map(([train, validation], i) => ({
    ...{ type: "epoch", epoch: i + 1, step: steps * (i + 1), train: { loss: train } },
    ...(validation !== undefined && { validation: { loss: validation } }),
  }));

/** This many epochs whose losses stay as they are. */
export const restingEpochs = (count: number, train: number, validation?: number): RunEvent[] =>
  epochsOf(
    Array.from({ length: count }, () =>
      validation === undefined ? ([train] as const) : ([train, validation] as const),
    ),
  );
