import type { ByPath, Layer, NDArray, Shape } from "@tenon/contracts";
import { badArgument, known, sameShape } from "@tenon/guards";
import { show } from "./internal/header.js";
import { ourKernel, theirKernel, theirShape } from "./internal/kernels.js";
import { ownLayers, type OwnArray, type OwnLayer } from "./internal/ownLayers.js";
import { checkArrays, checkNames } from "./internal/weightsOf.js";

export interface PeftOptions {
  /**
   * PEFT's name of each adapted layer, by ours: `{ dense1: "fc1" }`. @defaultValue our paths with
   * dots
   */
  readonly names?: Readonly<Record<string, string>>;
}

/**
 * What `lora` has learned, as tensors of PEFT's `adapter_model.safetensors`: `loraA` and `loraB` of
 * each layer as `base_model.model.NAME.lora_A.weight` [rank, in] and `lora_B.weight` [out, rank],
 * of convolutions [rank, in, rows, columns] and [out, rank, 1, 1]. Other parameters are left out.
 *
 * Beside it PEFT reads `adapter_config.json`: `{ "peft_type": "LORA", "r": 8, "lora_alpha": 8,
 * "target_modules": ["fc1"] }`.
 *
 * @param input shape of one example, [height, width, channels]
 * @throws where no layer is adapted, or a parameter is missing or of another shape
 */
export function toPeft(
  model: Pick<Layer<unknown>, "type" | "plan" | "forward">,
  input: Shape,
  params: ByPath<NDArray>,
  options: PeftOptions = {},
): ByPath<NDArray> {
  const { names } = known("toPeft", options, "names");
  checkArrays("toPeft", params);
  const tensors: Record<string, NDArray> = {};
  for (const { array, image, name, theirs } of matrices("toPeft", model, input, names)) {
    const own = checked("toPeft", params, array.path, array.shape);
    const tensor = theirKernel(own, image);
    tensors[name] = { ...tensor, shape: theirs };
  }
  return tensors;
}

/**
 * The parameters `loraA` and `loraB` of a model, by path, of the tensors of PEFT's
 * `adapter_model.safetensors`; for `initial` of `fit`, together with those of the layers that are
 * adapted. The inverse of `toPeft`.
 *
 * @param input shape of one example, [height, width, channels]
 * @throws where no layer is adapted, or a tensor is missing or of another shape
 */
export function fromPeft(
  model: Pick<Layer<unknown>, "type" | "plan" | "forward">,
  input: Shape,
  tensors: ByPath<NDArray>,
  options: PeftOptions = {},
): ByPath<NDArray> {
  const { names } = known("fromPeft", options, "names");
  checkArrays("fromPeft", tensors);
  const params: Record<string, NDArray> = {};
  for (const { array, image, name, theirs } of matrices("fromPeft", model, input, names))
    params[array.path] = ourKernel(checked("fromPeft", tensors, name, theirs), array.shape, image);
  return params;
}

/** A matrix of an adapted layer, here and in PEFT. */
interface Matrix {
  readonly array: OwnArray;
  /** Of `loraA` behind an image that was flattened: that image. */
  readonly image?: Shape;
  readonly name: string;
  readonly theirs: Shape;
}

/** The matrices of all adapted layers. */
function matrices(
  who: string,
  model: Pick<Layer<unknown>, "type" | "plan" | "forward">,
  input: Shape,
  names: PeftOptions["names"],
): readonly Matrix[] {
  const adapted = ownLayers(who, model, input).filter(({ arrays }) =>
    arrays.some(({ name }) => name === "loraA"),
  );
  if (adapted.length === 0) throw badArgument(who, "a model with a layer lora(…)", "none");
  if (names) checkNames(who, names, adapted);
  return adapted.flatMap((layer) =>
    layer.arrays.flatMap((array) => matrixOf(layer, array, names?.[layer.path])),
  );
}

function matrixOf({ path, arrays, image }: OwnLayer, array: OwnArray, given?: string): Matrix[] {
  const part = /^lora([AB])$/.exec(array.name)?.[1];
  if (part === undefined) return [];
  const isConvolution = arrays.find(({ name }) => name === "loraA")!.shape.length > 2;
  const theirs = theirShape(array.shape);
  return [
    {
      array,
      ...(image && part === "A" && { image }),
      name: ["base_model.model", given ?? path.replaceAll("/", "."), `lora_${part}.weight`]
        .filter((name) => name !== "") // a model that is this layer alone has no name
        .join("."),
      theirs: part === "B" && isConvolution ? [...theirs, 1, 1] : theirs,
    },
  ];
}

/** The array of this name. Throws where it is missing or of another shape. */
function checked(who: string, arrays: ByPath<NDArray>, name: string, shape: Shape): NDArray {
  const array = arrays[name];
  if (array === undefined || !sameShape(array.shape, shape))
    throw badArgument(
      who,
      `${show(name)} of shape [${shape.join(", ")}]`,
      array ? `[${array.shape.join(", ")}]` : Object.keys(arrays).join(", "),
    );
  return array;
}
