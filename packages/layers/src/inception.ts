import { badArgument } from "@tenon/guards";
import type { Branch } from "./internal/asOne.js";
import { joined, merge } from "./internal/merge.js";
import type { JoiningLayer } from "./joiningLayer.js";

/**
 * Parallel branches over one input, joined along the channels: y = [f₁(x), f₂(x), …].
 *
 * The branches are called `"branch1"`, `"branch2"` …; all but the last axis of what they make must
 * agree.
 *
 * Szegedy et al. (2015), Going deeper with convolutions, section 4. arXiv:1409.4842
 *
 * @param branches each one layer, or several in a row
 * @throws in `plan`, if the branches' outputs cannot be joined
 */
export function inception(...branches: readonly Branch[]): JoiningLayer {
  if (branches.length === 0) throw badArgument("inception", "at least one branch", "none");
  return merge("inception", branches, joined("inception", -1));
}
