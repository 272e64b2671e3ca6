import type { Batch } from "@tenon/contracts";
import { datasetSuite, refusal } from "@tenon/testkit";
import fc from "fast-check";
import { expect, test } from "vitest";
import {
  concat,
  dataset,
  filter,
  inMemory,
  map,
  prefetch,
  repeat,
  rescale,
  skip,
  split,
  take,
  toUnit,
  weigh,
  zip,
  type InMemoryDataset,
} from "./index.js";
import { digest } from "./testing/digest.js";

const of = (n: number, start = 0): InMemoryDataset =>
  dataset({
    x: {
      shape: [n, 2],
      dtype: "int32",
      data: Uint8Array.from({ length: 2 * n }, (_, i) => start + i),
    },
    y: { shape: [n], dtype: "int32", data: Int32Array.from({ length: n }, (_, i) => i % 3) },
  });
const all = of(20);
const doubled = ({ x, y }: Batch): Batch => ({
  x: {
    shape: [3],
    dtype: "float32",
    data: Float32Array.of(x.data[0]!, x.data[1]!, y.data[0]! / 2),
  },
  y,
});
const xs = (data: InMemoryDataset): number[] => [
  ...data.gather(Array.from({ length: data.size }, (_, i) => i)).x.data,
];

datasetSuite("skip", skip(all, 7));
datasetSuite(
  "filter",
  filter(all, ({ y }) => y.data[0] !== 1),
);
datasetSuite("concat, of one source", concat(skip(all, 10), take(all, 7)));
datasetSuite("concat, of two", concat(of(9), of(8, 100)));
datasetSuite("map", map(all, doubled));
datasetSuite(
  "map of what is awaited",
  map(prefetch(all, 2), (example) => example),
);
datasetSuite("zip", zip(all, of(15, 90)));
datasetSuite("repeat, once", repeat(all, 1));

test("take and skip, split and concat put together what they took apart", () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 19 }), fc.integer({ min: 1, max: 3 }), (count, times) => {
      expect(xs(concat(take(all, count), skip(all, count)))).toEqual(xs(all));
      expect(xs(repeat(take(all, count), times))).toEqual(
        Array.from({ length: times }, () => xs(take(all, count))).flat(),
      );
      const { train, validation } = split(all, { validation: count, seed: times });
      expect(xs(concat(train, validation)).sort()).toEqual(xs(all).sort());
    }),
  );
});

test("parts of one dataset share its arrays, parts of several keep bytes and units", () => {
  expect(concat(take(all, 3), skip(all, 9)).source).toBe(all.source);
  const scaled = concat(rescale(of(3), toUnit()), rescale(of(2, 200), toUnit()));
  expect(scaled.source.x.data).toBeInstanceOf(Uint8Array);
  expect(scaled.gather([3]).x.data).toEqual(Float32Array.of(200 / 255, 201 / 255));
});

test("filter is given the example and its index", () => {
  const seen: number[] = [];
  const few = filter(all, ({ x }, index) => {
    seen.push(index);
    return x.data[0]! >= 34;
  });
  expect(seen).toEqual([...seen.keys()]);
  expect(xs(few)).toEqual([34, 35, 36, 37, 38, 39]);
});

test("map gives what the function makes, in the order of the dataset, and never keeps it", () => {
  const [batch] = map(all, doubled).batches({ batchSize: 2, from: 3 }) as Iterable<Batch>;
  expect(batch!.x).toEqual({
    shape: [2, 3],
    dtype: "float32",
    data: Float32Array.of(12, 13, 0, 14, 15, 0.5),
  });
  expect(map(all, doubled).identity).toBeUndefined();
});

test("map has an identity where the function is given one", async () => {
  const own = await map(all, doubled, { identity: "doubled" }).identity!(digest);
  expect(own).toBe(`${await all.identity(digest)} doubled`);
  expect(() => map(all, doubled, { identity: 3 as never })).toThrow(
    refusal("map: expected identity as text, got 3"),
  );
});

test("map of what is not in memory takes the new shapes as options", async () => {
  const mapped = map(prefetch(all, 1), doubled, { x: { shape: [3] } });
  expect((await inMemory(mapped)).gather([4]).x.data).toEqual(Float32Array.of(8, 9, 0.5));
  await expect(inMemory(map(prefetch(all, 1), doubled))).rejects.toThrow(
    refusal("map: expected x of shape [2] and dtype int32, got [3] and float32; give its shape"),
  );
});

