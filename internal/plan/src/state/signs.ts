import { access } from "../graph/access.js";
import { fillValue, type Node } from "../graph/node.js";
import type { StateChange } from "../order.js";

/** The value of a state after a step that is not taken back. */
export const newValue = ({ after }: StateChange): Node =>
  after.op === "where" ? access(after.inputs[1]!).base : after;

/** Which values are certainly not negative. */
export interface Signs {
  isNotNegative(x: Node): boolean;
  /** States and schedules that must not be negative for that to be true: grows as it is asked. */
  readonly notNegative: ReadonlySet<Node>;
}

/**
 * @param changeOf the change of each state
 * @param checkedFirst values of any sign, such as gradients
 */
export function signsOf(
  changeOf: ReadonlyMap<Node, StateChange>,
  checkedFirst: ReadonlySet<Node>,
): Signs {
  const notNegative = new Set<Node>();

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

  return { isNotNegative, notNegative };
}
