import type { Batch } from "@tenon/contracts";
import { text } from "@tenon/guards";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { decodeIdx } from "./decodeIdx.js";

/** One half of a folder such as MNIST's: images x: [count, rows, columns] and labels y: [count]. */
export interface IdxPart extends Batch {
  /** The files they were read from. */
  readonly files: { readonly x: string; readonly y: string };
}

/** The two halves of a folder such as MNIST's. */
export interface IdxFolder {
  readonly train: IdxPart;
  readonly test: IdxPart;
}

/**
 * Reads the four files of MNIST, or of a set laid out like it, from a folder.
 *
 * They are found by their usual names, such as `train-images-idx3-ubyte` and
 * `t10k-labels.idx1-ubyte.gz`: with dashes or dots, gzip or not. Where a file is there both ways,
 * the one that needs no unpacking is read.
 *
 * Rejects where the folder or one of the files is missing, a file is damaged or a folder, or images
 * and labels differ in number. The caller checks the contents: shapes beyond the first axis, and
 * values.
 */
export async function readIdxFolder(folder: string): Promise<IdxFolder> {
  text("readIdxFolder", "folder", folder);
  const names = await readdir(folder).catch((error: Error) => {
    throw new Error(
      `readIdxFolder: expected a folder of IDX files at ${folder}: ${error.message}`,
      { cause: error },
    );
  });
  const parts = ["train-images-idx3", "train-labels-idx1", "t10k-images-idx3", "t10k-labels-idx1"];
  const found = parts.map((part) => {
    const usual = new RegExp(`^${part.replace("-idx", "[-.]idx")}[-.]ubyte(\\.gz)?$`);
    return names.filter((name) => usual.test(name)).sort((a, b) => a.length - b.length)[0];
  });
  const missing = parts.filter((_, i) => found[i] === undefined);
  if (missing.length > 0) {
    const wanted = missing.map((part) => `${part}-ubyte`).join(", ");
    const listing =
      names.length > 0
        ? `${names.slice(0, 8).join(", ")}${names.length > 8 ? ", …" : ""}`
        : "nothing";
    throw new Error(
      `readIdxFolder: expected ${wanted} (also with a dot, also .gz) in ${folder}, which holds ` +
        `${listing}`,
    );
  }
  const files = found.map((name) => join(folder, name!));
  const arrays = await Promise.all(
    files.map((file) =>
      readFile(file)
        .then((bytes) => decodeIdx(bytes))
        .catch((error: NodeJS.ErrnoException) => {
          const problem =
            error.code === "EISDIR"
              ? "expected a file, got a folder; move the file that is in it up"
              : error.message;
          throw new Error(`readIdxFolder: ${file}: ${problem}`, { cause: error });
        }),
    ),
  );
  const part = (i: number): IdxPart => {
    const [x, y, imageFile, labelFile] = [arrays[i]!, arrays[i + 1]!, files[i]!, files[i + 1]!];
    for (const [array, file] of [
      [x, imageFile],
      [y, labelFile],
    ] as const) {
      if (array.shape.length === 0)
        throw new Error(
          `readIdxFolder: ${file}: expected a first axis that counts the examples, got shape []`,
        );
    }
    if (x.shape[0] === y.shape[0]) return { x, y, files: { x: imageFile, y: labelFile } };
    throw new Error(
      `readIdxFolder: expected as many labels as images, got ${x.shape[0]} images in ` +
        `${imageFile} and ${y.shape[0]} labels in ${labelFile}; the files are of different sets`,
    );
  };
  return { train: part(0), test: part(2) };
}