test("zip makes noisy and clean images, or what a function says", () => {
  expect(zip(all, of(5, 50)).gather([4])).toEqual({
    x: { shape: [1, 2], dtype: "int32", data: Uint8Array.of(8, 9) },
    y: { shape: [1, 2], dtype: "int32", data: Int32Array.of(58, 59) },
  });
  const both = zip(all, all, (a, b) => ({ x: a.x, y: { ...b.y, data: Int32Array.of(7) } }));
  expect([...both.gather([0, 19]).y.data]).toEqual([7, 7]);
});

test("weights of examples and classes go along with them", async () => {
  const weighed = weigh(all, {
    classes: [1, 2, 3],
    examples: Float32Array.from({ length: 20 }, (_, i) => i),
  });
  expect(weighed.weights).toEqual({ shape: [], dtype: "float32" });
  expect(weighed.gather([3, 4, 5]).weights).toEqual({
    shape: [3],
    dtype: "float32",
    data: Float32Array.of(3, 8, 15),
  });
  for (const part of [concat(skip(weighed, 4), take(weighed, 2)), rescale(weighed, toUnit())])
    for (const { x, y, weights } of part.batches({ batchSize: 7, seed: 1 }))
      weights!.data.forEach((weight, i) => {
        const index = Math.round((x.data[2 * i]! * (part.units ? 255 : 1)) / 2);
        expect(weight).toBe(index * (y.data[i]! + 1));
      });
  for await (const { weights } of map(prefetch(weighed, 1), (example) => example).batches({
    batchSize: 20,
  }))
    expect([...weights!.data]).toEqual([...weighed.gather([...Array(20).keys()]).weights!.data]);
  expect(await weighed.identity(digest)).not.toBe(await all.identity(digest));
  expect(await weighed.identity(digest)).not.toBe(
    await weigh(all, { classes: [1, 2, 4] }).identity(digest),
  );
});

test("what does not fit together is refused, and nothing is lost", () => {
  const before = xs(all);
  const cases: readonly (readonly [() => unknown, string])[] = [
    [() => concat(), "concat: expected at least one dataset, got none"],
    [
      () => concat(all, rescale(all, toUnit())),
      "concat: expected datasets of one scaling, got undefined and {",
    ],
    [
      () => concat(all, weigh(all, { classes: [1, 1, 1] })),
      "concat: expected weights in all datasets or in none",
    ],
    [
      () =>
        concat(
          all,
          dataset({
            x: { shape: [1, 3], dtype: "int32", data: Uint8Array.of(1, 2, 3) },
            y: all.gather([0]).y,
          }),
        ),
      "concat: expected examples alike, x of shape [2] and dtype int32, got [3] and int32",
    ],
    [() => filter(all, () => false), "filter: expected an example that keep is true of, got none"],
    [() => skip(all, 20), "skip: expected a whole count in [0, 19], got 20"],
    [() => repeat(all, 0), "repeat: expected a whole times ≥ 1, got 0"],
    [
      () => zip(all, all, () => 3 as never),
      "zip: expected examples { x, y } of arrays { shape, dtype, data }, got undefined for x",
    ],
    [() => weigh(all, {}), "weigh: expected classes or examples, got neither"],
    [() => weigh(all, { classes: [1, 2] }), "weigh: expected weights of classes up to 2, got 2"],
    [
      () => weigh(all, { classes: [1, 2, NaN] }),
      "weigh: expected classes to hold finite numbers, got NaN at 2",
    ],
    [
      () => weigh(all, { examples: [1] }),
      "weigh: expected 20 weights, one for each example, got 1",
    ],
    [
      () => weigh(all, { classes: [0, 0, 0] }),
      "weigh: expected a weight above 0, got 0 for all examples",
    ],
    [
      () => weigh(repeat(take(all, 1), 2), { examples: [1, 2] }),
      "weigh: expected one weight for an example that comes more than once, got another one at 0",
    ],
  ];
  for (const [call, message] of cases) expect(call).toThrow(refusal(message));
  expect(xs(all)).toEqual(before);
});
