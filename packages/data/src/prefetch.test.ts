import type { Batch, Dataset } from "@tenon/contracts";
import fc from "fast-check";
import { expect, test } from "vitest";
import { dataset, prefetch } from "./index.js";

const batch = (i: number): Batch => ({
  x: { shape: [1], dtype: "int32", data: Int32Array.of(i) },
  y: { shape: [1], dtype: "int32", data: Int32Array.of(i) },
});
const turn = (): Promise<void> => new Promise((resolve) => setTimeout(resolve));

/** Gives `total` batches, each a turn of the event loop away, and counts what happens to it. */
function slow(
  total: number,
  { failAt = Infinity }: { failAt?: number } = {},
): { data: Dataset; counts: { started: number; closed: number; busy: number } } {
  const counts = { started: 0, closed: 0, busy: 0 };
  const batches = (): AsyncIterable<Batch> => ({
    [Symbol.asyncIterator]: () => ({
      async next(): Promise<IteratorResult<Batch>> {
        expect(counts.busy++).toBe(0); // asked for one at a time
        const i = counts.started++;
        await turn();
        counts.busy--;
        if (i === failAt) throw new Error(`batch ${i} is damaged`);
        return i < total ? { done: false, value: batch(i) } : { done: true, value: undefined };
      },
      async return(): Promise<IteratorResult<Batch>> {
        expect(counts.busy).toBe(0);
        counts.closed++;
        return { done: true, value: undefined };
      },
    }),
  });
  return { data: { size: total, x: { shape: [] }, y: { shape: [] }, batches }, counts };
}

async function collect(data: Dataset): Promise<number[]> {
  const received: number[] = [];
  for await (const { x } of data.batches({ batchSize: 1 })) received.push(x.data[0]);
  return received;
}

test("the same batches in the same order", async () => {
  await fc.assert(
    fc.asyncProperty(fc.nat(8), fc.integer({ min: 1, max: 12 }), async (total, count) => {
      const { data, counts } = slow(total);
      expect(await collect(prefetch(data, count))).toEqual(
        Array.from({ length: total }, (_, i) => i),
      );
      expect(counts.closed).toBe(0);
    }),
    { numRuns: 30 },
  );
  const memory = dataset({
    x: { shape: [5], dtype: "int32", data: Int32Array.of(0, 1, 2, 3, 4) },
    y: { shape: [5], dtype: "int32", data: new Int32Array(5) },
  });
  expect(await collect(prefetch(memory, 3))).toEqual([0, 1, 2, 3, 4]);
});

test("batches being prefetched never share memory", async () => {
  const x = {
    shape: [12, 2],
    dtype: "float32",
    data: Float32Array.from({ length: 24 }, (_, i) => i),
  } as const;
  const y = { shape: [12], dtype: "int32", data: new Int32Array(12) } as const;
  const data = dataset({ x, y });
  const got: number[][] = [];
  for await (const batch of prefetch(data, 2).batches({ batchSize: 3, reuse: true }))
    got.push([...batch.x.data]);
  expect(got).toEqual([...data.batches({ batchSize: 3 })].map((batch) => [...batch.x.data]));
});

test("keeps as many ready as asked for, and no more", async () => {
  const { data, counts } = slow(100);
  for await (const { x } of prefetch(data, 3).batches({ batchSize: 1 })) {
    for (let i = 0; i < 10; i++) await turn();
    expect(counts.started).toBe(x.data[0] + 4);
    if (x.data[0] === 5) break;
  }
});

test("an error comes after the batches before it", async () => {
  const { data, counts } = slow(10, { failAt: 3 });
  const received: number[] = [];
  const walk = async (): Promise<void> => {
    for await (const { x } of prefetch(data, 5).batches({ batchSize: 1 })) received.push(x.data[0]);
  };
  await expect(walk()).rejects.toThrow("batch 3 is damaged");
  expect(received).toEqual([0, 1, 2]);
  expect(counts).toMatchObject({ started: 4, closed: 0 });
});

test("leaving early closes the source once", async () => {
  const { data, counts } = slow(10);
  for await (const { x } of prefetch(data, 2).batches({ batchSize: 1 })) if (x.data[0] === 1) break;
  expect(counts).toMatchObject({ closed: 1, busy: 0 });
});

test("leaving early does not trip over an error that was still to come", async () => {
  const { data, counts } = slow(10, { failAt: 2 });
  for await (const { x } of prefetch(data, 4).batches({ batchSize: 1 })) if (x.data[0] === 0) break;
  expect(counts.closed).toBe(1);
});

test("options reach the source", () => {
  const memory = dataset({
    x: { shape: [2], dtype: "int32", data: new Int32Array(2) },
    y: { shape: [2], dtype: "int32", data: new Int32Array(2) },
  });
  expect(() => prefetch(memory, 2).batches({ batchSize: 0 })).toThrow("expected a whole batchSize");
  expect(() => prefetch(memory, 0)).toThrow("prefetch: expected a whole count ≥ 1, got 0");
});
