import type { ByPath, Layer, NDArray, Shape } from "@tenon/contracts";
import { badArgument, inNameOf, known } from "@tenon/guards";
import { fromKeras } from "./fromKeras.js";
import { ownLayers } from "./internal/ownLayers.js";
import { checkArrays, type ModelWeights } from "./internal/weightsOf.js";

export interface FromTensorflowjsOptions {
  /**
   * What TensorFlow.js calls each layer, by our name: `{ dense1: "dense_Dense1" }`. What else there
   * is is then left out. @defaultValue both in order, the same number of layers
   */
  readonly names?: Readonly<Record<string, string>>;
}

/**
 * A model's parameters and statistics from those of a TensorFlow.js layers model:
 * `readTensorflowjs(JSON.parse(text), files)`.
 *
 * Layouts are Keras', and ours: what is said of models in `fromKeras` is true here. A layer's
 * weights are taken in the order of the file, parameters before statistics.
 *
 * @param input shape of one example, [height, width, channels]
 * @throws where weights are missing, or not of the shape that the layer needs, or, without names,
 *   layers are not as many
 */
export function fromTensorflowjs(
  model: Pick<Layer<unknown>, "type" | "plan" | "forward">,
  input: Shape,
  arrays: ByPath<NDArray>,
  options: FromTensorflowjsOptions = {},
): ModelWeights {
  const { names } = known("fromTensorflowjs", options, "names");
  checkArrays("fromTensorflowjs", arrays);
  const layers = ownLayers("fromTensorflowjs", model, input);
  const counts = new Map<string, number>();
  const numbered: Record<string, NDArray> = {};
  for (const [name, array] of Object.entries(arrays)) {
    const layer = name.replace(/\/[^/]*$/, "");
    const count = counts.get(layer) ?? 0;
    counts.set(layer, count + 1);
    numbered[`${layer}/vars/${count}`] = array; // as in Keras' files
  }
  const theirs = [...counts.keys()];
  if (names === undefined && theirs.length !== layers.length)
    throw badArgument(
      "fromTensorflowjs",
      `${layers.length} layers with weights, ${layers.map(({ path }) => path).join(", ")}`,
      `${theirs.length}: ${theirs.join(", ")}`,
      "say by names which is which",
    );
  const inOrder = (): Readonly<Record<string, string>> =>
    Object.fromEntries(layers.map(({ path }, i) => [path, theirs[i]!]));
  return inNameOf("fromTensorflowjs", () =>
    fromKeras(model, input, numbered, { names: names ?? inOrder() }),
  );
}
