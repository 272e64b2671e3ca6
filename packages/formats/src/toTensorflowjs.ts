import type { ByPath, Layer, NDArray, Shape } from "@tenon/contracts";
import { badArgument, known, sameShape } from "@tenon/guards";
import { show } from "./internal/header.js";
import { ownLayers, type OwnLayer } from "./internal/ownLayers.js";
import { checkArrays, checkNames, type ModelWeights } from "./internal/weightsOf.js";

export interface ToTensorflowjsOptions {
  /**
   * What TensorFlow.js calls each layer, by our name: `{ dense1: "head" }`.
   * @defaultValue by class and number, as it counts in a page's first model: `"dense_Dense1"`
   */
  readonly names?: Readonly<Record<string, string>>;
}

/**
 * A model's weights under the names that a TensorFlow.js layers model has, which
 * `writeTensorflowjs` makes a file of. The inverse of `fromTensorflowjs`.
 *
 * Layouts are Keras', and ours: what is said of models in `fromKeras` is true here.
 *
 * @param input shape of one example, [height, width, channels]
 * @throws where an array is missing, of another shape, or of a layer that TensorFlow.js has not
 */
export function toTensorflowjs(
  model: Pick<Layer<unknown>, "type" | "plan" | "forward">,
  input: Shape,
  weights: Pick<ModelWeights, "params"> & Partial<ModelWeights>,
  options: ToTensorflowjsOptions = {},
): ByPath<NDArray> {
  const { names } = known("toTensorflowjs", options, "names");
  const layers = ownLayers("toTensorflowjs", model, input);
  const all = { ...weights?.params, ...weights?.stats };
  checkArrays("toTensorflowjs", all);
  if (names !== undefined) checkNames("toTensorflowjs", names, layers);
  const counts = new Map<string, number>();
  const arrays: Record<string, NDArray> = {};
  for (const layer of layers) {
    const { called, renamed = {} } = theirs(layer);
    const count = (counts.get(called) ?? 0) + 1;
    counts.set(called, count);
    for (const { path, name, shape } of layer.arrays) {
      const array = all[path];
      if (array === undefined || !sameShape(array.shape, shape))
        throw badArgument(
          "toTensorflowjs",
          `${show(path)} of shape [${shape.join(", ")}]`,
          array ? `[${array.shape.join(", ")}]` : Object.keys(all).join(", "),
        );
      const theirName = `${names?.[layer.path] ?? called + count}/${renamed[name] ?? name}`;
      if (Object.hasOwn(arrays, theirName))
        throw badArgument("toTensorflowjs", "another name for each layer", show(theirName));
      arrays[theirName] = array;
    }
  }
  return arrays;
}

/** What TensorFlow.js calls a layer of some type, and its arrays where it calls them otherwise. */
interface Theirs {
  readonly called: string;
  readonly renamed?: Readonly<Record<string, string>>;
}

const moments = { mean: "moving_mean", variance: "moving_variance" };
const recurrent = { recurrentKernel: "recurrent_kernel" };
const classes: Readonly<Record<string, Theirs>> = {
  batchNorm: { called: "batch_normalization_BatchNormalization", renamed: moments },
  conv1d: { called: "conv1d_Conv1D" },
  conv2d: { called: "conv2d_Conv2D" },
  dense: { called: "dense_Dense" },
  depthwiseConv2d: {
    called: "depthwise_conv2d_DepthwiseConv2D",
    renamed: { kernel: "depthwise_kernel" },
  },
  embedding: { called: "embedding_Embedding", renamed: { table: "embeddings" } },
  layerNorm: { called: "layer_normalization_LayerNormalization" },
  lstm: { called: "lstm_LSTM", renamed: recurrent },
  rnn: { called: "simple_rnn_SimpleRNN", renamed: recurrent },
};

function theirs({ type, path }: OwnLayer): Theirs {
  const found = Object.hasOwn(classes, type) ? classes[type] : undefined;
  if (found) return found;
  throw badArgument(
    "toTensorflowjs",
    `layers of the types ${Object.keys(classes).join(", ")}`,
    `${show(path)} of type ${type}`,
  );
}
