import type { NDArray } from "@tenon/contracts";
import { dataset, rescale, take, toUnit, type InMemoryDataset, type Scaling } from "@tenon/data";

/** Handwritten digits: the first ones of MNIST's training and test images. */
export interface Digits {
  /** The first `count` training images. @param scaling of their bytes. @defaultValue to [0, 1] */
  train(count: number, scaling?: Scaling): InMemoryDataset;
  /** The first `count` test images. */
  validation(count: number, scaling?: Scaling): InMemoryDataset;
  /** How many there are. */
  readonly counts: { readonly train: number; readonly validation: number };
}

/** Images as bytes [n, 28, 28] with their labels [n]. */
export interface Part {
  readonly images: NDArray;
  readonly labels: NDArray;
}

/**
 * The scaling of the digits' bytes to mean 0 and standard deviation 1, those of MNIST's training
 * images: 0.1307 and 0.3081 of 255.
 */
export const standardized: Scaling = { center: 0.1307 * 255, scale: 0.3081 * 255 };

/** The digits of a host: files in Node, downloads in a page. */
export function digitsOf(train: Part, test: Part): Digits {
  const parts = { train, validation: test };
  // The same dataset is the same object, and its identity is computed once.
  const made = new Map<string, InMemoryDataset>();
  const first =
    (name: keyof typeof parts) =>
    (count: number, scaling: Scaling = toUnit()): InMemoryDataset => {
      const key = `${name} ${count} ${JSON.stringify(scaling)}`;
      const { images: x, labels: y } = parts[name];
      const images = (): InMemoryDataset =>
        dataset({ x, y }, { exampleShape: [28, 28, 1], classes: 10 });
      const part = made.get(key) ?? identifiedOnce(take(rescale(images(), scaling), count));
      made.set(key, part);
      return part;
    };
  return {
    ...{ train: first("train"), validation: first("validation") },
    counts: { train: train.labels.shape[0]!, validation: test.labels.shape[0]! },
  };
}

/**
 * A dataset that computes its identity once: its examples never change, and many runs ask for it.
 */
function identifiedOnce(data: InMemoryDataset): InMemoryDataset {
  let known: Promise<string> | undefined;
  return { ...data, identity: (digest) => (known ??= data.identity(digest)) };
}
