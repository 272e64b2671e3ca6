import type { ByPath, NDArray } from "@tenon/contracts";
import { badArgument, shown, sizeOf } from "@tenon/guards";
import type { Container, OwnLayer } from "./ownLayers.js";
import type { Inside } from "./weightsOf.js";

// PyTorch keeps the kernels of an attention's query, key and value one below the other,
// in_proj_weight [3 size, size], or apart where their inputs differ in size, and the fourth layer
// is out_proj. Here they are four dense layers. All that follows is about their kernels as PyTorch
// has them, [out, in].

const parts = ["query", "key", "value"] as const;

/** What PyTorch calls a layer of an attention or of a transformer block that has this name. */
export function insideTorch(layers: readonly OwnLayer[]): Inside {
  const partOf = (layer: OwnLayer, { path, type }: Container): string | undefined => {
    if (type === "multiHeadAttention") return nameOf(layer);
    if (type !== "transformerBlock") return undefined;
    if (attentionOf(layer)) return `self_attn.${nameOf(layer)}`;
    const same = layers.filter(
      (other) =>
        other.type === layer.type &&
        !attentionOf(other) &&
        other.parents.some((parent) => parent.path === path),
    );
    return `${layer.type === "dense" ? "linear" : "norm"}${same.indexOf(layer) + 1}`;
  };
  return (layer, container, name) => {
    const part = partOf(layer, container);
    return part && (name === "" ? part : `${name}.${part}`);
  };
}

const nameOf = ({ path }: OwnLayer): string => path.slice(path.lastIndexOf("/") + 1);

const attentionOf = ({ parents }: OwnLayer): Container | undefined =>
  parents.find(({ type }) => type === "multiHeadAttention");

/**
 * The layers in the order in which PyTorch has them: a block's norms are behind its other layers.
 */
export function inTorchOrder(layers: readonly OwnLayer[]): readonly OwnLayer[] {
  const block = (layer: OwnLayer): string | undefined =>
    layer.parents.find(({ type }) => type === "transformerBlock")?.path;
  const begin = (layer: OwnLayer): number =>
    block(layer) === undefined
      ? layers.indexOf(layer)
      : layers.findIndex((other) => block(other) === block(layer));
  const rank = (layer: OwnLayer): number =>
    attentionOf(layer) ? 0 : layer.type === "dense" ? 1 : 2;
  return [...layers].sort((a, b) => begin(a) - begin(b) || rank(a) - rank(b));
}

/**
 * A state dict in which each attention is four linear modules: query, key, value and output.
 *
 * @throws RangeError if what is packed has no three parts, or is what attentions here do not have
 */
export function unpacked(tensors: ByPath<NDArray>): ByPath<NDArray> {
  const found: Record<string, NDArray> = {};
  for (const [name, tensor] of Object.entries(tensors)) {
    const [, base = "", kind] = /^(.*\.)?in_proj_(weight|bias)$/.exec(name) ?? [];
    const [, alone = "", initial] = /^(.*\.)?([qkv])_proj_weight$/.exec(name) ?? [];
    const [, outer = "", of] = /^(.*\.)?out_proj\.(weight|bias)$/.exec(name) ?? [];
    const part = parts.find(([first]) => first === initial);
    if (/(^|\.)bias_[kv]$/.test(name))
      throw badArgument(
        "fromTorch",
        "attentions without a bias of their keys and values",
        name,
        "make the model with add_bias_kv=False",
      );
    if (kind && !(tensor.shape[0]! % 3 === 0))
      throw badArgument("fromTorch", `rows of ${name} in three parts`, shown(tensor.shape));
    if (kind)
      for (const [i, third] of parts.entries())
        found[`${base}${third}.${kind}`] = rowsOf(tensor, i);
    else if (part) found[`${alone}${part}.weight`] = tensor;
    else if (of && isAttention(tensors, outer)) found[`${outer}output.${of}`] = tensor;
    else found[name] = tensor;
  }
  return found;
}

const isAttention = (tensors: ByPath<NDArray>, base: string): boolean =>
  ["in_proj_weight", "q_proj_weight"].some((name) => Object.hasOwn(tensors, `${base}${name}`));

/** The i-th third of a tensor's rows. */
function rowsOf({ shape, dtype, data }: NDArray, i: number): NDArray {
  const [rows, ...rest] = [shape[0]! / 3, ...shape.slice(1)];
  const size = rows * sizeOf(rest);
  return { shape: [rows, ...rest], dtype, data: data.slice(i * size, (i + 1) * size) };
}

/**
 * The inverse of `unpacked`, of a model's layers in modules of these names: an attention whose
 * layers are called query, key, value and output in one module is one there.
 */
export function packed(
  tensors: ByPath<NDArray>,
  layers: readonly OwnLayer[],
  modules: readonly string[],
): ByPath<NDArray> {
  const bases = layers.flatMap((layer, i) =>
    attentionOf(layer) && /(^|\.)query$/.test(modules[i]!) ? [modules[i]!.slice(0, -5)] : [],
  );
  const isPacked = (base: string): boolean =>
    [...parts, "output"].every((part) => modules.includes(base + part));
  const whole = bases.filter(isPacked);
  const found: Record<string, NDArray> = {};
  for (const [name, tensor] of Object.entries(tensors)) {
    const [, module = "", part = "", kind = ""] = /^(.*\.)?([^.]+)\.([^.]+)$/.exec(name) ?? [];
    const base = whole.find((one) => one === module);
    if (base === undefined) {
      found[name] = tensor;
      continue;
    }
    const thirds = parts.map((third) => tensors[`${base}${third}.${kind}`]!);
    const isSame = thirds.every(({ shape }) => shape.join() === thirds[0]!.shape.join());
    if (part === "output") found[`${base}out_proj.${kind}`] = tensor;
    else if (!isSame && kind === "weight") found[`${base}${part[0]}_proj_weight`] = tensor;
    else if (part === "query") found[`${base}in_proj_${kind}`] = below(thirds);
  }
  return found;
}

/** Arrays one below the other. */
function below(arrays: readonly NDArray[]): NDArray {
  const [{ shape }] = arrays as [NDArray];
  const rows = arrays.reduce((sum, array) => sum + array.shape[0]!, 0);
  return {
    shape: [rows, ...shape.slice(1)],
    dtype: "float32",
    data: Float32Array.from(arrays.flatMap(({ data }) => Array.from(data))),
  };
}
