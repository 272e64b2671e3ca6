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
const limits = { steady: 122, tame: 126 };

const { log2 } = Math;
const calmPower = log2(calm);

/** What the analysis of one step has found so far. */
interface Analysis {
  readonly changeOf: ReadonlyMap<Node, StateChange>;
  /** States whose new values are checked only as they are written. */
  readonly late: ReadonlySet<StateChange>;
  /** Values that are checked before any state is replaced, such as gradients. */
  readonly checkedFirst: ReadonlySet<Node>;
  /** Powers of two below which magnitudes stay; infinite where none is known. */
  powers: Map<Node, number>;
  /** Of steady states; undefined of those that are not. */
  readonly steady: Map<StateChange, number | undefined>;
  readonly notNegative: Set<Node>;
}

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
  const analysis: Analysis = {
    changeOf: new Map(changes.map((change) => [change.before, change])),
    late: new Set(late),
    checkedFirst,
    powers: new Map(),
    steady: new Map(),
    notNegative: new Set(),
  };
  return {
    steady: new Set(late.filter((change) => steadyPower(analysis, change) !== undefined)),
    tame: late.every((change) => upperPower(analysis, newValue(change)) <= limits.tame),
    notNegative: analysis.notNegative,
  };
}

/** The value of a state after a step that is not taken back. */
const newValue = ({ after }: StateChange): Node =>
  after.op === "where" ? access(after.inputs[1]!).base : after;

/** The power of two below which the magnitude of a value stays; infinite if none is known. */
function upperPower(analysis: Analysis, x: Node): number {
  const { powers, checkedFirst } = analysis;
  const previous = powers.get(x);
  if (previous !== undefined) return previous;
  powers.set(x, Infinity); // of a value that depends on itself nothing is known
  let power: number;
  if (checkedFirst.has(x)) power = calmPower;
  else power = x.dtype === "int32" ? 31 : upperPowerOfResult(analysis, x);
  powers.set(x, power);
  return power;
}

function upperPowerOfResult(analysis: Analysis, x: Node): number {
  const [a, b, c] = x.inputs as [Node, Node, Node];
  const upper = (operand: Node): number => upperPower(analysis, operand);
  if (isView(x.op)) return upper(a);
  switch (x.op) {
    case "fill":
      return log2(Math.abs(fillValue(x)!));
    case "schedule":
      return log2(calmSchedule);
    case "input":
      return upperPowerOfState(analysis, x);
    case "add":
    case "sub":
      return Math.max(upper(a), upper(b)) + 1;
    case "mul":
      return product(upper(a), upper(b));
    case "square":
      return product(upper(a), upper(a));
    case "div":
      return product(upper(a), upperPowerOfReciprocal(analysis, b));
    case "reciprocal":
      return upperPowerOfReciprocal(analysis, a);
    case "sqrt":
      return isNotNegative(analysis, a) ? upper(a) / 2 : Infinity;
    case "neg":
    case "abs":
    case "relu":
    case "copy":
      return upper(a);
    case "maximum":
    case "minimum":
      return Math.max(upper(a), upper(b));
    case "where":
      return Math.max(upper(b), upper(c));
    case "sign":
    case "tanh":
    case "sigmoid":
      return upper(a) === Infinity ? Infinity : 0; // NaN stays NaN
    case "sum":
      return upper(a) + log2(Math.max(1, sizeOf(a.shape) / Math.max(1, sizeOf(x.shape))));
    case "max":
    case "min":
      return sizeOf(a.shape) > 0 ? upper(a) : Infinity;
    default:
      return Infinity;
  }
}

const product = (a: number, b: number): number =>
  a === Infinity || b === Infinity ? Infinity : a + b;

/** If the value may be NaN, as a root may, nothing is known. */
const upperPowerOfReciprocal = (analysis: Analysis, x: Node): number =>
  upperPower(analysis, x) === Infinity ? Infinity : -lowerPower(analysis, x);

function upperPowerOfState(analysis: Analysis, x: Node): number {
  const change = analysis.changeOf.get(x);
  // A state that never changes is not checked when it is loaded.
  if (!change || change.after === x) return Infinity;
  const power = analysis.late.has(change) ? steadyPower(analysis, change) : undefined;
  return power ?? calmPower;
}

/**
 * For x ← c x + y with |c| ≤ 1, as running means, sums and parameters change: how large x becomes
 * within 2²⁸ steps, if that is far from overflow.
 */
function steadyPower(analysis: Analysis, change: StateChange): number | undefined {
  const { steady } = analysis;
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
    const { powers } = analysis;
    analysis.powers = new Map([[before, Infinity]]);
    const power = Math.max(calmPower, upperPower(analysis, y) + gain) + 1;
    analysis.powers = powers;
    return power <= limits.steady ? power : undefined;
  };
  if (sum.op !== "add") return undefined;
  const [a, b] = sum.inputs as [Node, Node];
  const power = powerWith(factorOf(a), b) ?? powerWith(factorOf(b), a);
  steady.set(change, power);
  return power;
}

/** The power of two above which the magnitude of a value stays; −∞ if none is known. */
function lowerPower(analysis: Analysis, x: Node): number {
  const { base } = access(x);
  const [a, b, c] = base.inputs as [Node, Node, Node];
  const lower = (operand: Node): number => lowerPower(analysis, operand);
  const atLeastZero = (operand: Node): boolean => isNotNegative(analysis, operand);
  switch (base.op) {
    case "fill":
      return log2(Math.abs(fillValue(base)!));
    case "add":
      return atLeastZero(a) && atLeastZero(b) ? Math.max(lower(a), lower(b)) : -Infinity;
    case "maximum":
      return Math.max(...[a, b].map((x) => (atLeastZero(x) ? lower(x) : -Infinity)));
    case "where":
      return Math.min(lower(b), lower(c));
    case "sqrt":
      return lower(a) / 2;
    default:
      return -Infinity;
  }
}

function isNotNegative(analysis: Analysis, x: Node): boolean {
  const { base } = access(x);
  const { inputs } = base;
  const test = (operand: Node): boolean => isNotNegative(analysis, operand);
  if (analysis.checkedFirst.has(base)) return false;
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
      return inputs.every(test);
    case "maximum":
      return inputs.some(test);
    case "where":
      return inputs.slice(1).every(test);
    case "sum":
      return test(inputs[0]!);
    case "schedule":
      analysis.notNegative.add(base);
      return true;
    case "input":
      return staysNotNegative(analysis, base);
    default:
      return false;
  }
}

/** Whether a state that is not negative stays so. */
function staysNotNegative(analysis: Analysis, x: Node): boolean {
  const { changeOf, notNegative } = analysis;
  const change = changeOf.get(x);
  if (!change || notNegative.has(x)) return change !== undefined;
  notNegative.add(x);
  const stays = change.after === x || isNotNegative(analysis, newValue(change));
  if (!stays) notNegative.delete(x);
  return stays;
}
