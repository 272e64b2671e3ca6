import { fillValue, type Node } from "../graph/node.js";
import type { NodeBuilder } from "../graph/nodeBuilder.js";
import type { Proposal, RewriteRule } from "./rule.js";

/** The operand that adding the other one does not change: −0 + 0 is 0, so −0 is neutral there. */
function withoutZero({ inputs: [a, b], dtype }: Proposal): Node | undefined {
  const neutral = dtype === "int32" ? 0 : -0;
  if (Object.is(fillValue(b), neutral)) return a;
  return Object.is(fillValue(a), neutral) ? b : undefined;
}

function withoutOne({ inputs: [a, b] }: Proposal): Node | undefined {
  if (fillValue(b) === 1) return a;
  return fillValue(a) === 1 ? b : undefined;
}

/**
 * x / b as x · (1 / b): exact only for powers of two whose reciprocal is a float32; any other
 * quotient keeps its division.
 */
function withoutDivision(
  { inputs: [a, b], shape, dtype }: Proposal,
  { node, fill }: NodeBuilder,
): Node | undefined {
  const divisor = fillValue(b);
  if (divisor === 1) return a;
  const exact =
    divisor !== undefined &&
    Number.isInteger(Math.log2(Math.abs(divisor))) &&
    Number.isFinite(Math.fround(1 / divisor));
  return exact ? node("mul", [a!, fill(shape, dtype, 1 / divisor)], shape, dtype) : undefined;
}

/** Identities of scalar arithmetic: the same bits from fewer operations, on every engine. */
export const identities: readonly RewriteRule[] = [
  { root: "add", apply: withoutZero },
  {
    root: "sub",
    apply: ({ inputs: [a, b] }) => (Object.is(fillValue(b), 0) ? a : undefined),
  },
  { root: "mul", apply: withoutOne },
  { root: "div", apply: withoutDivision },
  {
    root: "neg",
    apply: ({ inputs: [x] }) => (x!.op === "neg" ? x!.inputs[0] : undefined),
  },
];
