// MNIST in an order that is the same for all contenders.
import { readFileSync } from "node:fs";
import { join } from "node:path";

const folder = process.argv
  .slice(2)
  .filter((word) => !word.startsWith("--"))
  .at(-1);
const images = new Uint8Array(readFileSync(join(folder, "train-images-idx3-ubyte"))).subarray(16);
const labels = new Uint8Array(readFileSync(join(folder, "train-labels-idx1-ubyte"))).subarray(8);

/**
 * The images and labels of a step: the training set in an order that is the same for all
 * contenders, over and over. The images as values, as bytes, and as rows of the training set.
 */
export function batchOf(step, size) {
  const x = new Float32Array(size * 784);
  const y = new Int32Array(size);
  const bytes = new Uint8Array(size * 784);
  const indices = new Uint32Array(size);
  for (let i = 0; i < size; i++) {
    const example = ((step * size + i) * 7919) % 60000; // 7919 has no factor in common with 60,000
    bytes.set(images.subarray(784 * example, 784 * (example + 1)), 784 * i);
    y[i] = labels[example];
    indices[i] = example;
  }
  for (let i = 0; i < x.length; i++) x[i] = bytes[i] / 255;
  return { x, y, bytes, rows: { of: images, indices } };
}
