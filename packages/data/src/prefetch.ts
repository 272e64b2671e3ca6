import type { Batch, BatchOptions, Dataset, Digest } from "@tenon/contracts";
import { known, made, noOptions, whole } from "@tenon/guards";

/** A dataset whose batches are awaited. */
export interface AsyncDataset extends Dataset {
  batches(options: BatchOptions): AsyncIterable<Batch>;
}

/**
 * The same dataset with the next `count` batches on their way while one is worked on.
 *
 * The source prepares one batch at a time. Its error arrives after the batches before it;
 * leaving the loop early closes it. Worth its memory where the source waits for something: a disk,
 * a network, a worker. Throws unless `count` is a whole number of at least 1.
 */
export function prefetch(dataset: Dataset, count: number): AsyncDataset {
  noOptions("prefetch", arguments[2]);
  made("prefetch", "a dataset", dataset, "batches", "dataset({ x, y })");
  whole("prefetch", "count", count, 1);
  return {
    size: dataset.size,
    x: dataset.x,
    y: dataset.y,
    ...(dataset.weights && { weights: dataset.weights }),
    ...(dataset.identity && { identity: (digest: Digest) => dataset.identity!(digest) }),
    batches(options) {
      known("batches", options, "batchSize epoch seed from dropLast reuse");
      // several are alive at a time
      return ahead(dataset.batches({ ...options, reuse: false }), count);
    },
  };
}

function ahead(
  source: Iterable<Batch> | AsyncIterable<Batch>,
  count: number,
): AsyncIterable<Batch> {
  return {
    async *[Symbol.asyncIterator](): AsyncGenerator<Batch> {
      const iterator =
        Symbol.asyncIterator in source ? source[Symbol.asyncIterator]() : source[Symbol.iterator]();
      const queue: Promise<IteratorResult<Batch>>[] = [];
      let last: Promise<unknown> = Promise.resolve();
      let open = true;
      const order = (): void => {
        const next = last.then(() => iterator.next());
        next.catch(() => {}); // it is reported when its turn comes
        last = next;
        queue.push(next);
      };
      try {
        for (;;) {
          while (queue.length <= count) order();
          open = false; // an iterator that has ended or thrown needs no closing
          const { done, value } = await queue.shift()!;
          if (done) return;
          open = true;
          yield value;
        }
      } finally {
        if (open) {
          await last.catch(() => {});
          await iterator.return?.();
        }
      }
    },
  };
}
