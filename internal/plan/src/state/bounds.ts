import { sizeOf } from "@tenon/tensor";
import { access } from "../graph/access.js";
import { fillValue, type Node } from "../graph/node.js";
import { isView } from "../graph/opTraits.js";
import { calm } from "../loop.js";
import type { StateChange } from "../order.js";

/** A schedule's value is calm up to here: rates are small, and corrections of a mean's start. */
export const calmSchedule: number = 2 ** 12;

/** What may be said of a step's new values before it runs, if all that is looked at is calm. */
export interface Bounds {
  /** States that need not be looked at: they cannot overflow within 2²⁸ steps. */
  readonly steady: ReadonlySet<StateChange>;
  /** Whether all new values are finite. */
  readonly tame: boolean;
  /** States and schedules of which that is only true where they are not negative. */
  readonly notNegative: ReadonlySet<Node>;
}

/** A steady state does not overflow within 2 to this many steps. */
const steps = 28;
/** Powers of two below which magnitudes must stay, where float32 ends at 2¹²⁸. */
const limits = { steady: 122, tame: 126 };

const log2 = Math.log2;

/** What a state becomes in a step that is taken. */
const valueOf = ({ after }: StateChange): Node =>
  after.op === "where" ? access(after.inputs[1]!).base : after;

/**
 * Bounds of the new values of a step, from the operations that make them.
 *
 * @param changes all of the state
 * @param late those whose new values are only looked at as they are written
 * @param looked values that are looked at before anything is changed, such as gradients
 */
export function boundsOf(
  changes: readonly StateChange[],
  late: readonly StateChange[],
  looked: ReadonlySet<Node>,
): Bounds {
  const changeOf = new Map(changes.map((change) => [change.before, change]));
  const isLate = new Set(late);
  let powers = new Map<Node, number>();
  /** Of the states that were looked into: how large they may become, or that they may not. */
  const steady = new Map<StateChange, number | undefined>();
  const notNegative = new Set<Node>();
  const calmPower = log2(calm);

  /**
   * The power of two below which the magnitude of a value stays; infinite where nothing is known.
   */
  const power = (x: Node): number => {
    let found = powers.get(x);
    if (found === undefined) {
      powers.set(x, Infinity); // what depends on itself is not known
      found = looked.has(x) ? calmPower : x.dtype === "int32" ? 31 : powerOfResult(x);
      powers.set(x, found);
    }
    return found;
  };
  const product = (a: number, b: number): number =>
    a === Infinity || b === Infinity ? Infinity : a + b;
  /** Of one over a value: of what may be no number, as a root, nothing is known. */
  const quotient = (x: Node): number => (power(x) === Infinity ? Infinity : -away(x));
  const powerOfResult = (x: Node): number => {
    const [a, b, c] = x.inputs as [Node, Node, Node];
    if (isView(x.op)) return power(a);
    switch (x.op) {
      case "fill":
        return log2(Math.abs(fillValue(x)!));
      case "schedule":
        return log2(calmSchedule);
      case "input":
        return powerOfState(x);
      case "add":
      case "sub":
        return Math.max(power(a), power(b)) + 1;
      case "mul":
        return product(power(a), power(b));
      case "square":
        return product(power(a), power(a));
      case "div":
        return product(power(a), quotient(b));
      case "reciprocal":
        return quotient(a);
      case "sqrt":
        return isNotNegative(a) ? power(a) / 2 : Infinity;
      case "neg":
      case "abs":
      case "relu":
      case "copy":
        return power(a);
      case "maximum":
      case "minimum":
        return Math.max(power(a), power(b));
      case "where":
        return Math.max(power(b), power(c));
      case "sign":
      case "tanh":
      case "sigmoid":
        return power(a) === Infinity ? Infinity : 0; // NaN stays NaN
      case "sum":
        return power(a) + log2(Math.max(1, sizeOf(a.shape) / Math.max(1, sizeOf(x.shape))));
      case "max":
      case "min":
        return sizeOf(a.shape) > 0 ? power(a) : Infinity;
      default:
        return Infinity;
    }
  };
  const powerOfState = (x: Node): number => {
    const change = changeOf.get(x);
    // What never changes is not looked at when it is loaded.
    if (!change || change.after === x) return Infinity;
    return (isLate.has(change) ? steadyPower(change) : undefined) ?? calmPower;
  };
  /**
   * Of x ← c x + y with |c| ≤ 1, as running means, sums and parameters change: how large x becomes
   * within 2²⁸ steps, if that is far from overflow.
   */
  const steadyPower = (change: StateChange): number | undefined => {
    if (steady.has(change)) return steady.get(change);
    steady.set(change, undefined);
    const { before } = change;
    const sum = valueOf(change);
    const factorOf = (x: Node): number => {
      if (x === before) return 1;
      const factor = x.op === "mul" && x.inputs[0] === before ? fillValue(x.inputs[1]!) : undefined;
      return Math.abs(factor ?? Infinity);
    };
    const powerWith = (factor: number, y: Node): number | undefined => {
      if (factor > 1) return undefined;
      const gain = factor < 1 ? Math.min(-log2(1 - factor), steps) : steps;
      // y must not depend on x: here, and only here, nothing is known of x.
      const known = powers;
      powers = new Map([[before, Infinity]]);
      const most = Math.max(calmPower, power(y) + gain) + 1;
      powers = known;
      return most <= limits.steady ? most : undefined;
    };
    if (sum.op !== "add") return undefined;
    const [a, b] = sum.inputs as [Node, Node];
    const found = powerWith(factorOf(a), b) ?? powerWith(factorOf(b), a);
    steady.set(change, found);
    return found;
  };

  /** The power of two above which the magnitude of a value stays; −∞ where nothing is known. */
  const away = (x: Node): number => {
    const { base } = access(x);
    const [a, b, c] = base.inputs as [Node, Node, Node];
    switch (base.op) {
      case "fill":
        return log2(Math.abs(fillValue(base)!));
      case "add":
        return isNotNegative(a) && isNotNegative(b) ? Math.max(away(a), away(b)) : -Infinity;
      case "maximum":
        return Math.max(...[a, b].map((one) => (isNotNegative(one) ? away(one) : -Infinity)));
      case "where":
        return Math.min(away(b), away(c));
      case "sqrt":
        return away(a) / 2;
      default:
        return -Infinity;
    }
  };
  const isNotNegative = (x: Node): boolean => {
    const { base } = access(x);
    if (looked.has(base)) return false;
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
        return base.inputs.every(isNotNegative);
      case "maximum":
        return base.inputs.some(isNotNegative);
      case "where":
        return base.inputs.slice(1).every(isNotNegative);
      case "sum":
        return isNotNegative(base.inputs[0]!);
      case "schedule":
        notNegative.add(base);
        return true;
      case "input":
        return staysNotNegative(base);
      default:
        return false;
    }
  };
  /** Whether a state that is not negative stays so. */
  const staysNotNegative = (x: Node): boolean => {
    const change = changeOf.get(x);
    if (!change || notNegative.has(x)) return change !== undefined;
    notNegative.add(x);
    const stays = change.after === x || isNotNegative(valueOf(change));
    if (!stays) notNegative.delete(x);
    return stays;
  };

  const found = new Set(late.filter((change) => steadyPower(change) !== undefined));
  const tame = late.every((change) => power(valueOf(change)) <= limits.tame);
  return { steady: found, tame, notNegative };
}
