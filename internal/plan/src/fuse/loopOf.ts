import { sameShape } from "@tenon/tensor";
import { access, isContiguous, type Access } from "../graph/access.js";
import { fillValue, type Node } from "../graph/node.js";
import { isLeaf } from "../graph/opTraits.js";
import type { BodyNode, Loop, LoopInput } from "../loop.js";

/** A fused loop, and the nodes that it reads. */
export interface FusedLoop {
  readonly loop: Loop;
  /** The node of each of the loop's inputs. */
  readonly inputs: readonly Node[];
  /** The position in the body of a node that the loop computes or reads in its own order. */
  positionOf(x: Node): number | undefined;
}

/** How many operations a loop computes for each element. */
export const operationCount = ({ body }: Loop): number =>
  body.filter((node) => "args" in node).length;

/**
 * The expressions of some nodes of one shape as one loop body, in which equal values are computed
 * once.
 *
 * @param results the nodes that the loop computes even if they are stored
 * @param stores the nodes whose values are the loop's outputs
 */
export function loopOf(
  shape: readonly number[],
  results: readonly Node[],
  stores: readonly Node[],
  isStored: (x: Node) => boolean,
): FusedLoop {
  const body: BodyNode[] = [];
  const loopInputs: LoopInput[] = [];
  const inputNodes: Node[] = [];
  const positions = new Map<string, number>();

  const push = (node: BodyNode, key: string): number => {
    const position = positions.get(key) ?? body.push(node) - 1;
    positions.set(key, position);
    return position;
  };
  const loadKey = ({ base, offset, strides }: Access): string =>
    `load ${base.id} ${offset} ${strides.map((s, i) => (shape[i] === 1 ? 0 : s)).join()}`;
  const load = (from: Access): number => {
    const { base, offset, strides } = from;
    const key = loadKey(from);
    const existing = positions.get(key);
    if (existing !== undefined) return existing;
    inputNodes.push(base);
    const input = loopInputs.push({ strides, offset }) - 1;
    return push({ op: "load", input, dtype: base.dtype }, key);
  };
  const operand = (x: Node): number => {
    const from = access(x);
    const value = fillValue(from.base);
    if (value !== undefined) {
      const key = `constant ${x.dtype} ${Object.is(value, -0) ? "-0" : value}`;
      return push({ op: "constant", value, dtype: x.dtype }, key);
    }
    const loaded = isLeaf(from.base.op) || (isStored(from.base) && !results.includes(from.base));
    return loaded ? load(from) : computed(from.base);
  };
  const computed = (x: Node): number => {
    const key = `value ${x.id}`;
    const existing = positions.get(key);
    if (existing !== undefined) return existing;
    const args = x.inputs.map(operand);
    if (x.op !== "copy")
      return push({ op: x.op, args, dtype: x.dtype } as unknown as BodyNode, key);
    positions.set(key, args[0]!);
    return args[0]!;
  };

  const outputs = stores.map((x) =>
    isLeaf(x.op) || !results.includes(x) ? operand(x) : computed(x),
  );
  return {
    loop: { shape, inputs: loopInputs, body, outputs },
    inputs: inputNodes,
    positionOf(x) {
      const from = access(x);
      return sameShape(x.shape, shape) && isContiguous(from, shape)
        ? (positions.get(`value ${from.base.id}`) ?? positions.get(loadKey(from)))
        : undefined;
    },
  };
}
