import type { ByPath, Layer, LayerPlan } from "@tenon/contracts";
import { known, whole } from "@tenon/guards";
import { sizeOf, tensor, type Tensor } from "@tenon/tensor";
import type { ObservedTensors } from "../statistics.js";
import type { Observed } from "../statisticsOf.js";
import type { ObserveOptions } from "../trainingStep.js";
import { paramSums, unitsOf, valueSums } from "./sums.js";

/** Throws unless these options say what is observed. */
export function checkObserve(who: string, observe: ObserveOptions): void {
  const { histograms } = known(`${who}'s observe`, observe, "histograms");
  if (histograms !== undefined) whole(who, "observe.histograms", histograms, 1);
}

/** The figures from which the statistics of a step are computed, as tensors of the same graph. */
export function observedOf(
  model: Layer<Tensor>,
  { x, layers: tapped, predictions, params, gradients, updates }: ObservedTensors,
  { histograms }: ObserveOptions,
): Observed<Tensor> {
  const plan = model.plan(x.shape.slice(1));
  const layers = new Map(tapped);
  // A model that is not made of layers has not passed its output to the tap.
  if (![...tapped.values()].includes(predictions)) layers.set(model.type, predictions);
  const ranges = new Map([[model.type, plan.range], ...rangesOf(plan)]);
  const all = [x, ...layers.values()];
  const sizes: number[] = [];
  const sums = (given: Tensor, range?: LayerPlan["range"]): ByPath<Tensor> => {
    // The figures of an array in another shape, with more units, are those of this one, too.
    const reshaped = range ? undefined : all.find((other) => isFlattened(given, other));
    sizes.push(sizeOf(given.shape), unitsOf(given));
    return valueSums(reshaped ?? given, range, histograms);
  };
  return {
    input: sums(x),
    layers: Object.fromEntries(
      [...layers].map(([path, output]) => [path, sums(output, ranges.get(path))]),
    ),
    params: Object.fromEntries(
      Object.entries(params).map(([path, value]) => {
        sizes.push(sizeOf(value.shape));
        return [path, paramSums(value, gradients[path]!, updates[path]!, histograms)];
      }),
    ),
    sizes: tensor(Int32Array.from(sizes)),
  };
}

/** Whether an array is another one with its last axes made one, so that each unit has several. */
function isFlattened(x: Tensor, other: Tensor): boolean {
  return other.op.name === "reshape" && other.inputs[0] === x && unitsOf(other) % unitsOf(x) === 0;
}

/** The ranges of bounded activations inside a layer, by path. */
function rangesOf({ parts = [] }: LayerPlan, before = ""): [string, LayerPlan["range"]][] {
  return parts.flatMap(({ path, plan }) => [
    [before + path, plan.range],
    ...rangesOf(plan, `${before}${path}/`),
  ]);
}
