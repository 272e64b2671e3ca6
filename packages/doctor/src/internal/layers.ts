import type { ByPath, Shape, ValueStatistics } from "@tenon/contracts";
import type { LayerSetup, ObservedStep, RunRecord } from "../record.js";
import { rootMeanSquare } from "./numbers.js";

/** Layers that divide by a standard deviation: the scale of what they take does not matter. */
const norms = ["batchNorm", "layerNorm", "groupNorm", "instanceNorm", "rmsNorm"];
/** Whether a layer normalizes: by its type. */
export const isNorm = ({ type }: LayerSetup): boolean => norms.includes(type);

/** Layers whose output is a weighted sum, a rearrangement or a mean of their input. */
const linear = [
  ...["dense", "conv2d", "weightNorm", "flatten", "reshape", "dropout", "identity"],
  ...["avgPool2d", "globalAvgPool2d", "batchNorm"],
];
/** Whether a layer is linear in its input, outside training: by its type. */
export const isLinear = ({ type }: LayerSetup): boolean => linear.includes(type);

/** Whether a layer has a kernel: a parameter of two axes or more. */
export const hasKernel = ({ params = {}, type }: LayerSetup): boolean =>
  type !== "embedding" && Object.values(params).some(({ length }) => length > 1);

/** The layers of a record; none where they are not known. */
export const layersOf = ({ setup }: RunRecord): readonly LayerSetup[] => setup.layers ?? [];

/**
 * Whether what a layer gives is all that its network, or container, passes on: not so on one branch
 * of several, which are added or joined afterwards.
 */
export const isInRow = ({ path }: LayerSetup): boolean =>
  path
    .split("/")
    .slice(0, -1)
    .every((container) => /^sequential\d*$/.test(container));

/**
 * The last layer that changes values, not only their shape. Undefined where the network ends with
 * branches, whose sum no layer bounds.
 */
export function lastLayer(record: RunRecord): LayerSetup | undefined {
  const shaping = ["flatten", "reshape", "dropout", "identity"];
  const last = [...layersOf(record)].reverse().find(({ type }) => !shaping.includes(type));
  return last && isInRow(last) ? last : undefined;
}

/** The path that a layer takes its input from: `""` is the batch, undefined unknown. */
export function sourceOf(record: RunRecord, layer: LayerSetup): string | undefined {
  if (layer.from === null) return undefined;
  if (layer.from !== undefined) return layer.from;
  const layers = layersOf(record);
  const index = layers.indexOf(layer);
  return index === 0 ? "" : layers[index - 1]?.path;
}

/** What a layer was given in an observed step. */
export function inputOf(
  record: RunRecord,
  { input, layers }: ObservedStep,
  layer: LayerSetup,
): ValueStatistics | undefined {
  const source = sourceOf(record, layer);
  return source === "" ? input : source === undefined ? undefined : layers[source];
}

/** The shapes of all parameters by path; empty where the layers are not known. */
export function shapesOf(record: RunRecord): ByPath<Shape> {
  return Object.fromEntries(
    layersOf(record).flatMap(({ path, params = {} }) =>
      Object.entries(params).map(([name, shape]) => [
        path === "" ? name : `${path}/${name}`,
        shape,
      ]),
    ),
  );
}

/** By how much a layer with a kernel changes the size of what passes through it. */
export interface Gain {
  readonly layer: LayerSetup;
  /** The standard deviation of its output over the root mean square of its input. */
  readonly gain: number;
}

/**
 * The gains of the layers with a kernel in an observed step, but for those in front of a
 * normalization, which makes them meaningless, and those that were given zeros only. A kernel of
 * zeros has the gain 0.
 */
export function gainsIn(record: RunRecord, observed: ObservedStep): readonly Gain[] {
  const layers = layersOf(record);
  const normed = new Set(
    layers.filter(isNorm).map((layer) => sourceOf(record, layer) ?? "unknown"),
  );
  return layers.filter(hasKernel).flatMap((layer) => {
    const [before, after] = [inputOf(record, observed, layer), observed.layers[layer.path]];
    if (!before || !after || normed.has(layer.path)) return [];
    if (hasZeroKernel(layer, observed)) return [{ layer, gain: 0 }];
    const gain = after.std / rootMeanSquare(before);
    return Number.isFinite(gain) ? [{ layer, gain }] : [];
  });
}

const hasZeroKernel = ({ path, params = {} }: LayerSetup, observed: ObservedStep): boolean =>
  Object.entries(params).some(
    ([name, { length }]) =>
      length > 1 && observed.params[path === "" ? name : `${path}/${name}`]?.norm === 0,
  );

/**
 * The name of the layer that a parameter belongs to: `"dense1"` of `"dense1/kernel"`, `"fc1"` of
 * `"fc1.weight"`; the whole path where no layer is named.
 */
export const layerOf = (path: string): string => /^(.+)[/.][^/.]+$/.exec(path)?.[1] ?? path;
