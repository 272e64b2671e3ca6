import { createHash } from "node:crypto";
import type { Batch, BatchOptions, Dataset } from "@tenon/contracts";
import { random } from "@tenon/random";
import { expectClose, refusal } from "@tenon/testkit";
import { expect, test } from "vitest";
import * as data from "../index.js";
import type { Augmentation } from "./augmentation.js";
import { beta } from "./internal/beta.js";
import { digest } from "../testing/digest.js";

const { augment, cutmix, dataset, elastic, erase, flip, mixup, noise, prefetch } = data;
const { brightness, contrast } = data;
const { rotate, shear, shift, sometimes, zoom } = data;
const [count, height, width, channels] = [20, 6, 5, 2];
const size = height * width * channels;
const x = {
  shape: [count, height, width, channels],
  dtype: "int32" as const,
  data: Uint8Array.from({ length: count * size }, (_, i) => (i * 37 + (i >> 3)) % 251),
};
const y = {
  shape: [count],
  dtype: "int32" as const,
  data: Uint8Array.from(x.data.slice(0, count), (v) => v % 3),
};
const images = data.rescale(dataset({ x, y }), data.toUnit());
const all: readonly Augmentation[] = [
  ...[shift(0.1), rotate(20), zoom(0.2), shear(10), flip("horizontal"), elastic({ grid: 3 })],
  ...[noise(0.1), erase({ value: 0.5 }), flip("vertical", 0.3)],
];

async function batches(of: Dataset, options: BatchOptions): Promise<Batch[]> {
  const list: Batch[] = [];
  for await (const batch of of.batches(options))
    list.push({ ...batch, x: { ...batch.x, data: batch.x.data.slice() } });
  return list;
}
const values = (list: readonly Batch[]): number[] => list.flatMap(({ x }) => Array.from(x.data));

/** An image of one channel, changed with an rng that always gives the same. */
function changed(
  augmentation: Augmentation,
  rows: readonly (readonly number[])[],
  u: number,
): number[][] {
  const shape = [rows.length, rows[0]!.length, 1] as const;
  const image = {
    shape: [1, ...shape],
    dtype: "float32" as const,
    data: Float32Array.from(rows.flat()),
  };
  const fixed: Augmentation = {
    ...augmentation,
    ...(augmentation.warp && { warp: (places) => augmentation.warp!(places, () => u) }),
    ...(augmentation.paint && { paint: (x, of) => augmentation.paint!(x, of, () => u) }),
  };
  const one = dataset({ x: image, y: { shape: [1], dtype: "int32", data: Int32Array.of(0) } });
  const [batch] = augment(one, [fixed]).batches({ batchSize: 1, seed: 1 }) as Iterable<Batch>;
  return rows.map((row, i) =>
    Array.from(batch!.x.data).slice(i * row.length, (i + 1) * row.length),
  );
}

test("an example's change depends on seed, epoch and position, not on batches or threads", async () => {
  for (const of of [augment(images, all), augment(prefetch(images, 2), all)]) {
    const whole = values(await batches(of, { batchSize: count, seed: 3, epoch: 2 }));
    expect(values(await batches(of, { batchSize: 7, seed: 3, epoch: 2, reuse: true }))).toEqual(
      whole,
    );
    const later = values(await batches(of, { batchSize: 6, seed: 3, epoch: 2, from: 2 }));
    expect(later).toEqual(whole.slice(12 * size));
    expect(values(await batches(of, { batchSize: count, seed: 3, epoch: 1 }))).not.toEqual(whole);
    expect(values(await batches(of, { batchSize: count, seed: 4, epoch: 2 }))).not.toEqual(whole);
  }
});

test("without a seed images stay as they are", async () => {
  const plain = values(await batches(images, { batchSize: 7 }));
  expect(values(await batches(augment(images, all), { batchSize: 7 }))).toEqual(plain);
  expect(augment(images, all)).toMatchObject({ size: count, x: { dtype: "float32" }, y: images.y });
});

test("the same bits on every machine", async () => {
  const hash = createHash("sha256");
  for (const { x } of await batches(augment(images, all), { batchSize: 8, seed: 5 }))
    hash.update(x.data as Float32Array);
  for (const of of [mixup(images, { classes: 3 }), cutmix(images, { classes: 3 })])
    for (const { x, y } of await batches(of, { batchSize: 8, seed: 5 }))
      hash.update(x.data as Float32Array).update(y.data as Float32Array);
  expect(hash.digest("hex").slice(0, 16)).toBe("1e39cf6a62609ac9");
});

test("weights of examples stay with them", async () => {
  const weighed = data.weigh(images, { classes: [1, 2, 3] });
  for (const of of [augment(weighed, all), cutmix(weighed, { classes: 3 })]) {
    expect(of.weights).toEqual(weighed.weights);
    const [batch] = await batches(of, { batchSize: 9, seed: 1 });
    const [plain] = await batches(weighed, { batchSize: 9, seed: 1 });
    expect(batch!.weights).toEqual(plain!.weights);
  }
});

