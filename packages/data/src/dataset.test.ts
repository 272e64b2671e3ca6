import type { Batch, BatchOptions, NDArray } from "@tenon/contracts";
import fc from "fast-check";
import { expect, test } from "vitest";
import { dataset, rescale, scaled, subset, take, toUnit } from "./index.js";

/** n examples of 2 × 2 bytes; example i is full of i, and its label is i mod 10. */
function counted(n: number): Batch {
  return {
    x: {
      shape: [n, 2, 2],
      dtype: "int32",
      data: Uint8Array.from({ length: 4 * n }, (_, i) => i >> 2),
    },
    y: { shape: [n], dtype: "int32", data: Uint8Array.from({ length: n }, (_, i) => i % 10) },
  };
}

const all = (batches: Iterable<Batch>): Batch[] => [...batches];
/** Which examples of `counted` the batches hold, in order. */
const labelsOf = (batches: Iterable<Batch>): number[] =>
  all(batches).flatMap(({ x }) => Array.from(x.data).filter((_, i) => i % 4 === 0));

const options = fc.record({
  size: fc.integer({ min: 1, max: 200 }),
  batchSize: fc.integer({ min: 1, max: 64 }),
  epoch: fc.nat(20),
  seed: fc.option(fc.integer(), { nil: undefined }),
});
const batchOptions = ({
  batchSize,
  epoch,
  seed,
}: {
  batchSize: number;
  epoch: number;
  seed: number | undefined;
}): BatchOptions => ({ batchSize, epoch, ...(seed !== undefined && { seed }) });

test("every example comes exactly once per epoch", () => {
  fc.assert(
    fc.property(options, (o) => {
      const data = dataset(counted(o.size));
      const batches = all(data.batches(batchOptions(o)));
      expect(batches.map(({ x }) => x.shape[0])).toEqual(
        Array.from({ length: Math.ceil(o.size / o.batchSize) }, (_, i) =>
          Math.min(o.batchSize, o.size - i * o.batchSize),
        ),
      );
      expect(labelsOf(batches).sort((a, b) => a - b)).toEqual(
        Array.from({ length: o.size }, (_, i) => i),
      );
      for (const { x, y } of batches)
        y.data.forEach((label, i) => expect(label).toBe(x.data[4 * i] % 10));
    }),
  );
});

test("from gives the rest of the same epoch", () => {
  fc.assert(
    fc.property(options, fc.nat(1000), (o, n) => {
      const data = rescale(dataset(counted(o.size)), toUnit());
      const whole = all(data.batches(batchOptions(o)));
      const from = n % (whole.length + 1);
      expect(all(data.batches({ ...batchOptions(o), from }))).toEqual(whole.slice(from));
    }),
  );
});

test("the order depends on the seed and the epoch alone", () => {
  const order = (o: BatchOptions): number[] => labelsOf(dataset(counted(200)).batches(o));
  expect(order({ batchSize: 7, seed: 1, epoch: 3 })).toEqual(
    order({ batchSize: 50, seed: 1, epoch: 3 }),
  );
  expect(order({ batchSize: 7, seed: 1 })).toEqual(order({ batchSize: 7, seed: 1, epoch: 0 }));
  expect(order({ batchSize: 7, seed: 1, epoch: 3 })).not.toEqual(
    order({ batchSize: 7, seed: 1, epoch: 4 }),
  );
  expect(order({ batchSize: 7, seed: 1, epoch: 3 })).not.toEqual(
    order({ batchSize: 7, seed: 2, epoch: 3 }),
  );
  expect(order({ batchSize: 7, epoch: 3 })).toEqual(Array.from({ length: 200 }, (_, i) => i));
});

test("one set of batches may be walked twice", () => {
  const batches = dataset(counted(20)).batches({ batchSize: 6, seed: 1 });
  expect(all(batches)).toEqual(all(batches));
});

test("`reuse` gives each batch in the memory of the one before, with the same values", () => {
  for (const scale of [undefined, toUnit()]) {
    const plain = dataset(counted(20));
    const data = scale ? rescale(plain, scale) : plain;
    const options = { batchSize: 8, seed: 1 };
    const fresh = all(data.batches(options));
    const places: unknown[] = [];
    let start = 0;
    for (const { x, y } of data.batches({ ...options, reuse: true })) {
      expect({ x, y }).toEqual(fresh[start++]);
      places.push(x.data);
    }
    expect(places[1]).toBe(places[0]);
    expect(places[2]).not.toBe(places[0]); // four examples are left
  }
});

test("batches are the caller's to keep and to change", () => {
  const data = dataset(counted(8));
  const [first] = data.batches({ batchSize: 4 });
  const copy = structuredClone(first);
  const second = all(data.batches({ batchSize: 4 }))[1];
  second.x.data.fill(99);
  first.y.data.fill(99);
  expect(all(data.batches({ batchSize: 4 }))[0]).toEqual(copy);
});

