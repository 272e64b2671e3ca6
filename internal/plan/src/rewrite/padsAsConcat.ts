import type { ConcatAttrs, PadAttrs } from "@tenon/tensor";
import type { Node } from "../graph/node.js";
import type { RewriteRule } from "./rule.js";

/** What is padded with zeros along one axis, and where it begins there. */
interface Placed {
  readonly x: Node;
  readonly axis: number;
  readonly at: number;
}

/**
 * A sum of padded arrays that lie next to each other along an axis and fill it, as the gradient of
 * a tensor of which slices are used, is those arrays one after the other. The same values, but for
 * a −0, which stays: the sum makes 0 of it.
 */
export const padsAsConcat: RewriteRule = {
  root: "add",
  apply({ inputs, shape, dtype }, { node }) {
    const parts = inputs.flatMap(placedParts);
    if (parts.some((part) => part === undefined)) return undefined;
    const sorted = (parts as Placed[]).sort((a, b) => a.at - b.at);
    const { axis } = sorted[0]!;
    let end = 0;
    for (const { x, axis: along, at } of sorted) {
      if (along !== axis || at !== end) return undefined;
      end += x.shape[axis]!;
    }
    if (end !== shape[axis]) return undefined;
    const operands = sorted.map(({ x }) => x);
    return node("concat", operands, shape, dtype, { axis } satisfies ConcatAttrs);
  },
};

/** The padded arrays that are added; undefined among them for anything else. */
function placedParts(x: Node): (Placed | undefined)[] {
  if (x.op === "add") return x.inputs.flatMap(placedParts);
  if (x.op !== "pad") return [undefined];
  const { low, high, interior, value } = x.attrs as PadAttrs;
  const axes = low.flatMap((n, i) => (n > 0 || high[i]! > 0 ? [i] : []));
  if (axes.length !== 1 || value !== 0 || interior.some((n) => n > 0)) return [undefined];
  return [{ x: x.inputs[0]!, axis: axes[0]!, at: low[axes[0]!]! }];
}
