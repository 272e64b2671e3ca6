import type { ByPath, Layer, NDArray, Shape } from "@tenon/contracts";
import { badArgument, known, sameShape } from "@tenon/guards";
import { show } from "./internal/header.js";
import { theirKernel } from "./internal/kernels.js";
import { imageOf, ownLayers } from "./internal/ownLayers.js";
import { insideTorch, inTorchOrder, packed } from "./internal/torchAttention.js";
import { isTurned, moduleOf, torchNames } from "./internal/torchNames.js";
import { checkArrays, checkNames, namesOfParts, type ModelWeights } from "./internal/weightsOf.js";

export interface ToTorchOptions {
  /**
   * PyTorch's name of each layer, by ours, as in `fromTorch`. @defaultValue our paths, with dots
   */
  readonly names?: Readonly<Record<string, string>>;
}

/**
 * A model's weights as tensors of a PyTorch `state_dict`; `writeSafetensors` makes a file of them
 * that `safetensors.torch.load_file` reads. The inverse of `fromTorch`.
 *
 * BatchNorm's `num_batches_tracked` is left out: `load_state_dict(…, strict=False)`.
 *
 * @param input shape of one example, [height, width, channels]
 * @throws where an array is missing, of another shape, or of a layer whose arrays PyTorch has not
 */
export function toTorch(
  model: Pick<Layer<unknown>, "type" | "plan" | "forward">,
  input: Shape,
  weights: Pick<ModelWeights, "params"> & Partial<ModelWeights>,
  options: ToTorchOptions = {},
): ByPath<NDArray> {
  const { names } = known("toTorch", options, "names");
  const layers = ownLayers("toTorch", model, input);
  const all = { ...weights?.params, ...weights?.stats };
  checkArrays("toTorch", all);
  const inside = insideTorch(layers);
  const given = names !== undefined ? namesOfParts(names, layers, inside) : undefined;
  if (given !== undefined) checkNames("toTorch", given, layers);
  const modules = layers.map((layer) => given?.[layer.path] ?? moduleOf(layer, inside));
  const nameOf = torchNames("toTorch", layers, modules);
  const tensors: Record<string, NDArray> = {};
  for (const layer of inTorchOrder(layers))
    for (const own of layer.arrays) {
      const array = all[own.path];
      if (array === undefined || !sameShape(array.shape, own.shape))
        throw badArgument(
          "toTorch",
          `${show(own.path)} of shape [${own.shape.join(", ")}]`,
          array ? `[${array.shape.join(", ")}]` : Object.keys(all).join(", "),
        );
      const name = nameOf(layer, own.name);
      tensors[name] = isTurned(own) ? theirKernel(array, imageOf(layer, own)) : array;
    }
  return packed(tensors, layers, modules);
}
