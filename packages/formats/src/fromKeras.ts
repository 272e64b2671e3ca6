import type { ByPath, Layer, NDArray, Shape } from "@tenon/contracts";
import { badArgument, known, sameShape, sizeOf } from "@tenon/guards";
import { show } from "./internal/header.js";
import {
  isRecurrent,
  ownLayers,
  type Container,
  type OwnArray,
  type OwnLayer,
} from "./internal/ownLayers.js";
import {
  checkArrays,
  checkNames,
  namesOfParts,
  weightsOf,
  type Inside,
  type ModelWeights,
} from "./internal/weightsOf.js";

export interface FromKerasOptions {
  /**
   * Where Keras keeps each layer, by our name: `{ dense1: "layers/head" }`.
   * @defaultValue by class and number, as in a `Sequential`: `conv2d2` is `layers/conv2d_1`
   */
  readonly names?: Readonly<Record<string, string>>;
}

/**
 * A model's parameters and statistics from those of Keras 3: `kerasArrays(file)`.
 *
 * Layouts are the same; a layer's arrays are numbered there, `vars/0` and so on, parameters before
 * statistics. Keras' defaults are ours, but for `Conv2D` of padding "valid" and its activations,
 * which are layers here. Those of recurrent layers are their cell's: `layers/lstm/cell`, and of
 * both directions `layers/bidirectional/forward_layer/cell` and
 * `layers/bidirectional/backward_layer/cell`. A `MultiHeadAttention`, or a `GroupQueryAttention`
 * (keyValueHeads), has an axis for its heads, [size, heads, keyDim], whose values are in our order;
 * the model's heads must be as many. `names` may name it as a whole.
 *
 * @param input shape of one example, [height, width, channels]
 * @throws where an array is missing, or not of the shape that the layer needs
 */
export function fromKeras(
  model: Pick<Layer<unknown>, "type" | "plan" | "forward">,
  input: Shape,
  arrays: ByPath<NDArray>,
  options: FromKerasOptions = {},
): ModelWeights {
  const { names } = known("fromKeras", options, "names");
  checkArrays("fromKeras", arrays);
  const layers = ownLayers("fromKeras", model, input);
  const given = names !== undefined ? namesOfParts(names, layers, insideKeras(layers)) : undefined;
  if (given !== undefined) checkNames("fromKeras", given, layers);
  const places = given ? layers.map(({ path }) => given[path]) : placesOf(layers);
  return weightsOf(layers, (layer, own, i) => {
    const { place, shape, from } = placeOf(layer, own);
    const name = `${places[i]}/vars/${place}`;
    const array = arrays[name];
    if (array === undefined)
      throw badArgument(
        "fromKeras",
        `an array ${show(name)} for ${show(own.path)}`,
        Object.keys(arrays).join(", "),
        "say by names which layer is which",
      );
    const theirs = withHeads(layer, shape);
    if (!sameShape(array.shape, shape) && !sameShape(array.shape, theirs))
      throw badArgument(
        "fromKeras",
        `${show(name)} of shape [${theirs.join(", ")}] for ${show(own.path)}`,
        `[${array.shape.join(", ")}]`,
        sizeOf(array.shape) === sizeOf(shape) && layer.heads !== undefined
          ? `the model's attention has ${layer.heads} heads there; give it as many as the file's has`
          : "",
      );
    const data = array.data.slice(from, from + sizeOf(own.shape));
    return { shape: own.shape, dtype: "float32", data: Float32Array.from(data) };
  });
}

/** An attention's four layers are in it, as `query_dense` and so on. */
function insideKeras(layers: readonly OwnLayer[]): Inside {
  return ({ path }, container, name) => {
    if (container.type !== "multiHeadAttention") return undefined;
    const isGrouped = areGrouped(layers, container) || /\/grouped_query_attention\w*$/.test(name);
    return `${name}/${isGrouped ? "_" : ""}${path.slice(path.lastIndexOf("/") + 1)}_dense`;
  };
}

/** Whether an attention has fewer heads of keys and values than of queries: another class there. */
function areGrouped(layers: readonly OwnLayer[], { path }: Container): boolean {
  const inside = layers.filter(({ parents }) => parents.some((parent) => parent.path === path));
  return new Set(inside.map(({ heads }) => heads)).size > 1;
}

/**
 * The shape there: [size, units] is [size, heads, units / heads], and [units, size] before the
 * output.
 */
function withHeads({ heads, path }: OwnLayer, shape: Shape): Shape {
  if (heads === undefined) return shape;
  const isOutput = /(^|\/)output$/.test(path);
  if (isOutput && shape.length === 1) return shape;
  const at = isOutput ? 0 : shape.length - 1;
  return [...shape.slice(0, at), heads, shape[at]! / heads, ...shape.slice(at + 1)];
}

/** Which array of its layer one is in, the shape of that, and where in it it begins. */
function placeOf(
  { arrays }: OwnLayer,
  own: OwnArray,
): { readonly place: number; readonly shape: Shape; readonly from: number } {
  const place = arrays.indexOf(own);
  const [bias, recurrentBias] = ["bias", "recurrentBias"].map((name) =>
    arrays.find((array) => array.name === name),
  );
  // The two biases of a GRU are the rows of one.
  return bias && recurrentBias && (own === bias || own === recurrentBias)
    ? {
        place: arrays.indexOf(bias),
        shape: [2, ...own.shape],
        from: own === bias ? 0 : sizeOf(own.shape),
      }
    : { place, shape: own.shape, from: 0 };
}

/** Where a `Sequential` keeps its layers: by class, the second as `_1`. */
function placesOf(layers: readonly OwnLayer[]): readonly string[] {
  const counts = new Map<string, number>();
  const nameOf = (type: string): string => {
    const name = type
      .replace(/Norm$/, "Normalization")
      .replace(/^prelu$/, "p_re_lu")
      .replace(/^rnn$/, "simple_rnn")
      .replace(/(?<=[a-z0-9])[A-Z]+/g, (letters) => `_${letters.toLowerCase()}`);
    const count = counts.get(name) ?? 0;
    counts.set(name, count + 1);
    return `layers/${name}${count > 0 ? `_${count}` : ""}`;
  };
  const attentions = new Map<string, string>();
  return layers.map((layer) => {
    const attention = layer.parents.find(({ type }) => type === "multiHeadAttention");
    if (!attention) return `${nameOf(layer.type)}${isRecurrent(layer) ? "/cell" : ""}`;
    const { path, type } = attention;
    const kind = areGrouped(layers, attention) ? "groupedQueryAttention" : type;
    if (!attentions.has(path)) attentions.set(path, nameOf(kind));
    return insideKeras(layers)(layer, attention, attentions.get(path)!)!;
  });
}
