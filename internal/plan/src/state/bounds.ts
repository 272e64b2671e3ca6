import { sizeOf } from "@tenon/tensor";
import { access } from "../graph/access.js";
import { fillValue, type Node } from "../graph/node.js";
import { isView } from "../graph/opTraits.js";
import { calm } from "../loop.js";
import type { StateChange } from "../order.js";

/** A schedule's value is calm up to this: rates are small, and so are bias corrections. */
export const calmSchedule: number = 2 ** 12;

/** What is known of a step's new values before it runs, if all values that are checked are calm. */
export interface Bounds {
  /** States that need no check: they cannot overflow within 2²⁸ steps. */
  readonly steady: ReadonlySet<StateChange>;
  /** Whether all new values are finite. */
  readonly tame: boolean;
  /** States and schedules that must not be negative for that to be true. */
  readonly notNegative: ReadonlySet<Node>;
}

/** A steady state does not overflow within 2 to this many steps. */
const stepsPower = 28;
/** Powers of two below which magnitudes must stay, where float32 ends at 2¹²⁸. */
const steadyLimit = 122;
const tameLimit = 126;

const { log2 } = Math;
const calmPower = log2(calm);

/** The value of a state after a step that is not taken back. */
const newValue = ({ after }: StateChange): Node =>
  after.op === "where" ? access(after.inputs[1]!).base : after;

const product = (a: number, b: number): number =>
  a === Infinity || b === Infinity ? Infinity : a + b;

/**
 * Bounds of the new values of a step, from the operations that compute them.
 *
 * @param changes all of the state
 * @param late those whose new values are checked only as they are written
 * @param checkedFirst values that are checked before any state is replaced, such as gradients
 */
export function boundsOf(
  changes: readonly StateChange[],
  late: readonly StateChange[],
  checkedFirst: ReadonlySet<Node>,
): Bounds {
  const changeOf = new Map(changes.map((change) => [change.before, change]));
  /** Powers of two below which magnitudes stay; infinite where none is known. */
  let powers = new Map<Node, number>();
  /** Powers of steady states; undefined of those that are not. */
  const steady = new Map<StateChange, number | undefined>();
  const notNegative = new Set<Node>();

  /** The power of two below which the magnitude of a value stays; infinite if none is known. */
  function upperPower(x: Node): number {
    const previous = powers.get(x);
    if (previous !== undefined) return previous;
    powers.set(x, Infinity); // of a value that depends on itself nothing is known
    let power: number;
    if (checkedFirst.has(x)) power = calmPower;
    else power = x.dtype === "int32" ? 31 : upperPowerOfResult(x);
    powers.set(x, power);
    return power;
  }

  function upperPowerOfResult(x: Node): number {
    const [a, b, c] = x.inputs as [Node, Node, Node];
    if (isView(x.op)) return upperPower(a);
    switch (x.op) {
      case "fill":
        return log2(Math.abs(fillValue(x)!));
      case "schedule":
        return log2(calmSchedule);
      case "input":
        return upperPowerOfState(x);
      case "add":
      case "sub":
        return Math.max(upperPower(a), upperPower(b)) + 1;
      case "mul":
        return product(upperPower(a), upperPower(b));
      case "square":
        return product(upperPower(a), upperPower(a));
      case "div":
        return product(upperPower(a), upperPowerOfReciprocal(b));
      case "reciprocal":
        return upperPowerOfReciprocal(a);
      case "sqrt":
        return isNotNegative(a) ? upperPower(a) / 2 : Infinity;
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
        return upperPower(a) + log2(Math.max(1, sizeOf(a.shape) / Math.max(1, sizeOf(x.shape))));
      case "max":
      case "min":
        return sizeOf(a.shape) > 0 ? upperPower(a) : Infinity;
      default:
        return Infinity;
    }
  }

  /** If the value may be NaN, as a root may, nothing is known. */
  const upperPowerOfReciprocal = (x: Node): number =>
    upperPower(x) === Infinity ? Infinity : -lowerPower(x);

  function upperPowerOfState(x: Node): number {
    const change = changeOf.get(x);
    // A state that never changes is not checked when it is loaded.
    if (!change || change.after === x) return Infinity;
    const power = late.includes(change) ? steadyPower(change) : undefined;
    return power ?? calmPower;
  }

  /**
   * For x ← c x + y with |c| ≤ 1, as running means, sums and parameters change: how large x becomes
   * within 2²⁸ steps, if that is far from overflow.
   */
  function steadyPower(change: StateChange): number | undefined {
    if (steady.has(change)) return steady.get(change);
    steady.set(change, undefined);
    const { before } = change;
    const sum = newValue(change);
    const factorOf = (x: Node): number => {
      if (x === before) return 1;
      const factor = x.op === "mul" && x.inputs[0] === before ? fillValue(x.inputs[1]) : undefined;
      return Math.abs(factor ?? Infinity);
    };
    const powerWith = (factor: number, y: Node): number | undefined => {
      if (factor > 1) return undefined;
      const gain = factor < 1 ? Math.min(-log2(1 - factor), stepsPower) : stepsPower;
      // y must not depend on x: here, and only here, nothing is known of x.
      const outerPowers = powers;
      powers = new Map([[before, Infinity]]);
      const power = Math.max(calmPower, upperPower(y) + gain) + 1;
      powers = outerPowers;
      return power <= steadyLimit ? power : undefined;
    };
    if (sum.op !== "add") return undefined;
    const [a, b] = sum.inputs as [Node, Node];
    const power = powerWith(factorOf(a), b) ?? powerWith(factorOf(b), a);
    steady.set(change, power);
    return power;
  }

  /** The power of two above which the magnitude of a value stays; −∞ if none is known. */
  function lowerPower(x: Node): number {
    const { base } = access(x);
    const [a, b, c] = base.inputs as [Node, Node, Node];
    switch (base.op) {
      case "fill":
        return log2(Math.abs(fillValue(base)!));
      case "add":
        return [a, b].every(isNotNegative) ? Math.max(lowerPower(a), lowerPower(b)) : -Infinity;
      case "maximum":
        return Math.max(...[a, b].map((x) => (isNotNegative(x) ? lowerPower(x) : -Infinity)));
      case "where":
        return Math.min(lowerPower(b), lowerPower(c));
      case "sqrt":
        return lowerPower(a) / 2;
      default:
        return -Infinity;
    }
  }

  function isNotNegative(x: Node): boolean {
    const { base } = access(x);
    const { inputs } = base;
    if (checkedFirst.has(base)) return false;
    switch (base.op) {
      case "fill":
        return fillValue(base)! >= 0;
      case "sqrt":
      case "abs":
      case "square":
      case "relu":
        return true;
      case "add":
      case "mul":
        return inputs.every(isNotNegative);
      case "maximum":
        return inputs.some(isNotNegative);
      case "where":
        return inputs.slice(1).every(isNotNegative);
      case "sum":
        return isNotNegative(inputs[0]!);
      case "schedule":
        notNegative.add(base);
        return true;
      case "input":
        return staysNotNegative(base);
      default:
        return false;
    }
  }

  /** Whether a state that is not negative stays so. */
  function staysNotNegative(x: Node): boolean {
    const change = changeOf.get(x);
    if (!change || notNegative.has(x)) return change !== undefined;
    notNegative.add(x);
    const stays = change.after === x || isNotNegative(newValue(change));
    if (!stays) notNegative.delete(x);
    return stays;
  }

  return {
    steady: new Set(late.filter((change) => steadyPower(change) !== undefined)),
    tame: late.every((change) => upperPower(newValue(change)) <= tameLimit),
    notNegative,
  };
}