test("its identity says how it is changed", async () => {
  const of = (list: readonly Augmentation[]): Promise<string> =>
    Promise.resolve(augment(images, list).identity!(digest));
  expect(await of([shift(0.1)])).toBe(await of([shift(0.1)]));
  const all = [await of([shift(0.1)]), await of([shift(0.2)]), await images.identity(digest)];
  expect(new Set([...all, await mixup(images, { classes: 3 }).identity!(digest)]).size).toBe(4);
});

test("geometry, with what is drawn at its largest", () => {
  const square = [
    [1, 2, 3],
    [4, 5, 6],
    [7, 8, 9],
  ];
  const close = (
    augmentation: Augmentation,
    u: number,
    rows: readonly (readonly number[])[],
  ): void => expectClose(changed(augmentation, square, u).flat(), rows.flat(), 1e-6);
  for (const none of [shift(0.3), rotate(30), zoom(0.3), shear(30), elastic()])
    close(none, 0.5, square);
  close(shift(1 / 3), 1, [
    [0, 0, 0],
    [0, 1, 2],
    [0, 4, 5],
  ]);
  close(rotate(90), 1, [
    [3, 6, 9],
    [2, 5, 8],
    [1, 4, 7],
  ]);
  close(zoom(0.5), 0, [
    [0, 0, 0],
    [0, 5, 0],
    [0, 0, 0],
  ]);
  close(shear(45), 1, [
    [0, 1, 2],
    [4, 5, 6],
    [8, 9, 0],
  ]);
  close(
    flip("horizontal"),
    0,
    square.map((row) => [...row].reverse()),
  );
  close(flip("vertical"), 0, [...square].reverse());
  close(flip("vertical"), 0.5, square);
});

test("warps in a row are one interpolation: there and back loses nothing but what left", async () => {
  const there: Augmentation = {
    ...shift(0.1),
    warp: ({ rows }) => rows.forEach((_, i) => (rows[i]! += 0.5)),
  };
  const back: Augmentation = {
    ...shift(0.1),
    warp: ({ rows }) => rows.forEach((_, i) => (rows[i]! -= 0.5)),
  };
  const plain = values(await batches(images, { batchSize: count }));
  const options = { batchSize: count, seed: 1 };
  const shuffled = values(await batches(images, options));
  expect([...shuffled].sort()).toEqual([...plain].sort());
  expect(values(await batches(augment(images, [there, back]), options))).toEqual(shuffled);
  const between = [there, { type: "still", paint() {}, toJSON: () => ({ type: "still" }) }, back];
  expect(values(await batches(augment(images, between), options))).not.toEqual(shuffled);
});

test("elastic moves pixels by about its standard deviation, smoothly", () => {
  const [rows, columns] = [32, 32];
  const places = {
    ...{ height: rows, width: columns },
    rows: new Float64Array(rows * columns),
    columns: new Float64Array(rows * columns),
  };
  let squares = 0;
  for (let i = 0; i < 200; i++) {
    places.rows.fill(0);
    places.columns.fill(0);
    elastic({ std: 0.05, grid: 4 }).warp!(places, random(i));
    squares += places.rows[0]! ** 2 + places.columns[0]! ** 2;
  }
  // The pixel in the corner is at a node.
  expectClose([Math.sqrt(squares / 400)], [0.05 * 32], 0.15);
});

test("erase fills one rectangle; noise has its standard deviation", () => {
  const ones = Array.from({ length: 20 }, () => new Array<number>(20).fill(1));
  const erased = changed(erase({ area: [0.25, 0.25], ratio: [1, 1] }), ones, 0.4);
  expect(erased.flat().filter((v) => v === 0)).toHaveLength(100);
  expect(erased.filter((row) => row.includes(0))).toHaveLength(10);
  expect(changed(erase(), ones, 0.6)).toEqual(ones);
  const noisy = new Float32Array(30000);
  noise(0.5).paint!(noisy, [100, 100, 3], random(1));
  const mean = noisy.reduce((a, b) => a + b) / noisy.length;
  const std = Math.sqrt(noisy.reduce((a, b) => a + (b - mean) ** 2, 0) / noisy.length);
  expectClose([mean, std], [0, 0.5], 0.01);
});

