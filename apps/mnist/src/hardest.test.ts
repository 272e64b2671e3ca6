import { dataset, rescale, take, toUnit, type InMemoryDataset } from "@tenon/data";
import { reference } from "@tenon/tensor";
import { wasm } from "@tenon/wasm";
import fc from "fast-check";
import { expect, test } from "vitest";
import { hardest, lowest } from "./hardest.js";

/** Images of 4×4 whose left half is bright in class 0 and whose right half in class 1. */
function halves(size: number, isHard: (i: number) => boolean): InMemoryDataset {
  const data = new Uint8Array(16 * size);
  for (let i = 0; i < size; i++)
    for (let k = 0; k < 16; k++) {
      const bright = k % 4 < 2 === (i % 2 === 0);
      data[16 * i + k] = isHard(i) ? 128 + ((7 * i) % 5) : bright ? 255 - (i % 9) : i % 7;
    }
  const y = Int32Array.from({ length: size }, (_, i) => i % 2);
  const arrays = {
    x: { shape: [size, 4, 4], dtype: "int32", data },
    y: { shape: [size], dtype: "int32", data: y },
  } as const;
  return rescale(dataset(arrays, { exampleShape: [4, 4, 1] }), toUnit());
}

const kept = ({ order }: InMemoryDataset): number[] => [...order!];
const config = { seed: 1, classes: 2 };

test.each([300, 2037])("of %d images those are kept that look like both classes", async (size) => {
  const isHard = (i: number): boolean => i % 10 > 7;
  const hard = Array.from({ length: size }, (_, i) => i).filter(isHard);
  const fraction = hard.length / size;
  const engine = await wasm({ threads: 1 });
  const found = await hardest(halves(size, isHard), { ...config, hardest: fraction }, engine);
  expect(kept(found.train)).toEqual(hard);
  expect(found.train.x.shape).toEqual([4, 4, 1]);
});

test("the images of a subset are those of its own order", async () => {
  const all = halves(400, (i) => i % 10 > 7);
  const part = take(all, 200);
  const found = await hardest(part, { ...config, hardest: 0.2 }, reference());
  expect(kept(found.train)).toEqual(
    Array.from({ length: 200 }, (_, i) => i).filter((i) => i % 10 > 7),
  );
});

test("all images are kept as they are, in no time", async () => {
  const all = halves(20, () => false);
  const found = await hardest(all, { ...config, hardest: 1 }, reference());
  expect(found).toEqual({ train: all, seconds: 0, compileSeconds: 0 });
});

test("the lowest values are those that a stable sort puts first", () =>
  fc.assert(
    fc.property(
      fc.array(fc.integer({ min: -4, max: 4 }), { minLength: 1, maxLength: 40 }),
      fc.double({ min: 0, max: 1, noNaN: true }),
      (values, fraction) => {
        const count = Math.max(1, Math.round(fraction * values.length));
        const order = values.map((_, i) => i).sort((a, b) => values[a]! - values[b]!);
        const wanted = order.slice(0, count).sort((a, b) => a - b);
        expect([...lowest(Float32Array.from(values), count)]).toEqual(wanted);
      },
    ),
  ));
