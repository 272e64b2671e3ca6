import type { NDArray } from "@tenon/contracts";
import { noOptions } from "@tenon/guards";
import { checkLabels } from "./internal/check.js";

/**
 * Labels as rows of zeros with a one at the label: […] whole numbers → […, classes] float32.
 *
 * Throws where a label is no whole number in [0, classes).
 */
export function oneHot(labels: NDArray, classes: number): NDArray {
  noOptions("oneHot", arguments[2]);
  checkLabels("oneHot", labels, classes);
  const data = new Float32Array(labels.data.length * classes);
  labels.data.forEach((label, i) => (data[i * classes + label] = 1));
  return { shape: [...labels.shape, classes], dtype: "float32", data };
}
