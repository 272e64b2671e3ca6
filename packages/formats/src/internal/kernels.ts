import type { NDArray, Shape } from "@tenon/contracts";
import { rowMajor, strided } from "./strided.js";

// A kernel is [rows, columns, in, out] here and [out, in, rows, columns] in PyTorch, one of a
// linear layer [in, out] and [out, in]. Behind an image [height, width, channels] that was made a
// row, a linear layer's inputs are that image, too, of which PyTorch has the channels first.

/** A kernel's shape here, the row of an image as that image. */
const unflattened = (shape: Shape, image: Shape | undefined): Shape =>
  image ? [...image, ...shape.slice(1)] : shape;

/** What is said of our axes, in PyTorch's order. */
const theirOrder = <V>(ours: readonly V[]): V[] => [
  ...ours.slice(-2).reverse(),
  ...ours.slice(0, -2),
];

/** The shape in PyTorch of a kernel of this shape. */
export const theirShape = (shape: Shape): Shape => theirOrder(shape);

/** The kernel of this shape, of PyTorch's. */
export function ourKernel({ data }: NDArray, shape: Shape, image?: Shape): NDArray {
  const view = unflattened(shape, image);
  const [out, into, ...spatial] = rowMajor(theirOrder(view));
  const layout = { shape: view, strides: [...spatial, into, out], offset: 0 };
  return { shape, dtype: "float32", data: strided(Float32Array.from(data), layout) };
}

/** PyTorch's kernel, of ours. */
export function theirKernel({ shape, data }: NDArray, image?: Shape): NDArray {
  const view = unflattened(shape, image);
  const layout = { shape: theirOrder(view), strides: theirOrder(rowMajor(view)), offset: 0 };
  return {
    shape: theirShape(shape),
    dtype: "float32",
    data: strided(Float32Array.from(data), layout),
  };
}
