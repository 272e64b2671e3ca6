import type { Branch } from "./internal/asOne.js";
import { elementwise } from "./internal/merge.js";
import type { JoiningLayer } from "./joiningLayer.js";

/**
 * The sum of parallel branches: y = f₁(x) + f₂(x) + …
 *
 * The branches, called `"branch1"`, `"branch2"` …, have one input in common; given several, each
 * has its own, and without branches the inputs themselves are taken. Sizes of 1 broadcast. Keras:
 * `Add`.
 *
 * @param branches each one layer, or several in a row; `sequential()` is the input itself
 * @throws in `plan`, if the branches' outputs do not fit each other
 */
export function add(...branches: readonly Branch[]): JoiningLayer {
  return elementwise("add", branches, (ys) => ys.reduce((a, b) => a.add(b)));
}
