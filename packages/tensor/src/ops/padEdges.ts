import { badArgument, noOptions, shown } from "@tenon/guards";
import { checkTensor, checkWidths } from "../internal/guards.js";
import { show } from "../shapes.js";
import type { Tensor } from "../tensor.js";
import { tensor } from "./leaf.js";

/**
 * What is beyond an edge: the values before it mirrored, without the edge itself (`…c b | a b c d |
 * c b…`), the edge itself (`a a | a b c d | d d`), or the other end (`c d | a b c d | a b`).
 */
export type EdgeMode = "reflect" | "replicate" | "circular";

/** The position in an axis of n from which position i, maybe outside of it, has its value. */
const from: Readonly<Record<EdgeMode, (i: number, n: number) => number>> = {
  reflect: (i, n) => (i < 0 ? -i : i >= n ? 2 * (n - 1) - i : i),
  replicate: (i, n) => Math.min(n - 1, Math.max(0, i)),
  circular: (i, n) => (i + n) % n,
};

/**
 * `[before, after]` for each axis, filled from the tensor itself. NumPy's `pad` with "reflect",
 * "edge" and "wrap"; PyTorch's `pad` with these modes.
 *
 * @throws RangeError if an axis is too short: "reflect" needs n > width, "circular" n ≥ width,
 *   "replicate" n ≥ 1
 */
export function padEdges(
  x: Tensor,
  widths: readonly (readonly [number, number])[],
  mode: EdgeMode,
): Tensor {
  noOptions("padEdges", arguments[3]);
  checkTensor("padEdges", x);
  if (typeof mode !== "string" || !Object.hasOwn(from, mode))
    throw badArgument("padEdges", 'a mode "reflect", "replicate" or "circular"', shown(mode));
  checkWidths("padEdges", x, widths);
  return widths.reduce((y: Tensor, [before, after], axis) => {
    const n = x.shape[axis]!;
    const widest = Math.max(before, after);
    if (widest === 0) return y;
    if ((mode === "replicate" ? 1 : mode === "circular" ? widest : widest + 1) > n)
      throw badArgument(
        "padEdges",
        `axis ${axis} to be long enough for "${mode}" of ${widest}`,
        show(x.shape),
        "pad less",
      );
    const places = Int32Array.from({ length: before + n + after }, (_, i) =>
      from[mode](i - before, n),
    );
    return y.gather(tensor(places), axis);
  }, x);
}
