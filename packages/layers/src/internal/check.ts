import type { Layer, Pass, Shape } from "@tenon/contracts";
import { badArgument, flag, inNameOf, isFiniteNumber, renamed, shown } from "@tenon/guards";
import {
  checkShape,
  checkTensor,
  input,
  sameShape,
  show,
  sizeOf,
  type Tensor,
} from "@tenon/tensor";

export { inNameOf, sameShape, show, sizeOf };

/** Throws unless `n` is an integer of at least 1. */
export function checkCount(name: string, what: string, n: number): void {
  if (!Number.isInteger(n) || n < 1)
    throw badArgument(name, `${what} as an integer ≥ 1`, givenText(name, what, n));
}

/**
 * A bad argument as text; if it is an object that has the value as an option, also how to write it.
 */
function givenText(name: string, what: string, given: unknown): string {
  const within = (given as Readonly<Record<string, unknown>> | null | undefined)?.[what];
  return `${shown(given)}${within === undefined ? "" : `; write ${name}(${shown(within)})`}`;
}

/** Throws unless low ≤ x < high; NaN is refused. */
export function checkBetween(
  name: string,
  what: string,
  x: number,
  low: number,
  high: number,
): void {
  if (!isFiniteNumber(x) || x < low || x >= high)
    throw badArgument(name, `${what} in [${low}, ${high})`, givenText(name, what, x));
}

/** Throws unless `x` is a finite number. */
export function checkFinite(name: string, what: string, x: number): void {
  if (!Number.isFinite(x))
    throw badArgument(name, `${what} as a finite number`, givenText(name, what, x));
}

/** Throws unless `x` is finite and above zero. */
export function checkPositive(name: string, what: string, x: number): void {
  if (!isFiniteNumber(x) || x <= 0)
    throw badArgument(name, `${what} as a finite number > 0`, shown(x));
}

/** Throws unless `x` is finite and not below zero. */
export function checkNotNegative(name: string, what: string, x: number): void {
  if (!isFiniteNumber(x) || x < 0)
    throw badArgument(name, `${what} as a finite number ≥ 0`, shown(x));
}

/** Throws unless `axis` is an integer; `plan` checks it against the rank. */
export function checkAxis(name: string, axis: number, fix?: string): void {
  if (!Number.isInteger(axis))
    throw badArgument(name, "an axis that is an integer", shown(axis), fix);
}

/** Throws unless each of these options is true or false. */
export function checkFlags(name: string, flags: Readonly<Record<string, unknown>>): void {
  for (const [what, value] of Object.entries(flags)) flag(name, what, value);
}

/** Throws unless each of these options is an init. */
export function checkInits(name: string, inits: Readonly<Record<string, unknown>>): void {
  for (const [what, init] of Object.entries(inits))
    if (typeof init !== "function")
      throw badArgument(name, `${what} as an init such as zeros()`, shown(init));
}

/** Throws unless a value is a layer; `where` is its position in the message. */
export function checkLayer(
  name: string,
  layer: unknown,
  where = "",
): asserts layer is Layer<Tensor> {
  if (typeof (layer as Partial<Layer<Tensor>> | undefined | null)?.forward === "function") return;
  const fix =
    typeof layer === "function"
      ? `call it${layer.name && `: ${layer.name}()`}`
      : Array.isArray(layer)
        ? "leave [ ] out"
        : "";
  throw badArgument(name, `a layer${where}`, shown(layer), fix);
}

/**
 * What a layer's `forward` returns. Where an operation refuses an argument, the error names the
 * layer; that of a layer within this one, which has a cause, stays.
 */
export function inLayer<T>(type: string, forward: () => T): T {
  try {
    return forward();
  } catch (error) {
    throw (error as Error).cause ? error : renamed(type, error);
  }
}

/**
 * A layer whose plan refuses what is not a shape, and which refuses what is not a tensor or no
 * pass, by name. A batch that does not fit is refused in the name of the innermost layer, not of an
 * operation that it is made of.
 */
export function guarded(layer: Layer<Tensor>): Layer<Tensor> {
  const { type } = layer;
  return {
    ...layer,
    plan(input) {
      checkShape(type, input);
      return layer.plan(input);
    },
    forward(x, pass) {
      checkTensor(type, x, "a batch that is a tensor");
      if (typeof pass !== "object" || pass === null)
        throw badArgument(type, "a pass", shown(pass), "make one with pass({ params, stats })");
      return inLayer(type, () => layer.forward(x, pass));
    },
  };
}

/** Throws unless the input is one image. */
export function checkImage(name: string, shape: Shape): void {
  if (shape.length !== 3)
    throw badArgument(
      name,
      "an image [height, width, channels]",
      show(shape),
      "a reshape layer before it may help",
    );
}

/**
 * An image on which an operation may check what does not depend on the image. Nothing is computed.
 */
export function largeImage(channels: number): Tensor {
  return input("image", { shape: [1, 2 ** 20, 2 ** 20, channels] });
}

/**
 * The output shape of a function of a batch, for one example: found by tracing the function, so
 * that it cannot differ from what runs.
 */
export function outputOf(example: Shape, f: (x: Tensor) => Tensor): Shape {
  return f(input("x", { shape: [1, ...example] })).shape.slice(1);
}

/** The value of a parameter, or of a running statistic, of the layer's plan. */
export function param(
  name: string,
  pass: Pass<Tensor>,
  key: string,
  of: "params" | "stats" = "params",
): Tensor {
  const value = pass[of][key];
  if (!value)
    throw badArgument(
      name,
      `"${key}" among the pass' ${of}`,
      Object.keys(pass[of]).join(", ") || "none",
      "start from initialize(layer.plan(shape), seed)",
    );
  return value;
}

/** The value of a running statistic of the layer's plan. */
export const stat = (name: string, pass: Pass<Tensor>, key: string): Tensor =>
  param(name, pass, key, "stats");
