import { fillValue, type Node } from "../graph/node.js";
import { calm } from "../loop.js";
import type { StateChange } from "../order.js";
import { upperPowerOfResult } from "./powers.js";
import { newValue, signsOf } from "./signs.js";

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
  const calmPower = Math.log2(calm);
  const changeOf = new Map(changes.map((change) => [change.before, change]));
  /** Powers of two below which magnitudes stay; infinite where none is known. */
  let powers = new Map<Node, number>();
  /** Powers of steady states; undefined of those that are not. */
  const steady = new Map<StateChange, number | undefined>();
  const signs = signsOf(changeOf, checkedFirst);

  /** The power of two below which the magnitude of a value stays; infinite if none is known. */
  function upperPower(x: Node): number {
    const previous = powers.get(x);
    if (previous !== undefined) return previous;
    powers.set(x, Infinity); // of a value that depends on itself nothing is known
    let power: number;
    if (checkedFirst.has(x)) power = calmPower;
    else if (x.dtype === "int32") power = 31;
    else power = x.op === "input" ? upperPowerOfState(x) : upperPowerOfResult(x, upperPower, signs);
    powers.set(x, power);
    return power;
  }

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
      const gain = factor < 1 ? Math.min(-Math.log2(1 - factor), stepsPower) : stepsPower;
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

  return {
    steady: new Set(late.filter((change) => steadyPower(change) !== undefined)),
    tame: late.every((change) => upperPower(newValue(change)) <= tameLimit),
    notNegative: signs.notNegative,
  };
}
