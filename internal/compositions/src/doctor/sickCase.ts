import type { Init, Layer } from "@tenon/contracts";
import type { FindingId } from "@tenon/doctor";
import { heNormal } from "@tenon/init";
import { activation, dense, relu, sequential } from "@tenon/layers";
import { crossEntropy } from "@tenon/losses";
import { accuracy } from "@tenon/metrics";
import { adam } from "@tenon/optimizers";
import type { Tensor } from "@tenon/tensor";
import { blobs, labelled, parted, spirals, strokes, valued, waves, type Examples } from "./data.js";
import type { Outcome, Run } from "./run.js";

/** A network that was made sick on purpose, and the same one after the tip was followed. */
export interface Case {
  readonly name: string;
  readonly expected: FindingId;
  readonly kind?: string;
  /** Another network with the same sickness, for `npm run test:long`. */
  readonly long?: true;
  readonly sick: Run;
  readonly cured: Run;
  /** Whether a run has learnt. */
  readonly learnt: (outcome: Outcome) => boolean;
}

export const repeated = (count: number, make: () => Layer<Tensor>[]): Layer<Tensor>[] =>
  Array.from({ length: count }, make).flat();

export const isAccurate =
  (least: number): Case["learnt"] =>
  ({ scores }) =>
    (scores["accuracy"] ?? 0) >= least;
export const isClose =
  (most: number): Case["learnt"] =>
  ({ scores }) =>
    (scores["loss"] ?? Infinity) <= most;

export const log = (): Layer<Tensor> => activation("log", (x) => x.log());

export const classes: Pick<Run, "loss" | "metrics"> = {
  loss: crossEntropy,
  metrics: [accuracy],
};
export const clouds: Run["data"] = parted(blobs(480, 4, 8), 384, labelled);
export const images: Run["data"] = parted(strokes(480), 384, labelled);
export const curls: Run["data"] = parted(spirals(600), 480, labelled);
export const withOutlier: Examples = {
  rows: waves(384).rows.map((row, i) => (i === 200 ? row.map((x) => 100 * x) : row)),
  targets: waves(384).targets,
};
// The line explains a third of their variance.
export const steepWaves: Examples = {
  rows: waves(480).rows,
  targets: waves(480).rows.map(([x, y]) => 1.2 * Math.sin(3 * x!) + 0.6 * y!),
};
export const values: Run["data"] = parted(waves(480), 384, valued);

export const mlp = (...options: Parameters<typeof dense>[1][]): Layer<Tensor> =>
  sequential(dense(32, options[0]), relu(), dense(32, options[0]), relu(), dense(4, options[0]));

export const deep = (
  kernelInit: Init = heNormal(),
  act: () => Layer<Tensor> = relu,
  layers = 8,
): Layer<Tensor> =>
  sequential(...repeated(layers, () => [dense(16, { kernelInit }), act()]), dense(4));

export const base: Omit<Run, "model"> = {
  ...classes,
  data: clouds,
  optimizer: adam({ learningRate: 0.01 }),
  epochs: 8,
};
