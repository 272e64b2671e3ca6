import { isFusablePrologue } from "../kernels/pool/fusedInputs.js";
import { sameShape, type Conv2dAttrs, type Pool2dAttrs } from "@tenon/tensor";
import { windowsAreDisjoint, windowsTile, type PoolSpec } from "../kernels/pool/poolWindows.js";
import { winogradBackFits } from "../kernels/conv/winograd/winogradBack.js";
import { access, dense, type Access } from "./access.js";
import type { Ir } from "./ir.js";
import { isElementwise } from "./kinds.js";
import { loads, reachable } from "./walk.js";

/**
 * The largest under a window, where it lies, and what else is taken from there are found in one
 * look: `takeAlong` of `argMaxPool2d` joins its operation.
 */
export function joinPools(order: readonly Ir[]): Map<Ir, Ir[]> {
  const joined = new Map<Ir, Ir[]>();
  for (const x of order) {
    if (x.op !== "takeAlong") continue;
    const [image, positions] = x.inputs.map(access) as [Access, Access];
    const finder = positions.base;
    if (finder.op !== "argMaxPool2d") continue;
    const [from] = finder.inputs as [Ir];
    const [n, h, w, c] = from.shape;
    if (![n, h! * w!, c].every((size, i) => size === x.inputs[0]!.shape[i])) continue;
    const known = access(from).base === image.base;
    if (
      known ||
      (looksOnce(finder) &&
        dense(image, x.inputs[0]!.shape) &&
        sameShape(image.base.shape, from.shape) &&
        image.base.dtype === "float32" &&
        !reachable([image.base]).includes(finder))
    )
      joined.set(finder, [...(joined.get(finder) ?? []), x]);
  }
  return joined;
}

/**
 * Loops that are the only readers of what a max pool spreads, and read all else cell by cell: they
 * compute as it is spread.
 */
export function spreadInto(
  stored: readonly Ir[],
  outputs: readonly Ir[],
  isStored: (x: Ir) => boolean,
): Map<Ir, Ir> {
  const readers = new Map<Ir, Set<Ir | undefined>>();
  const read = (base: Ir, by?: Ir): void => {
    if (base.op === "scatterAlong") readers.set(base, (readers.get(base) ?? new Set()).add(by));
  };
  for (const x of stored) for (const at of loads(x, isStored)) read(at.base, x);
  for (const x of outputs) read(access(x).base);
  const found = new Map<Ir, Ir>();
  for (const [from, by] of readers) {
    const [x] = by;
    const pool = poolOfScatter(from);
    if (
      by.size > 1 ||
      !x ||
      !isElementwise(x.op) ||
      found.has(x) ||
      !pool ||
      !windowsTile(pool) ||
      !sameShape(x.shape, pool.x)
    )
      continue;
    const inputs = loads(x, isStored);
    const own = inputs.filter(({ base }) => base === from);
    if (own.every((at) => dense(at, x.shape)) && isFusablePrologue({ shape: x.shape, inputs }))
      found.set(x, from);
  }
  return found;
}

/** The max pool whose gradient a scatter spreads. */
export function poolOfScatter(x: Ir): PoolSpec | undefined {
  const { base } = access(x.inputs[1]!);
  if (base.op !== "argMaxPool2d") return undefined;
  const spec: PoolSpec = { x: base.inputs[0]!.shape, attrs: base.attrs as Pool2dAttrs };
  const [n, h, w, c] = spec.x;
  return windowsAreDisjoint(spec) && [n, h! * w!, c].every((size, i) => size === x.shape[i])
    ? spec
    : undefined;
}

/**
 * Both gradients of a convolution are made in one go where that is quicker, unless one is made of
 * the other.
 */
export function pairGradients(order: readonly Ir[]): Map<Ir, Ir[]> {
  const pairs = new Map<Ir, Ir[]>();
  for (const x of order) {
    if (
      x.op !== "conv2dInput" ||
      !winogradBackFits({ x: x.shape, w: x.inputs[1]!.shape, attrs: x.attrs as Conv2dAttrs })
    )
      continue;
    const other = order.find(
      (y) =>
        y.op === "conv2dFilter" &&
        y.inputs[1] === x.inputs[0] &&
        y.attrs === x.attrs &&
        sameShape(y.shape, x.inputs[1]!.shape) &&
        sameShape(y.inputs[0]!.shape, x.shape),
    );
    if (other && !reachable([other]).includes(x) && !reachable([x]).includes(other))
      pairs.set(x, [other]);
  }
  return pairs;
}

/**
 * Whether this is a max pool that looks at each cell once: then what it looks at may be computed as
 * it looks.
 */
export function looksOnce(x: Ir): boolean {
  return (
    x.op === "argMaxPool2d" &&
    windowsAreDisjoint({ x: x.inputs[0]!.shape, attrs: x.attrs as Pool2dAttrs })
  );
}