test("says what its examples are, and gives that", () => {
  const plain = dataset(counted(3));
  expect([plain.size, plain.x, plain.y]).toEqual([
    3,
    { shape: [2, 2], dtype: "int32" },
    { shape: [], dtype: "int32" },
  ]);
  const { x, y } = plain.gather([2, 0]);
  expect(x).toEqual({
    shape: [2, 2, 2],
    dtype: "int32",
    data: Uint8Array.of(2, 2, 2, 2, 0, 0, 0, 0),
  });
  expect(y).toEqual({ shape: [2], dtype: "int32", data: Int32Array.of(2, 0) });
  const shaped = rescale(dataset(counted(3), { exampleShape: [2, 2, 1] }), toUnit());
  expect(shaped.x).toEqual({ shape: [2, 2, 1], dtype: "float32" });
  expect(shaped.gather([1]).x).toEqual({
    shape: [1, 2, 2, 1],
    dtype: "float32",
    data: new Float32Array(4).fill(1 / 255),
  });
});

test.each([
  ["Float64Array", Float64Array.of(1, 2, 3, 4), "float32"],
  ["Float32Array", Float32Array.of(1, 2, 3, 4), "float32"],
  ["Int32Array", Int32Array.of(1, 2, 3, 4), "int32"],
] as const)("values of a %s are not changed", (_, data, dtype) => {
  const pairs: NDArray = { shape: [2, 2], dtype, data };
  const { x, y } = dataset({ x: pairs, y: pairs }).gather([1]);
  expect(x).toEqual({ shape: [1, 2], dtype, data: data.slice(2) });
  expect(y).toEqual(x);
});

test("scaling while gathering is scaling before it, by table or not", () => {
  const scaling = (length: number): fc.Arbitrary<number | number[]> =>
    fc.oneof(
      fc.double({ min: 0.1, max: 300, noNaN: true }),
      fc.array(fc.double({ min: 0.1, max: 300, noNaN: true }), {
        minLength: length,
        maxLength: length,
      }),
    );
  const drawn = fc
    .constantFrom(1, 3, 20, 60)
    .chain((length) => fc.record({ center: scaling(length), scale: scaling(length) }));
  fc.assert(
    fc.property(
      drawn,
      fc.uint8Array({ minLength: 240, maxLength: 240 }),
      fc.boolean(),
      (scale, bytes, asFloat) => {
        const x: NDArray = {
          shape: [4, 20, 3],
          dtype: asFloat ? "float32" : "int32",
          data: asFloat ? Float32Array.from(bytes) : bytes,
        };
        const data = rescale(dataset({ x, y: counted(4).y }), scale);
        const whole = scaled({ shape: [4, 60], dtype: x.dtype, data: x.data }, scale).data;
        expect(data.gather([3, 1]).x.data).toEqual(
          Float32Array.of(...whole.subarray(180), ...whole.subarray(60, 120)),
        );
      },
    ),
  );
});

test("subset and take give the examples of their source", () => {
  const odd = subset(dataset(counted(10)), [9, 7, 5, 3, 1]);
  expect(labelsOf(odd.batches({ batchSize: 2 }))).toEqual([9, 7, 5, 3, 1]);
  expect(labelsOf(subset(odd, [4, 0, 0]).batches({ batchSize: 2 }))).toEqual([1, 9, 9]);
  expect(labelsOf(take(odd, 2).batches({ batchSize: 2 }))).toEqual([9, 7]);
  expect(labelsOf(odd.batches({ batchSize: 2, seed: 5 })).sort()).toEqual([1, 3, 5, 7, 9]);
  expect(subset(rescale(dataset(counted(10)), toUnit()), [5]).gather([0]).x.data[0]).toBe(
    Math.fround(5 / 255),
  );
});

test("refuses what cannot be a dataset", () => {
  const { x, y } = counted(3);
  expect(() => dataset({ x, y: counted(4).y })).toThrow(
    "dataset: expected as many targets as examples, got 3 examples and 4 targets",
  );
  expect(() => dataset(counted(0))).toThrow("dataset: expected at least one example, got none");
  expect(() => dataset({ x: { ...x, shape: [3, 2, 3] }, y })).toThrow(
    "dataset: x: expected 18 values for shape [3, 2, 3], got 12",
  );
  expect(() => dataset({ x, y: { ...y, shape: [] } })).toThrow(
    "dataset: y: expected a first axis that counts the examples, got shape []",
  );
  expect(() => dataset({ x, y }, { exampleShape: [28, 28, 1] })).toThrow(
    "dataset: expected an exampleShape of 4 values, as [2, 2] has, got [28, 28, 1] of 784",
  );
  expect(() => rescale(dataset({ x, y }), { center: 0, scale: 0 })).toThrow(
    "rescale: expected scale to be finite and not 0, got 0",
  );
  expect(() => dataset({ x, y }, { classes: 2 })).toThrow(
    "dataset: expected labels to be whole numbers in [0, 2), got 2 at 2",
  );
  expect(() =>
    dataset(
      { x, y: { shape: [3], dtype: "float32", data: Float32Array.of(0, 0.5, 1) } },
      { classes: 2 },
    ),
  ).toThrow("got 0.5 at 1");
  expect(() => dataset({ x, y }, { classes: 0 })).toThrow("expected a whole classes ≥ 1, got 0");
  expect(dataset({ x, y }, { classes: 3 }).size).toBe(3);
});

