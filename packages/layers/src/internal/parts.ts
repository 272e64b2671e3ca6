import type {
  ByPath,
  Layer,
  LayerPart,
  LayerPlan,
  ParamSpec,
  Pass,
  Shape,
  StatSpec,
} from "@tenon/contracts";
import { badArgument } from "@tenon/guards";
import type { Tensor } from "@tenon/tensor";
import type { JoiningLayer } from "../joiningLayer.js";

/** The plan of a layer inside another; an error names its path and keeps the cause. */
export function planPart(path: string, layer: Layer<Tensor>, input: Shape): LayerPart {
  return named(path, () => ({ path, type: layer.type, plan: layer.plan(input) }));
}

/** The plan of a layer that takes one input or several. */
export function planCall(path: string, layer: Layer<Tensor>, inputs: readonly Shape[]): LayerPart {
  return inputs.length === 1
    ? planPart(path, layer, inputs[0]!)
    : named(path, () => ({ path, type: layer.type, plan: joining(layer).planAll(inputs) }));
}

/** Applies a layer that takes one input or several, as `through` does. */
export function throughAll(
  path: string,
  layer: Layer<Tensor>,
  inputs: readonly Tensor[],
  pass: Pass<Tensor>,
): Tensor {
  if (inputs.length === 1) return through(path, layer, inputs[0]!, pass);
  const partPass = pass.part(path);
  const y = named(path, () => joining(layer).forwardAll(inputs, partPass));
  partPass.tap(y);
  return y;
}

function joining(layer: Layer<Tensor>): JoiningLayer {
  if (typeof (layer as Partial<JoiningLayer>).forwardAll !== "function")
    throw badArgument(
      layer.type,
      "one input",
      "several",
      "join them first, with concatenate(-1) or add()",
    );
  return layer as JoiningLayer;
}

function named<T>(path: string, call: () => T): T {
  try {
    return call();
  } catch (cause) {
    const { message } = cause as Error;
    const deeper = /^layer "([^"]*)": ([^]*)$/.exec(message);
    const text = deeper
      ? `layer "${path}/${deeper[1]}": ${deeper[2]}`
      : `layer "${path}": ${message}`;
    // A mistake inside a layer is not a bad argument of the caller's.
    throw (cause as Error).name === "RangeError"
      ? new RangeError(text, { cause })
      : new Error(text, { cause });
  }
}

/** The parameters and statistics of several parts together. */
export function planOf(output: Shape, parts: readonly LayerPart[]): LayerPlan {
  const params: Record<string, ParamSpec> = {};
  const stats: Record<string, StatSpec> = {};
  for (const { path, plan } of parts) {
    prefix(path, plan.params, params);
    prefix(path, plan.stats, stats);
  }
  return { output, params, stats, parts };
}

function prefix<V>(path: string, from: ByPath<V>, to: Record<string, V>): void {
  for (const [key, value] of Object.entries(from)) to[`${path}/${key}`] = value;
}

/** Applies one part to a batch and passes its output to the tap; an error names its path. */
export function through(path: string, layer: Layer<Tensor>, x: Tensor, pass: Pass<Tensor>): Tensor {
  const partPass = pass.part(path);
  const y = named(path, () => layer.forward(x, partPass));
  partPass.tap(y);
  return y;
}
