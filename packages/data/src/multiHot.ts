import type { NDArray } from "@tenon/contracts";
import { badArgument, isTyped, noOptions, shown, whole } from "@tenon/guards";

/**
 * Several labels of each example as a row of zeros with ones at them, [n, classes] float32: targets
 * of `binaryCrossEntropy`, or which words a text has.
 *
 * Keras: `CategoryEncoding(output_mode="multi_hot")`; scikit-learn: `MultiLabelBinarizer`. Throws
 * where a label is no whole number in [0, classes).
 */
export function multiHot(
  labels: readonly (readonly number[] | Int32Array)[],
  classes: number,
): NDArray {
  noOptions("multiHot", arguments[2]);
  whole("multiHot", "classes", classes, 1);
  if (!Array.isArray(labels))
    throw badArgument("multiHot", "a list of labels of each example", shown(labels));
  const data = new Float32Array(labels.length * classes);
  Array.from(labels, (list: readonly number[], example) => {
    if (!Array.isArray(list) && !isTyped(list))
      throw badArgument(
        "multiHot",
        "a list of labels of each example",
        `${shown(list)} at ${example}`,
      );
    for (const label of list) {
      if (!(Number.isInteger(label) && label >= 0 && label < classes))
        throw badArgument(
          "multiHot",
          `labels to be whole numbers in [0, ${classes})`,
          `${shown(label)} at ${example}`,
        );
      data[example * classes + label] = 1;
    }
  });
  return { shape: [labels.length, classes], dtype: "float32", data };
}
