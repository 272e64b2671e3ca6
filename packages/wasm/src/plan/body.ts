import type { BodyNode, Loop } from "../kernels/loop/loop.js";
import { access, identity, type Access } from "./access.js";
import type { Fusion } from "./fuse.js";
import type { FillAttrs, Ir } from "./ir.js";
import { isLeaf } from "./kinds.js";

/** A fused loop, and the values its input pointers stand for. */
export interface Fused {
  readonly loop: Loop;
  readonly inputs: readonly Ir[];
  /** Where in the body a value is that the loop makes or reads as it lies. */
  nodeOf(x: Ir): number | undefined;
}

/**
 * Writes the expressions of some values of one shape as one loop body, in which everything equal is
 * computed once.
 */
export function fused(
  shape: readonly number[],
  results: readonly Ir[],
  stores: readonly Ir[],
  { isStored }: Fusion,
): Fused {
  const body: BodyNode[] = [];
  const inputs: { readonly strides: readonly number[]; readonly offset: number }[] = [];
  const bases: Ir[] = [];
  const places = new Map<string, number>();
  const push = (node: BodyNode, key: string): number => {
    let at = places.get(key);
    if (at === undefined) places.set(key, (at = body.push(node) - 1));
    return at;
  };
  const loadKey = ({ base, offset, strides }: Access): string =>
    `load ${base.id} ${offset} ${strides.map((s, i) => (shape[i] === 1 ? 0 : s)).join()}`;
  const load = (at: Access): number => {
    const { base, offset, strides } = at;
    const key = loadKey(at);
    const known = places.get(key);
    if (known !== undefined) return known;
    bases.push(base);
    return push(
      { op: "load", input: inputs.push({ strides, offset }) - 1, dtype: base.dtype },
      key,
    );
  };
  const operand = (x: Ir): number => {
    const at = access(x);
    if (at.base.op === "fill") {
      const { value } = at.base.attrs as FillAttrs;
      return push(
        { op: "constant", value, dtype: x.dtype },
        `constant ${x.dtype} ${Object.is(value, -0) ? "-0" : value}`,
      );
    }
    return isLeaf(at.base.op) || (isStored(at.base) && !results.includes(at.base))
      ? load(at)
      : value(at.base);
  };
  const value = (x: Ir): number => {
    const key = `value ${x.id}`;
    const known = places.get(key);
    if (known !== undefined) return known;
    const args = x.inputs.map(operand);
    if (x.op !== "copy")
      return push({ op: x.op, args, dtype: x.dtype } as unknown as BodyNode, key);
    places.set(key, args[0]!);
    return args[0]!;
  };
  const outputs = stores.map((x) => ({
    node: isLeaf(x.op) || !results.includes(x) ? operand(x) : value(x),
  }));
  const nodeOf = (x: Ir): number | undefined => {
    const at = access(x);
    return identity(at, shape)
      ? (places.get(`value ${at.base.id}`) ?? places.get(loadKey(at)))
      : undefined;
  };
  return { loop: { shape, inputs, body, outputs }, inputs: bases, nodeOf };
}
