import type { Batch } from "@tenon/contracts";
import { refusal, wrongOptions } from "@tenon/testkit";
import { gzipSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import * as exported from "./index.js";
import { dataset, gunzip, rescale, toUnit, type InMemoryDataset } from "./index.js";

// Every function with something wrong in each of its places: a sentence that names it. A new
// function needs a row here.

type Args = readonly unknown[];
type Of = (...args: Args) => unknown;
const x = {
  shape: [4, 2],
  dtype: "float32" as const,
  data: Float32Array.from({ length: 8 }, (_, i) => i),
};
const y = { shape: [4], dtype: "int32" as const, data: Int32Array.of(0, 1, 0, 1) };
const own = dataset({ x, y });
const signal = Float32Array.from({ length: 40 }, (_, i) => i % 7);
const exampleOf = (data: InMemoryDataset): Batch => ({
  x: { ...data.gather([0]).x, shape: [2] },
  y: { ...data.gather([0]).y, shape: [] },
});
const pictures = dataset({ x, y }, { exampleShape: [2, 1] });
const idx = Uint8Array.of(0, 0, 8, 1, 0, 0, 0, 2, 7, 8);
const right: Readonly<Record<string, Args>> = {
  bucketed: [
    { x: [[1, 2], [3]], y: { shape: [2], dtype: "int32", data: Int32Array.of(0, 1) } },
    {},
  ],
  classWeights: [own, {}],
  concat: [own, own],
  dataset: [{ x, y }, {}],
  decodeIdx: [idx, {}],
  filter: [own, () => true],
  generated: [() => [exampleOf(own)], {}],
  gunzip: [undefined, {}],
  inMemory: [own],
  kFold: [own, { folds: 2 }],
  map: [own, (example: Batch) => example, {}],
  melSpectrogram: [signal, { size: 16, bands: 4 }],
  augment: [pictures, [exported.shift(0.1)], {}],
  blur: [0.1],
  brightness: [0.1],
  contrast: [0.1],
  crop: [2],
  cutmix: [pictures, { classes: 2 }],
  elastic: [{}],
  erase: [{}],
  flip: ["vertical", 0.5],
  grayscale: [0.1],
  hue: [10],
  perspective: [0.1],
  saturation: [0.1],
  sometimes: [exported.shift(0.1), 0.5],
  mixup: [pictures, { classes: 2 }],
  noise: [0.1],
  encodeTexts: [["a"], exported.vocabularyOf(["a"])],
  decodeText: [[1], exported.vocabularyOf(["a"])],
  vocabularyOf: [["a"], {}],
  multiHot: [[[0, 1]], 2],
  oneHot: [y, 2],
  padded: [[[1, 2], [3]], {}],
  prefetch: [own, 2],
  readCifar: [new Uint8Array(3073), {}],
  readIdx: [idx],
  repeat: [own, 2],
  rotate: [10],
  shear: [10],
  shift: [0.1],
  zoom: [0.1],
  rescale: [own, toUnit()],
  sampled: [own, {}],
  toUnit: [{}],
  toSymmetric: [{}],
  scaled: [x, toUnit()],
  unscaled: [x, toUnit()],
  skip: [own, 1],
  spectrogram: [signal, { size: 16 }],
  split: [own, { validation: 0.5 }],
  standardize: [own, {}],
  subset: [own, [0]],
  take: [own, 1],
  weigh: [own, { classes: [1, 2] }],
  windows: [x, { length: 2 }],
  zip: [own, own],
};
/** Functions of a number that may be 3.5. */
const numeric = new Set([
  "blur",
  "brightness",
  "contrast",
  "hue",
  "noise",
  "rotate",
  "saturation",
  "shear",
]);
const optionsFirst = (name: string): boolean =>
  name.startsWith("to") || ["elastic", "erase", "grayscale"].includes(name);
/** Functions of a list that may be empty, in this place. */
const listAt: Readonly<Record<string, number>> = {
  augment: 1,
  decodeText: 0,
  encodeTexts: 0,
  multiHot: 0,
};
const wrong: Args = [
  null,
  3.5,
  NaN,
  "2",
  true,
  [],
  [[1, 2]],
  { a: 1 },
  { shape: [2] },
  { shape: 2, data: [] },
  () => 1,
  1n,
  Symbol("x"),
  Promise.resolve(own),
  new Map([[1, 2]]),
];

const functions = Object.entries(exported).filter(
  (entry): entry is [string, never] => typeof entry[1] === "function",
) as unknown as [string, Of][];
describe.each(functions)("%s", (name, of) => {
  test("refuses what makes no sense, by name", async () => {
    const args = right[name];
    expect(args, "no row for this function").toBeDefined();
    for (const place of args!.keys())
      for (const value of [
        ...wrong,
        ...(place === 0 && !optionsFirst(name) ? [undefined, {}] : []),
      ]) {
        if (name === "padded" && isList(value)) continue; // a list of sequences
        if (value === 3.5 && numeric.has(name)) continue;
        if (listAt[name] === place && Array.isArray(value) && value.length === 0) continue;
        let message = "taken";
        try {
          await of(...args!.map((arg, i) => (i === place ? value : arg)));
        } catch (error) {
          ({ message } = error as Error);
        }
        // A Map and a promise are objects without options.
        if (isObject(value) && place > (optionsFirst(name) ? -1 : 0) && message === "taken")
          continue;
        expect(
          message,
          `${name}, ${typeof value === "object" ? JSON.stringify(value) : String(value)} as ` +
            `argument ${place + 1}`,
        ).toMatch(new RegExp(`^${name}(: [xy])?: expected .*(, got |which begin)`, "s"));
      }
  });
});

/** A list of lists. */
const isList = (value: unknown): boolean => Array.isArray(value) && Array.isArray(value[0]);

/** A Map or a promise. */
function isObject(value: unknown): boolean {
  return /^\[object (Map|Promise)\]$/.test(Object.prototype.toString.call(value));
}

const packed = new Uint8Array(gzipSync(idx));
/** Options without which a function cannot be called, where `right` has others. */
const also: Readonly<Record<string, object>> = {
  ...{ elastic: {}, erase: {}, toUnit: {}, toSymmetric: {} },
};
test.each(functions)("%s says in an error about an option which one", async (name, of) => {
  const args = right[name]!;
  const last = args[args.length - 1];
  const isLast =
    typeof last === "object" &&
    last !== null &&
    Object.getPrototypeOf(last) === Object.prototype &&
    !("shape" in last);
  const options = also[name] ?? (isLast ? last : {});
  await wrongOptions(
    name,
    (more) => of(...(name === "gunzip" ? [packed] : isLast ? args.slice(0, -1) : args), more),
    options,
  );
});

test("what cannot be is said where it is given", async () => {
  const of = exported as unknown as Readonly<Record<string, Of>>;
  const bytes = { shape: [2, 1], dtype: "int32" as const, data: Uint8Array.of(1, 2) };
  const cases: readonly (readonly [() => unknown, string])[] = [
    [
      () => of["dataset"]!({ x, y }, { exampleShape: "x" }),
      'dataset: expected exampleShape as a list of integers ≥ 0, got "x"',
    ],
    [() => of["dataset"]!({ x, y, z: x }), 'dataset: expected options { x, y }, got "z"'],
    [
      () =>
        of["dataset"]!({
          x: bytes,
          y: { shape: [2], dtype: "int32", data: Float64Array.of(0.5, 1.7) },
        }),
      'dataset: y: expected integers of 32 bits for dtype "int32", got 0.5 at 0; say dtype "float32"',
    ],
    [
      () =>
        of["dataset"]!({
          x: bytes,
          y: { shape: [2], dtype: "int32", data: Float64Array.of(1, 2 ** 31) },
        }),
      "got 2147483648 at 1",
    ],
    [
      () => of["dataset"]!({ x: { ...x, dtype: "float64" }, y }),
      'dataset: x: expected dtype "float32" or "int32", got "float64"',
    ],
    [
      () => of["rescale"]!(own, { factor: 1 }),
      "rescale: expected a scaling, { center, scale }, such as toUnit(), got { factor: 1 }",
    ],
    [
      () => of["rescale"]!(own, null),
      "rescale: expected a scaling, { center, scale }, such as toUnit(), got null",
    ],
    [
      () => of["rescale"]!(own, NaN),
      "rescale: expected a scaling, { center, scale }, such as toUnit(), got NaN",
    ],
    [() => of["rescale"]!(own, toUnit(), {}), "rescale: expected no options, got {}"],
    [
      () => of["take"]!(null, 1),
      "take: expected a dataset in memory, such as dataset({ x, y }), got null",
    ],
    [
      () => of["split"]!(Promise.resolve(own), { validation: 1 }),
      "got Promise; write await before it",
    ],
    [
      () => of["readIdx"]!(idx.buffer),
      "readIdx: expected bytes as a Uint8Array, got ArrayBuffer; write new " + "Uint8Array(…)",
    ],
    [() => (own.gather as Of)(), "gather: expected indices as a list, got undefined"],
    [() => (own.gather as Of)(3), "gather: expected indices as a list, got 3"],
    [
      () => own.batches({ batchSize: 2, seed: 0.5 }),
      "batches: expected seed as a safe integer, got 0.5",
    ],
    [
      () => own.batches({ batchSize: 2, dropLast: "false" as never }),
      'batches: expected dropLast as true or false, got "false"',
    ],
    [
      () => own.batches({ batchSize: 2, reuse: 1 as never }),
      "batches: expected reuse as true or false, got 1",
    ],
    [
      () => of["prefetch"]!({}, 2),
      "prefetch: expected a dataset, such as dataset({ x, y }), got {}",
    ],
  ];
  for (const [call, message] of cases) expect(call).toThrow(refusal(message));
  await expect(gunzip(undefined as never)).rejects.toThrow(
    refusal("gunzip: expected bytes as a Uint8Array, got undefined"),
  );
  await expect((exported.decodeIdx as Of)(undefined)).rejects.toThrow(
    refusal("decodeIdx: expected bytes as a Uint8Array, got undefined"),
  );
  const fine: InMemoryDataset = dataset({
    x,
    y: { shape: [4], dtype: "int32", data: Float64Array.of(0, 1, 0, 1) },
  });
  expect(rescale(fine, toUnit()).size).toBe(4);
});
