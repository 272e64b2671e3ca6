import type { Batch } from "@tenon/contracts";
import { callable, noOptions } from "@tenon/guards";
import type { InMemoryDataset } from "./dataset.js";
import { checkInMemory } from "./internal/check.js";
import { exampleAt, stacked } from "./internal/examples.js";
import { view } from "./internal/view.js";

/**
 * The dataset of what a function makes of example i of one dataset and example i of another, for as
 * many as the smaller one has: examples { x, y } of arrays without a batch axis. Without a
 * function, x is the first one's x and y the second one's x: noisy images and clean ones.
 * TensorFlow.js: `tf.data.zip`.
 *
 * Throws where what the function makes is no example, or differs in shape from the first.
 */
export function zip(
  first: InMemoryDataset,
  second: InMemoryDataset,
  make: (first: Batch, second: Batch) => Batch = ({ x }, { x: y }) => ({ x, y }),
): InMemoryDataset {
  noOptions("zip", arguments[3]);
  checkInMemory("zip", first);
  checkInMemory("zip", second);
  callable("zip", "make", make);
  const examples = Array.from({ length: Math.min(first.size, second.size) }, (_, i) =>
    make(exampleAt(first.gather([i]), 0), exampleAt(second.gather([i]), 0)),
  );
  return view("zip", stacked("zip", examples), undefined, undefined);
}
