import type { ByPath, Layer, NDArray, Shape } from "@tenon/contracts";
import { badArgument, known, sameShape } from "@tenon/guards";
import { show } from "./internal/header.js";
import { ourKernel, theirShape } from "./internal/kernels.js";
import {
  imageOf,
  isRecurrent,
  ownLayers,
  type OwnArray,
  type OwnLayer,
} from "./internal/ownLayers.js";
import { insideTorch, inTorchOrder, unpacked } from "./internal/torchAttention.js";
import { isTurned, torchNames } from "./internal/torchNames.js";
import {
  checkArrays,
  checkNames,
  namesOfParts,
  weightsOf,
  type ModelWeights,
} from "./internal/weightsOf.js";

export interface FromTorchOptions {
  /**
   * PyTorch's name of each layer, by ours: `{ conv2d1: "features.0", dense1: "fc" }`; of an
   * attention or a transformer block as a whole, `{ transformerBlock1: "encoder.layers.0" }`. What
   * else the tensors hold is then left out. @defaultValue both in order, the same number of layers
   */
  readonly names?: Readonly<Record<string, string>>;
}

/**
 * A model's parameters and statistics from a PyTorch `state_dict`: `readTorch(bytes).tensors`, or
 * `readSafetensors(bytes).tensors` of one saved by safetensors.
 *
 * Kernels are turned from [out, in, rows, columns] to [rows, columns, in, out], those of linear
 * layers from [out, in] to [in, out]; behind a `flatten` of an image, the inputs are reordered from
 * [channels, height, width] to [height, width, channels].
 *
 * Recurrent layers of one module have its name each: `{ lstm1: "rnn", lstm2: "rnn" }` are its
 * layers 0 and 1, `{ "bidirectional1/forward": "rnn", "bidirectional1/backward": "rnn" }` its
 * directions.
 *
 * A `MultiheadAttention` has its kernels in one, `in_proj_weight`, which is cut into those of the
 * four layers `query`, `key`, `value` and `output` of our `multiHeadAttention`; how many heads
 * there are is not in a state dict. A `TransformerEncoderLayer` is a `transformerBlock`:
 * `{ normFirst: false, activation: relu() }` by PyTorch's defaults.
 *
 * For equal predictions the model must be the same function: `conv2d(3, 3, { padding: "same" })`
 * for `Conv2d(…, 3, padding=1)`, `batchNorm({ epsilon: 1e-5 })` for `BatchNorm2d`, `lstm(units, {
 * recurrentBias: true })` for `LSTM`, `gru(units, { gates: "rzn" })` for `GRU`.
 *
 * @param input shape of one example, [height, width, channels]
 * @throws where a tensor is missing, or not of the shape that the layer needs, or, without names,
 *   layers are not as many
 */
export function fromTorch(
  model: Pick<Layer<unknown>, "type" | "plan" | "forward">,
  input: Shape,
  tensors: ByPath<NDArray>,
  options: FromTorchOptions = {},
): ModelWeights {
  const { names } = known("fromTorch", options, "names");
  checkArrays("fromTorch", tensors);
  const layers = ownLayers("fromTorch", model, input);
  const apart = unpacked(tensors);
  const modules = names !== undefined ? named(names, layers) : inOrder(layers, modulesOf(apart));
  const nameOf = torchNames("fromTorch", layers, modules);
  for (const layer of layers) checkBiases(layer, (name) => nameOf(layer, name), apart);
  return weightsOf(layers, (layer, array) =>
    turned(layer, array, nameOf(layer, array.name), apart),
  );
}

/** The modules of layers by their names, or by those of the attention or block they are in. */
function named(
  names: Readonly<Record<string, string>>,
  layers: readonly OwnLayer[],
): readonly string[] {
  const all = namesOfParts(names, layers, insideTorch(layers));
  checkNames("fromTorch", all, layers);
  return layers.map(({ path }) => all[path]!);
}

/** The modules of layers where both are in one order. */
function inOrder(layers: readonly OwnLayer[], modules: readonly string[]): readonly string[] {
  if (modules.length !== layers.length)
    throw badArgument(
      "fromTorch",
      `${layers.length} layers with tensors, ${layers.map(({ path }) => path).join(", ")}`,
      `${modules.length}: ${modules.join(", ")}`,
      "say by names which is which",
    );
  const ordered = inTorchOrder(layers);
  return layers.map((layer) => modules[ordered.indexOf(layer)]!);
}

/** The names of modules that have tensors, in order. */
function modulesOf(tensors: ByPath<NDArray>): readonly string[] {
  return [...new Set(Object.keys(tensors).map((name) => name.replace(/\.?[^.]*$/, "")))];
}

/** Throws where a recurrent layer has no place for one of the module's biases. */
function checkBiases(
  layer: OwnLayer,
  nameOf: (array: string) => string,
  tensors: ByPath<NDArray>,
): void {
  if (!isRecurrent(layer)) return;
  for (const bias of ["bias", "recurrentBias"])
    if (tensors[nameOf(bias)] && !layer.arrays.some(({ name }) => name === bias))
      throw badArgument(
        "fromTorch",
        `${layer.path || layer.type} with a ${bias}, since there is ${show(nameOf(bias))}`,
        `a layer with ${layer.arrays.map(({ name }) => name).join(", ")}`,
        bias === "bias" ? "leave out useBias" : "give it { recurrentBias: true }",
      );
}

/** An array of a layer, of the tensor of this name. */
function turned(
  layer: OwnLayer,
  array: OwnArray,
  theirName: string,
  tensors: ByPath<NDArray>,
): NDArray {
  const { path, shape } = array;
  const tensor = tensors[theirName];
  if (tensor === undefined)
    throw badArgument(
      "fromTorch",
      `a tensor ${show(theirName)} for ${show(path)}`,
      Object.keys(tensors).join(", "),
    );
  const given = isTurned(array) ? theirShape(shape) : shape;
  if (!sameShape(tensor.shape, given))
    throw badArgument(
      "fromTorch",
      `${show(theirName)} of shape [${given.join(", ")}] for ${show(path)} [${shape.join(", ")}]`,
      `[${tensor.shape.join(", ")}]`,
    );
  return isTurned(array)
    ? ourKernel(tensor, shape, imageOf(layer, array))
    : { shape, dtype: "float32", data: Float32Array.from(tensor.data) };
}
