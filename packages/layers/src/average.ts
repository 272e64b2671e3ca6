import type { Branch } from "./internal/asOne.js";
import { elementwise } from "./internal/merge.js";
import type { JoiningLayer } from "./joiningLayer.js";

/**
 * The mean of parallel branches, which may be the models of an ensemble: y = (f₁(x) + … + fₙ(x)) /
 * n
 *
 * The branches, called `"branch1"`, `"branch2"` …, have one input in common; given several, each
 * has its own, and without branches the inputs themselves are taken. Sizes of 1 broadcast. Keras:
 * `Average`.
 *
 * @param branches each one layer, or several in a row; `sequential()` is the input itself
 * @throws in `plan`, if the branches' outputs do not fit each other
 */
export function average(...branches: readonly Branch[]): JoiningLayer {
  return elementwise("average", branches, (ys) => ys.reduce((a, b) => a.add(b)).mul(1 / ys.length));
}
