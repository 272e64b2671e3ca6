import type { Batch } from "@tenon/contracts";

type Batches = Iterable<Batch> | AsyncIterable<Batch>;

/** Batches made of others, counted from 0; awaited where those are. */
export function eachBatch(source: Batches, make: (batch: Batch, i: number) => Batch): Batches {
  if (Symbol.asyncIterator in source)
    return {
      async *[Symbol.asyncIterator](): AsyncGenerator<Batch> {
        let i = 0;
        for await (const batch of source) yield make(batch, i++);
      },
    };
  return {
    *[Symbol.iterator](): Generator<Batch> {
      let i = 0;
      for (const batch of source) yield make(batch, i++);
    },
  };
}
