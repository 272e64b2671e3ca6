import type { Branch } from "./internal/asOne.js";
import { joined, merge } from "./internal/merge.js";
import type { JoiningLayer } from "./joiningLayer.js";

/**
 * Parallel branches joined along an axis: y = [f₁(x), f₂(x), …].
 *
 * The branches, called `"branch1"`, `"branch2"` …, have one input in common; given several, each
 * has its own, and without branches the inputs themselves are taken. All but the joined axis of
 * what they make must agree. Keras: `Concatenate`; PyTorch: `torch.cat`. Along the channels this is
 * `inception`.
 *
 * @param axis negative: counted from the end, -1 for the channels
 * @param branches each one layer, or several in a row
 * @throws in `plan`, if the branches' outputs cannot be joined
 */
export function concatenate(axis: number, ...branches: readonly Branch[]): JoiningLayer {
  return merge("concatenate", branches, { ...joined("concatenate", axis), args: [axis] });
}
