import { badArgument } from "@tenon/guards";
import { show } from "./header.js";
import { isRecurrent, type OwnArray, type OwnLayer } from "./ownLayers.js";
import type { Inside } from "./weightsOf.js";

/** What PyTorch calls our arrays. */
const theirNames: Readonly<Record<string, string>> = {
  kernel: "weight",
  gamma: "weight",
  table: "weight",
  alpha: "weight",
  bias: "bias",
  beta: "bias",
  mean: "running_mean",
  variance: "running_var",
  count: "num_batches_tracked",
};

/** What it calls those of a recurrent layer, before the layer's number and direction. */
const theirRecurrentNames: Readonly<Record<string, string>> = {
  kernel: "weight_ih",
  recurrentKernel: "weight_hh",
  bias: "bias_ih",
  recurrentBias: "bias_hh",
};

/** Recurrent layers of both directions are one module of PyTorch. */
const backward = /\/backward$/;

/** Our name of a layer as a module's; in an attention or a block as it is called there. */
export function moduleOf(layer: OwnLayer, inside: Inside): string {
  const dotted = (path: string): string => path.replaceAll("/", ".");
  const names = layer.parents.map((parent) => inside(layer, parent, dotted(parent.path)));
  return names.find((name) => name !== undefined) ?? dotted(layer.path);
}

/**
 * The names in a state dict of the arrays of layers, whose modules have these names. Recurrent
 * layers of one module are its layers 0, 1 and so on.
 */
export function torchNames(
  who: string,
  layers: readonly OwnLayer[],
  modules: readonly string[],
): (layer: OwnLayer, name: string) => string {
  const isBackward = (i: number): boolean => backward.test(layers[i]!.path);
  return (layer, name) => {
    const at = layers.indexOf(layer);
    const module = modules[at]!;
    const prefix = module === "" ? "" : `${module}.`;
    const suffix = (isRecurrent(layer) ? theirRecurrentNames : theirNames)[name];
    if (suffix === undefined)
      throw badArgument(
        who,
        `arrays that PyTorch has, too: ${Object.keys(theirNames).join(", ")}`,
        show(layer.path === "" ? name : `${layer.path}/${name}`),
        "convert this layer by hand",
      );
    if (!isRecurrent(layer)) return prefix + suffix;
    const number = layers.filter(
      (other, i) =>
        i < at && modules[i] === module && isRecurrent(other) && isBackward(i) === isBackward(at),
    ).length;
    return `${prefix}${suffix}_l${number}${isBackward(at) ? "_reverse" : ""}`;
  };
}

/** Whether an array is a matrix or a kernel, whose axes have another order there. */
export const isTurned = ({ name, shape }: OwnArray): boolean =>
  (name === "kernel" || name === "recurrentKernel") && shape.length > 1;
