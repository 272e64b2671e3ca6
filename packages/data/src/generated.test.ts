import type { Batch } from "@tenon/contracts";
import { datasetSuite, refusal } from "@tenon/testkit";
import { expect, test } from "vitest";
import { generated, inMemory, split, type AsyncDataset } from "./index.js";
import { digest } from "./testing/digest.js";

const example = (i: number): Batch => ({
  x: { shape: [2], dtype: "float32", data: Float32Array.of(i, i / 2) },
  y: { shape: [], dtype: "int32", data: Int32Array.of(i % 3) },
});
async function* numbers(n: number): AsyncGenerator<Batch> {
  for (let i = 0; i < n; i++) {
    await Promise.resolve();
    yield example(i);
  }
}
function* forever(): Generator<Batch> {
  for (let i = 0; ; i++) yield example(i);
}
const xs = async (data: AsyncDataset, options: object): Promise<number[]> => {
  const values: number[] = [];
  for await (const { x } of data.batches({ batchSize: 4, ...options }))
    for (let i = 0; i < x.shape[0]!; i++) values.push(x.data[2 * i]!);
  return values;
};

datasetSuite("generated, of an async generator", await generated(() => numbers(23)));
datasetSuite("generated, with a small buffer", await generated(() => numbers(23), { buffer: 3 }));
datasetSuite(
  "generated, of an array",
  await generated(() => Array.from({ length: 11 }, (_, i) => example(i))),
);
datasetSuite("generated, of a source without end", await generated(forever, { size: 12 }));

test("counts the examples, and knows the shape of the first", async () => {
  const { size, x, y, identity } = await generated(() => numbers(23));
  expect({ size, x, y, identity }).toEqual({
    size: 23,
    x: { shape: [2], dtype: "float32" },
    y: { shape: [], dtype: "int32" },
    identity: undefined,
  });
  expect((await generated(() => numbers(3), { identity: "three" })).identity!(digest)).toBe(
    "three",
  );
});

test("each next example is drawn from a buffer: none comes earlier than it is in", async () => {
  const values = await xs(await generated(() => numbers(40), { buffer: 5 }), { seed: 1 });
  expect([...values].sort((a, b) => a - b)).toEqual([...values.keys()]);
  expect(values).not.toEqual([...values.keys()]);
  values.forEach((value, place) => expect(value).toBeLessThanOrEqual(place + 4));
});

test("the function is given the epoch", async () => {
  const data = await generated((epoch) => [example(10 * epoch), example(10 * epoch + 1)]);
  expect(await xs(data, { epoch: 3 })).toEqual([30, 31]);
});

test("a generator that is left early is closed", async () => {
  let closed = 0;
  function* closing(): Generator<Batch> {
    try {
      yield* forever();
    } finally {
      closed++;
    }
  }
  const data = await generated(closing, { size: 9 });
  for await (const _ of data.batches({ batchSize: 2, seed: 1 })) break;
  await xs(data, {});
  expect(closed).toBe(3); // once to see the first example
});

test("inMemory keeps all, so that it can be split", async () => {
  const kept = await inMemory(await generated(() => numbers(10)));
  expect(split(kept, { validation: 3 }).validation.gather([0]).x.data).toEqual(
    Float32Array.of(7, 3.5),
  );
});

test("what cannot be is said", async () => {
  await expect(generated(() => [])).rejects.toThrow(
    refusal("generated: expected at least one example, got none"),
  );
  await expect(generated(() => 3 as never)).rejects.toThrow(
    refusal("generated: expected make to return an iterable of examples, got 3"),
  );
  await expect(generated(() => [{ x: 3 } as never])).rejects.toThrow(
    refusal("generated: expected examples { x, y } of arrays { shape, dtype, data }, got 3 for x"),
  );
  await expect(xs(await generated(() => numbers(5), { size: 9 }), {})).rejects.toThrow(
    refusal("generated: expected 9 examples in an epoch, got 5"),
  );
  const uneven = await generated((epoch) => [
    example(0),
    {
      ...example(1),
      x: { shape: [1 + epoch], dtype: "float32", data: new Float32Array(1 + epoch) },
    },
  ]);
  await expect(xs(uneven, {})).rejects.toThrow(
    refusal(
      "batches: expected examples alike, x of shape [2] and dtype float32, got [1] and float32",
    ),
  );
  await expect(xs(uneven, { epoch: 1 })).resolves.toHaveLength(2);
});
