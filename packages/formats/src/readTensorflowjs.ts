import type { ByPath, Elements, NDArray, Shape } from "@tenon/contracts";
import { badArgument, noOptions, shown, sizeOf } from "@tenon/guards";
import { dtypes } from "./internal/dtypes.js";

/** A weight in a `model.json`. */
export interface TensorflowjsWeight {
  readonly name: string;
  readonly shape: Shape;
  readonly dtype: string;
  readonly quantization?: {
    readonly dtype: string;
    readonly scale?: number;
    readonly min?: number;
  };
}

/** What is read of a `model.json`. */
export interface TensorflowjsModel {
  readonly weightsManifest: readonly {
    readonly paths: readonly string[];
    readonly weights: readonly TensorflowjsWeight[];
  }[];
}

/**
 * The weights of a model that TensorFlow.js saved, by name: `"dense_Dense1/kernel"`. Weights that
 * were quantized to uint8, uint16 or float16 are float32 again; whole numbers and truth values are
 * int32.
 *
 * @param model the parsed `model.json`
 * @param files the bytes of each file that its manifest names, `{ "group1-shard1of1.bin": bytes }`
 * @throws where a file is missing, too short or too long, or a weight is of text or complex numbers
 */
export function readTensorflowjs(
  model: TensorflowjsModel,
  files: ByPath<Uint8Array>,
): ByPath<NDArray> {
  noOptions("readTensorflowjs", arguments[2]);
  const manifest = (model as Partial<TensorflowjsModel> | null)?.weightsManifest;
  if (!Array.isArray(manifest))
    throw badArgument(
      "readTensorflowjs",
      "a parsed model.json with a weightsManifest",
      shown(model),
      typeof model === "string" ? "JSON.parse it" : "",
    );
  if (typeof files !== "object" || files === null)
    throw badArgument("readTensorflowjs", "files as their bytes by path", shown(files));
  const arrays: Record<string, NDArray> = Object.create(null);
  for (const { paths, weights } of manifest as TensorflowjsModel["weightsManifest"]) {
    const bytes = joined(paths.map((path) => fileOf(files, path)));
    let from = 0;
    for (const spec of weights) {
      const kind = spec.quantization?.dtype ?? spec.dtype;
      const stored = dtypes.get(kinds[kind] ?? "");
      if (!stored)
        throw new Error(`readTensorflowjs: expected numbers in "${spec.name}", got ${kind}`);
      if (!isShape(spec.shape))
        throw new Error(
          `readTensorflowjs: expected a shape of "${spec.name}", got ${shown(spec.shape)}`,
        );
      const to = from + sizeOf(spec.shape) * stored.width;
      if (to > bytes.length) throw wrongLength(paths, `${to} or more`, bytes.length);
      arrays[spec.name] = arrayOf(spec, stored.read(bytes.slice(from, to)));
      from = to;
    }
    if (from < bytes.length) throw wrongLength(paths, String(from), bytes.length);
  }
  return arrays;
}

const isShape = (shape: unknown): boolean =>
  Array.isArray(shape) && shape.every((size) => Number.isSafeInteger(size) && size >= 0);

const wrongLength = (paths: readonly string[], expected: string, got: number): Error =>
  new Error(`readTensorflowjs: expected ${expected} bytes in ${paths.join(" and ")}, got ${got}`);

/** What safetensors calls the dtypes that there are. */
const kinds: Readonly<Record<string, string>> = {
  float32: "F32",
  float16: "F16",
  int32: "I32",
  uint8: "U8",
  uint16: "U16",
  bool: "BOOL",
};

/** Of a weight as it lies in the file. */
function arrayOf({ shape, dtype, quantization }: TensorflowjsWeight, values: Elements): NDArray {
  const { scale, min = 0 } = quantization ?? {};
  const data =
    scale === undefined ? values : Float32Array.from(values, (value) => value * scale + min);
  return dtype === "float32"
    ? { shape, dtype: "float32", data: Float32Array.from(data) }
    : { shape, dtype: "int32", data: Int32Array.from(data, Math.round) };
}

/** A file's bytes; the manifest may name it by a path such as "./group1-shard1of1.bin". */
function fileOf(files: ByPath<Uint8Array>, path: string): Uint8Array {
  const bytes = files[path] ?? files[path.replace(/^\.\//, "")];
  if (!ArrayBuffer.isView(bytes))
    throw badArgument("readTensorflowjs", `the bytes of "${path}"`, Object.keys(files).join(", "));
  return bytes;
}

function joined(parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const all = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}
