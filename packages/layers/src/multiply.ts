import type { Branch } from "./internal/asOne.js";
import { elementwise } from "./internal/merge.js";
import type { JoiningLayer } from "./joiningLayer.js";

/**
 * The product of parallel branches, element by element: y = f₁(x) · f₂(x) · …
 *
 * The branches, called `"branch1"`, `"branch2"` …, have one input in common; given several, each
 * has its own, and without branches the inputs themselves are taken. Sizes of 1 broadcast. Keras:
 * `Multiply`.
 *
 * @param branches each one layer, or several in a row; `sequential()` is the input itself
 * @throws in `plan`, if the branches' outputs do not fit each other
 */
export function multiply(...branches: readonly Branch[]): JoiningLayer {
  return elementwise("multiply", branches, (ys) => ys.reduce((a, b) => a.mul(b)));
}
