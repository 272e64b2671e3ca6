import type { ArraySpec, Batch, BatchOptions, Dataset, Digest } from "@tenon/contracts";
import { badArgument, callable, known, sameShape, shown } from "@tenon/guards";
import { checkDataset, isInMemory } from "./internal/check.js";
import { eachBatch } from "./internal/eachBatch.js";
import { exampleAt, stacked } from "./internal/examples.js";

export interface MapOptions {
  /** Shape and dtype of a new x. @defaultValue those of the first example, or of the dataset's x */
  readonly x?: ArraySpec;
  /** Shape and dtype of a new y. @defaultValue those of the first example, or of the dataset's y */
  readonly y?: ArraySpec;
  /**
   * A short text that identifies the function, for checkpoints: with it, the dataset has an
   * identity.
   * @defaultValue none, since nothing else tells what the function does
   */
  readonly identity?: string;
}

/**
 * The dataset of what a function makes of each example, an object { x, y } of arrays without a
 * batch axis. It is computed anew whenever a batch is read; `inMemory` keeps it.
 *
 * Of a dataset in memory, the function is called with the first example to know the shapes; of
 * another one, new shapes are given as options.
 *
 * `batches` throws where what the function makes is no example, or not of these shapes.
 * TensorFlow.js: `Dataset.map`; PyTorch: a `transform`.
 */
export function map(
  dataset: Dataset,
  make: (example: Batch) => Batch,
  options: MapOptions = {},
): Dataset {
  checkDataset("map", dataset);
  callable("map", "make", make);
  const first = isInMemory(dataset) ? made([make(exampleAt(dataset.gather([0]), 0))]) : undefined;
  const {
    x = specOf(first?.x) ?? dataset.x,
    y = specOf(first?.y) ?? dataset.y,
    identity,
  } = known("map", options, "x y identity");
  checkSpec("x", x);
  checkSpec("y", y);
  if (identity !== undefined && typeof identity !== "string")
    throw badArgument("map", "identity as text", shown(identity));
  const weights = specOf(first?.weights) ?? dataset.weights;
  const ofBatch = (batch: Batch): Batch => {
    const examples = Array.from({ length: batch.x.shape[0] }, (_, i) => make(exampleAt(batch, i)));
    const mapped = made(examples);
    for (const [name, array, spec] of [
      ["x", mapped.x, x],
      ["y", mapped.y, y],
    ] as const)
      if (!sameShape(array.shape.slice(1), spec.shape) || array.dtype !== (spec.dtype ?? "float32"))
        throw badArgument(
          "map",
          `${name} of shape [${spec.shape.join(", ")}] and dtype ${spec.dtype ?? "float32"}`,
          `[${array.shape.slice(1).join(", ")}] and ${array.dtype}`,
          "give its shape and dtype as an option",
        );
    return mapped;
  };
  return {
    size: dataset.size,
    x,
    y,
    ...(weights && { weights }),
    ...(identity !== undefined &&
      dataset.identity && {
        identity: async (digest: Digest) => `${await dataset.identity!(digest)} ${identity}`,
      }),
    batches: (options: BatchOptions) => eachBatch(dataset.batches(options), ofBatch),
  };
}

const made = (examples: readonly Batch[]): Batch => stacked("map", examples);

const specOf = (array: Required<ArraySpec> | undefined): ArraySpec | undefined =>
  array && { shape: array.shape.slice(1), dtype: array.dtype };

/** Throws unless a value is the shape and dtype of an array. */
function checkSpec(name: string, spec: ArraySpec): void {
  const { shape, dtype = "float32" } = spec ?? {};
  if (!Array.isArray(shape) || !["float32", "int32"].includes(dtype))
    throw badArgument("map", `${name} as { shape, dtype } of an example`, shown(spec));
}
