import { sizeOf } from "@tenon/tensor";
import { access } from "../graph/access.js";
import { fillValue, type Node } from "../graph/node.js";
import { isView } from "../graph/opTraits.js";
import type { Signs } from "./signs.js";

/** A schedule's value is calm up to this: rates are small, and so are bias corrections. */
export const calmSchedule: number = 2 ** 12;

const product = (a: number, b: number): number =>
  a === Infinity || b === Infinity ? Infinity : a + b;

/**
 * The power of two below which the magnitude of an operation's result stays; infinite if none is
 * known.
 *
 * @param upperPower that of its inputs
 */
export function upperPowerOfResult(x: Node, upperPower: (x: Node) => number, signs: Signs): number {
  const [a, b, c] = x.inputs as [Node, Node, Node];
  // If the value may be NaN, as a root may, nothing is known.
  const ofReciprocal = (x: Node): number =>
    upperPower(x) === Infinity ? Infinity : -lowerPower(x, signs);
  if (isView(x.op)) return upperPower(a);
  switch (x.op) {
    case "fill":
      return Math.log2(Math.abs(fillValue(x)!));
    case "schedule":
      return Math.log2(calmSchedule);
    case "add":
    case "sub":
      return Math.max(upperPower(a), upperPower(b)) + 1;
    case "mul":
      return product(upperPower(a), upperPower(b));
    case "square":
      return product(upperPower(a), upperPower(a));
    case "div":
      return product(upperPower(a), ofReciprocal(b));
    case "reciprocal":
      return ofReciprocal(a);
    case "sqrt":
      return signs.isNotNegative(a) ? upperPower(a) / 2 : Infinity;
    case "neg":
    case "abs":
    case "relu":
    case "copy":
      return upperPower(a);
    case "maximum":
    case "minimum":
      return Math.max(upperPower(a), upperPower(b));
    case "where":
      return Math.max(upperPower(b), upperPower(c));
    case "sign":
    case "tanh":
    case "sigmoid":
      return upperPower(a) === Infinity ? Infinity : 0; // NaN stays NaN
    case "sum":
      return upperPower(a) + Math.log2(Math.max(1, sizeOf(a.shape) / Math.max(1, sizeOf(x.shape))));
    case "max":
    case "min":
      return sizeOf(a.shape) > 0 ? upperPower(a) : Infinity;
    default:
      return Infinity;
  }
}

/** The power of two above which the magnitude of a value stays; −∞ if none is known. */
export function lowerPower(x: Node, signs: Signs): number {
  const { isNotNegative } = signs;
  const of = (x: Node): number => lowerPower(x, signs);
  const { base } = access(x);
  const [a, b, c] = base.inputs as [Node, Node, Node];
  switch (base.op) {
    case "fill":
      return Math.log2(Math.abs(fillValue(base)!));
    case "add":
      return [a, b].every(isNotNegative) ? Math.max(of(a), of(b)) : -Infinity;
    case "maximum":
      return Math.max(...[a, b].map((x) => (isNotNegative(x) ? of(x) : -Infinity)));
    case "where":
      return Math.min(of(b), of(c));
    case "sqrt":
      return of(a) / 2;
    default:
      return -Infinity;
  }
}