test("refuses wrong options of batches, at once", () => {
  const data = dataset(counted(10));
  expect(() => data.batches({ batchSize: 0 })).toThrow(
    "batches: expected a whole batchSize ≥ 1, got 0",
  );
  expect(() => data.batches({ batchSize: NaN })).toThrow("got NaN");
  expect(() => data.batches({ batchSize: 4, epoch: -1 })).toThrow(
    "batches: expected a whole epoch ≥ 0, got -1",
  );
  expect(() => data.batches({ batchSize: 4, from: 4 })).toThrow(
    "batches: expected a whole from, with 3 batches in an epoch, in [0, 3], got 4",
  );
  expect(() => data.batches({ batchSize: 4, seed: 0.5 })).toThrow("seed");
  expect(all(data.batches({ batchSize: 4, from: 3 }))).toEqual([]);
  expect(() => data.gather([0, 10])).toThrow("gather: expected a whole index 1 in [0, 9], got 10");
  expect(() => subset(data, [-1])).toThrow("subset: expected a whole index 0 in [0, 9], got -1");
  expect(() => subset(data, [])).toThrow("subset: expected at least one example, got none");
  expect(() => take(data, 11)).toThrow("take: expected a whole count in [1, 10], got 11");
});

test("scaled bytes stay bytes until `data` is read", () => {
  for (const scale of [toUnit(), { center: [1, 2], scale: [3, 4] }]) {
    const data = rescale(dataset(counted(20)), scale);
    const options = { batchSize: 8, seed: 1 };
    const expected = all(data.batches(options)).map(({ x }) => x.data);
    const batches = all(data.batches(options));
    batches.forEach(({ x }, i) => {
      const { bytes, palette } = x.encoded!()!;
      expect(
        Float32Array.from(bytes, (byte, k) => palette[((256 * k) % palette.length) + byte]!),
      ).toEqual(expected[i]);
      // Noise may be added to a batch, in place or in a copy, as to any array.
      expect({ ...x, data: new Float32Array(x.data.length) }.encoded).toBeUndefined();
      x.data[0] = 7;
      expect(x.data[0]).toBe(7);
      expect(x.encoded!()).toBeUndefined();
    });
    const places = new Set<ArrayBufferLike>();
    for (const { x } of data.batches({ ...options, reuse: true }))
      if (x.shape[0] === 8) places.add(x.encoded!()!.bytes.buffer).add(x.data.buffer);
    expect(places.size).toBe(2);
    expect(structuredClone(data.gather([3])).x).toEqual({
      shape: [1, 2, 2],
      dtype: "float32",
      data: data.gather([3]).x.data,
    });
  }
  // Bytes that are not scaled, and other kinds of arrays, have no palette.
  const { x, y } = counted(4);
  const integers = { ...x, data: Int32Array.from(x.data) };
  for (const data of [dataset({ x, y }), rescale(dataset({ x: integers, y }), toUnit())])
    for (const batch of data.batches({ batchSize: 4 })) expect(batch.x.encoded).toBeUndefined();
});

test("rows that are no array are refused in words", () => {
  const y = { shape: [2], dtype: "int32" as const, data: Int32Array.of(0, 1) };
  expect(() => dataset({ x: [[1, 2], [3]] as never, y })).toThrow(
    "dataset: x: expected an array { shape, dtype, data }, got [[1, 2], [3]]; " +
      "store the values row by row",
  );
  expect(() => dataset({ x: undefined as never, y })).toThrow(
    "dataset: x: expected an array { shape, dtype, data }, got undefined",
  );
  expect(() =>
    dataset({ x: { shape: [2, 1], dtype: "float32", data: [1, 2] as never }, y }),
  ).toThrow("got { data: [1, 2] }; store the values row by row in a Float32Array");
  expect(() =>
    dataset({
      x: { shape: [2], dtype: "float32", data: Float32Array.of(1, 2) },
      y: { data: [0, 1] } as never,
    }),
  ).toThrow("dataset: y: expected an array { shape, dtype, data }, got { data: [0, 1] }");
});