test("brightness moves all values; contrast stretches each channel about its mean", () => {
  const image = (): Float32Array => Float32Array.of(1, 10, 2, 20, 3, 40);
  const painted = (augmentation: Augmentation, u: number): number[] => {
    const values = image();
    augmentation.paint!(values, [1, 3, 2], () => u);
    return [...values];
  };
  expectClose(painted(brightness(0.5), 0), [0.5, 9.5, 1.5, 19.5, 2.5, 39.5], 1e-6);
  expectClose(painted(brightness(0.5), 0.75), [1.25, 10.25, 2.25, 20.25, 3.25, 40.25], 1e-6);
  // Means 2 and 70 / 3, factors 1.5 and 0.5.
  const third = 70 / 3;
  expectClose(painted(contrast(1), 0.75), [0.5, third - 20, 2, third - 5, 3.5, third + 25], 1e-6);
  expectClose(
    painted(contrast(0.5), 0),
    [1.5, third - 20 / 3, 2, third - 5 / 3, 2.5, third + 25 / 3],
    1e-6,
  );
  const bytes = [brightness(0.2), contrast(0.3)].flatMap((augmentation) => {
    const values = image();
    augmentation.paint!(values, [1, 3, 2], random(5));
    return [...new Uint8Array(values.buffer)];
  });
  expect(createHash("sha256").update(Uint8Array.from(bytes)).digest("hex").slice(0, 16)).toBe(
    "ea15d9756700e32c",
  );
});

test("mixup and cutmix mix targets as images", async () => {
  const dark = dataset({
    x: {
      shape: [12, 8, 8],
      dtype: "float32",
      data: Float32Array.from({ length: 768 }, (_, i) => Math.floor(i / 64) % 2),
    },
    y: { shape: [12], dtype: "int32", data: Int32Array.from({ length: 12 }, (_, i) => i % 2) },
  });
  for (const of of [mixup(dark, { classes: 2, alpha: 1 }), cutmix(dark, { classes: 2 })]) {
    expect(of.y).toEqual({ shape: [2], dtype: "float32" });
    let mixes = 0;
    for (const { x, y } of await batches(of, { batchSize: 5, seed: 2 }))
      for (let i = 0; i < x.shape[0]!; i++) {
        const light = Array.from(x.data.slice(i * 64, (i + 1) * 64)).reduce((a, b) => a + b) / 64;
        expectClose(Array.from(y.data.slice(2 * i, 2 * i + 2)), [1 - light, light], 1e-6);
        if (light > 0 && light < 1) mixes++;
      }
    expect(mixes).toBeGreaterThan(2);
    const whole = values(await batches(of, { batchSize: 4, seed: 2, epoch: 1 }));
    const later = values(await batches(of, { batchSize: 4, seed: 2, epoch: 1, from: 1 }));
    expect(later).toEqual(whole.slice(4 * 64));
    const [plain] = await batches(of, { batchSize: 2 });
    expect(Array.from(plain!.y.data)).toEqual([1, 0, 0, 1]);
  }
});

test("beta numbers have the distribution's mean and variance, 1 / (8 α + 4)", () => {
  for (const alpha of [0.2, 1, 4]) {
    const rng = random(7);
    const draws = Array.from({ length: 4000 }, () => beta(rng, alpha));
    const mean = draws.reduce((a, b) => a + b) / draws.length;
    const variance = draws.reduce((a, b) => a + (b - mean) ** 2, 0) / draws.length;
    expectClose([mean, variance], [0.5, 1 / (8 * alpha + 4)], 0.02);
  }
});

test("names what it expected", () => {
  const flat = dataset({ x: { ...x, shape: [count, size] }, y });
  expect(() => augment(flat, [])).toThrow(
    refusal(
      "augment: expected images [height, width, channels], got [60]; give the dataset an exampleShape",
    ),
  );
  expect(() => augment(images, [shift as never])).toThrow(refusal("call it: shift()"));
  for (const other of [new Date(), { toJSON: () => ({}) }, { toJSON: () => ({}), warp: 2 }])
    for (const use of [() => augment(images, [other as never]), () => sometimes(other as never)])
      expect(use).toThrow(refusal(/: expected an augmentation, such as rotate\(10\), got /));
  expect(() => zoom(1)).toThrow(refusal("zoom: expected most in [0, 1), got 1"));
  expect(() => shift(4)).toThrow(
    refusal("shift: expected most in [0, 1), got 4; 0.1 is a tenth of the image"),
  );
  expect(() => shear(90)).toThrow(refusal("shear: expected most in [0, 90) degrees, got 90"));
  expect(() => flip("sideways" as never)).toThrow(
    refusal('flip: expected direction to be "horizontal" or "vertical"'),
  );
  expect(() => flip("vertical", 2)).toThrow(
    refusal("flip: expected a probability in [0, 1], got 2"),
  );
  expect(() => erase({ area: [0.5, 0.1] })).toThrow(
    refusal("erase: expected area as [least, most], 0 < least ≤ most"),
  );
  expect(() => elastic({ grid: 1 })).toThrow(refusal("elastic: expected a whole grid ≥ 2, got 1"));
  expect(() => mixup(images)).toThrow(
    refusal(
      "mixup: expected how many classes the labels have, got no classes; give the option classes",
    ),
  );
  expect(() => cutmix(flat, { classes: 3 })).toThrow(refusal("cutmix: expected images"));
  expect(() => mixup(images, { classes: 3, alpha: 0 })).toThrow(refusal("mixup: expected"));
});
