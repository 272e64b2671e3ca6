import type { Batch, NDArray } from "@tenon/contracts";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { decodeIdx } from "./decodeIdx.js";

/** The two halves of a folder such as MNIST's: images x: [count, rows, columns] and labels y: [count]. */
export interface IdxFolder {
  readonly train: Batch;
  readonly test: Batch;
}

/**
 * Reads the four files of MNIST, or of a set laid out like it, from a folder.
 *
 * They are found by their usual names, such as `train-images-idx3-ubyte` and `t10k-labels.idx1-ubyte.gz`: with dashes
 * or dots, gzip or not. Where a file is there both ways, the one that needs no unpacking is read.
 *
 * Rejects where the folder or one of the files is missing, a file is damaged, or images and labels differ in number.
 */
export async function readIdxFolder(folder: string): Promise<IdxFolder> {
  const names = await readdir(folder).catch((error: Error) => {
    throw new Error(`readIdxFolder: expected a folder of IDX files at ${folder}: ${error.message}`);
  });
  const parts = ["train-images-idx3", "train-labels-idx1", "t10k-images-idx3", "t10k-labels-idx1"];
  const found = parts.map((part) => {
    const usual = new RegExp(`^${part.replace("-idx", "[-.]idx")}[-.]ubyte(\\.gz)?$`);
    return names.filter((name) => usual.test(name)).sort((a, b) => a.length - b.length)[0];
  });
  const missing = parts.filter((_, i) => found[i] === undefined);
  if (missing.length > 0) {
    const wanted = missing.map((part) => `${part}-ubyte`).join(", ");
    const there = names.length > 0 ? `${names.slice(0, 8).join(", ")}${names.length > 8 ? ", …" : ""}` : "nothing";
    throw new Error(`readIdxFolder: expected ${wanted} (also with a dot, also .gz) in ${folder}, which holds ${there}`);
  }
  const arrays = await Promise.all(
    found.map(async (name) => {
      const bytes = await readFile(join(folder, name));
      return decodeIdx(bytes).catch((error: Error) => {
        throw new Error(`readIdxFolder: ${join(folder, name)}: ${error.message}`);
      });
    }),
  );
  return { train: pair("train", arrays[0], arrays[1]), test: pair("t10k", arrays[2], arrays[3]) };
}

function pair(name: string, x: NDArray, y: NDArray): Batch {
  if (x.shape[0] === y.shape[0]) return { x, y };
  throw new Error(`readIdxFolder: expected as many labels as images, got ${x.shape[0]} ${name} images and ${y.shape[0]} labels; the files are of different sets`);
}
