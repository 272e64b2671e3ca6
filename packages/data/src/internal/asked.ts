import type { BatchOptions } from "@tenon/contracts";
import { badArgument, flag, known, shown, whole, wholeIn } from "@tenon/guards";

/** What `batches` is asked for: its options with their defaults. */
export interface Asked {
  readonly batchSize: number;
  readonly epoch: number;
  readonly seed: number | undefined;
  /** The first batch. */
  readonly from: number;
  /** How many batches an epoch of the dataset has. */
  readonly count: number;
  readonly reuse: boolean;
}

/** The options of `batches` of a dataset of this size. Throws where one makes no sense. */
export function asked(size: number, options: BatchOptions): Asked {
  const {
    batchSize,
    epoch = 0,
    seed,
    from = 0,
    dropLast = false,
    reuse = false,
  } = known("batches", options, "batchSize epoch seed from dropLast reuse");
  whole("batches", "batchSize", batchSize, 1);
  whole("batches", "epoch", epoch, 0);
  if (seed !== undefined && !Number.isSafeInteger(seed))
    throw badArgument("batches", "seed as a safe integer", shown(seed));
  flag("batches", "dropLast", dropLast);
  flag("batches", "reuse", reuse);
  const count = dropLast ? Math.floor(size / batchSize) : Math.ceil(size / batchSize);
  wholeIn("batches", `from, with ${count} batches in an epoch,`, from, 0, count);
  return { batchSize, epoch, seed, from, count, reuse };
}
