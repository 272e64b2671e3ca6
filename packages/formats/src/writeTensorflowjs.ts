import type { ByPath, Bytes, NDArray } from "@tenon/contracts";
import { badArgument, known, oneOf, sizeOf, text } from "@tenon/guards";
import { checkArrays } from "./internal/weightsOf.js";
import type { TensorflowjsModel } from "./readTensorflowjs.js";

export interface WriteTensorflowjsOptions {
  /** What the file of weights is called. @defaultValue "group1-shard1of1.bin" */
  readonly file?: string;
}

/** The weights of a `model.json`, and the file that it names. */
export interface TensorflowjsWeights {
  readonly model: TensorflowjsModel;
  readonly files: Readonly<Record<string, Bytes>>;
}

/**
 * Arrays as the weights of a model that TensorFlow.js loads: what its `model.json` says of them,
 * and the bytes of a file, float32 or int32 of little-endian order. `readTensorflowjs` reads them
 * again.
 *
 * The rest of a `model.json`, `modelTopology` and so on, is that of the model which is to have the
 * weights: `{ ...JSON.parse(text), ...model }`. In memory: `tf.io.decodeWeights(bytes.buffer,
 * model.weightsManifest[0].weights)` for `loadWeights`.
 *
 * @param arrays by TensorFlow.js' names, as `toTensorflowjs` makes them
 * @throws where a shape does not fit its values, or they are neither float32 nor int32
 */
export function writeTensorflowjs(
  arrays: ByPath<NDArray>,
  options: WriteTensorflowjsOptions = {},
): TensorflowjsWeights {
  const name = "writeTensorflowjs";
  const { file = "group1-shard1of1.bin" } = known(name, options, "file");
  text(name, "file", file);
  checkArrays(name, arrays);
  const entries = Object.entries(arrays);
  for (const [path, { shape, dtype, data }] of entries) {
    oneOf(name, `dtype of "${path}"`, dtype, ["float32", "int32"]);
    if (sizeOf(shape) !== data.length)
      throw badArgument(
        name,
        `${sizeOf(shape)} values of "${path}", for shape [${shape.join(", ")}]`,
        data.length,
      );
  }
  const bytes = new Uint8Array(4 * entries.reduce((sum, [, { data }]) => sum + data.length, 0));
  const view = new DataView(bytes.buffer);
  let at = 0;
  for (const [, { dtype, data }] of entries)
    for (const value of data) {
      if (dtype === "int32") view.setInt32(at, value, true);
      else view.setFloat32(at, value, true);
      at += 4;
    }
  const weights = entries.map(([path, { shape, dtype }]) => ({ name: path, shape, dtype }));
  return { model: { weightsManifest: [{ paths: [file], weights }] }, files: { [file]: bytes } };
}
