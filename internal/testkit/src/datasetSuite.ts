import type { Batch, BatchOptions, Dataset, NDArray } from "@tenon/contracts";
import { describe, expect, test } from "vitest";

/**
 * What every Dataset promises: each example once per epoch, the same options the same batches,
 * `from` goes on where another run stopped. Give one with at least ten examples, of which no two
 * are alike.
 */
export function datasetSuite(title: string, dataset: Dataset): void {
  const n = dataset.size;
  const take = async (options: BatchOptions): Promise<Batch[]> => {
    const batches: Batch[] = [];
    for await (const { x, y } of dataset.batches(options))
      batches.push({ x: { ...x, data: x.data.slice() }, y: { ...y, data: y.data.slice() } });
    return batches;
  };
  /** An example as text: its values and its target's. */
  const examples = (batches: readonly Batch[]): string[] =>
    batches.flatMap(({ x, y }) =>
      Array.from({ length: x.shape[0]! }, (_, i) => `${row(x, i)} → ${row(y, i)}`),
    );
  const sizes = [1, 3, Math.ceil(n / 2), n, n + 5];

  describe(`dataset ${title}`, () => {
    test("describes one example, and its batches have that shape and dtype", async () => {
      expect(n, "examples").toBeGreaterThanOrEqual(10);
      for (const { x, y } of await take({ batchSize: 4, seed: 1 })) {
        for (const [array, spec] of [
          [x, dataset.x],
          [y, dataset.y],
        ] as const) {
          expect(array.shape.slice(1)).toEqual([...spec.shape]);
          expect(array.dtype).toBe(spec.dtype ?? "float32");
          expect(array.data.length).toBe(array.shape.reduce((product, size) => product * size, 1));
        }
        expect(y.shape[0]).toBe(x.shape[0]);
      }
    });

    test.each(sizes)(
      "batches of %i: each example once per epoch, the last batch holds what is left",
      async (batchSize) => {
        const all = examples(await take({ batchSize: n })).sort();
        expect(new Set(all).size, "no two examples alike").toBe(n);
        for (const options of [
          { batchSize },
          { batchSize, seed: 3 },
          { batchSize, seed: 3, epoch: 2 },
        ]) {
          const batches = await take(options);
          expect(batches.map(({ x }) => x.shape[0])).toEqual(
            Array.from({ length: Math.ceil(n / batchSize) }, (_, i) =>
              Math.min(batchSize, n - i * batchSize),
            ),
          );
          expect(examples(batches).sort()).toEqual(all);
        }
      },
    );

    test("the same options give the same batches; each seed and epoch an order", async () => {
      const orders = new Set<string>();
      for (const options of [
        {},
        { seed: 1 },
        { seed: 2 },
        { seed: 1, epoch: 1 },
        { seed: 1, epoch: 2 },
      ]) {
        const order = examples(await take({ batchSize: 3, ...options })).join("\n");
        expect(examples(await take({ batchSize: 3, ...options })).join("\n")).toBe(order);
        orders.add(order);
      }
      expect(orders.size).toBe(5);
    });

    test("the order does not depend on the size of the batches", async () => {
      expect(examples(await take({ batchSize: 2, seed: 5 }))).toEqual(
        examples(await take({ batchSize: 7, seed: 5 })),
      );
    });

    test("from goes on in the middle of an epoch", async () => {
      const whole = await take({ batchSize: 3, seed: 5, epoch: 1 });
      for (let from = 0; from <= whole.length; from++)
        expect(await take({ batchSize: 3, seed: 5, epoch: 1, from })).toEqual(whole.slice(from));
    });

    test("without the last batch, where it is not full, all others are as they are", async () => {
      for (const batchSize of [1, 3, 4, n, n + 5]) {
        const whole = await take({ batchSize, seed: 5 });
        expect(await take({ batchSize, seed: 5, dropLast: true })).toEqual(
          whole.filter(({ x }) => x.shape[0] === batchSize),
        );
        expect(
          await take({ batchSize, seed: 5, dropLast: true, from: 1 }).catch(() => "none"),
        ).toEqual(
          n < batchSize ? "none" : whole.filter(({ x }) => x.shape[0] === batchSize).slice(1),
        );
      }
    });

    test("encoded bytes give the values until data is read; copies are not encoded", async () => {
      for await (const { x, y } of dataset.batches({ batchSize: 4, seed: 5, reuse: true })) {
        const encoded = x.encoded?.();
        const looked =
          encoded &&
          Float32Array.from(
            encoded.bytes,
            (byte, i) => encoded.palette[((256 * i) % encoded.palette.length) + byte]!,
          );
        if (looked) expect(x.data).toEqual(looked);
        else expect(x.data.length).toBe(x.shape.reduce((product, size) => product * size, 1));
        expect([x.encoded?.(), { ...x }.encoded, y.encoded]).toEqual([
          undefined,
          undefined,
          undefined,
        ]);
      }
    });

    test("concurrent readers and writes into a batch do not interfere", async () => {
      const alone = examples(await take({ batchSize: 3, seed: 5 }));
      const first: Batch[] = [];
      const other = take({ batchSize: 2, seed: 6 });
      for await (const { x, y } of dataset.batches({ batchSize: 3, seed: 5 })) {
        first.push({ x: { ...x, data: x.data.slice() }, y: { ...y, data: y.data.slice() } });
        x.data.fill(9);
        y.data.fill(9);
      }
      await other;
      expect(examples(first)).toEqual(alone);
      expect(examples(await take({ batchSize: 3, seed: 5 }))).toEqual(alone);
    });
  });
}

function row({ shape, data }: NDArray, i: number): string {
  const width = shape.slice(1).reduce((product, size) => product * size, 1);
  return data.slice(i * width, (i + 1) * width).join(" ");
}
