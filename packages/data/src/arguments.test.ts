import { refusal } from "@tenon/testkit";
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
const idx = Uint8Array.of(0, 0, 8, 1, 0, 0, 0, 2, 7, 8);
const right: Readonly<Record<string, Args>> = {
  dataset: [{ x, y }, {}],
  decodeIdx: [idx, {}],
  gunzip: [undefined, {}],
  oneHot: [y, 2],
  prefetch: [own, 2],
  readIdx: [idx],
  rescale: [own, toUnit()],
  toUnit: [{}],
  toSymmetric: [{}],
  scaled: [x, toUnit()],
  unscaled: [x, toUnit()],
  split: [own, { validation: 0.5 }],
  standardize: [own, {}],
  subset: [own, [0]],
  take: [own, 1],
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
        ...(place === 0 && !name.startsWith("to") ? [undefined, {}] : []),
      ]) {
        let message = "taken";
        try {
          await of(...args!.map((arg, i) => (i === place ? value : arg)));
        } catch (error) {
          ({ message } = error as Error);
        }
        // A Map and a promise are objects without options.
        if (isObject(value) && place > (name.startsWith("to") ? -1 : 0) && message === "taken")
          continue;
        expect(
          message,
          `${name}, ${typeof value === "object" ? JSON.stringify(value) : String(value)} as ` +
            `argument ${place + 1}`,
        ).toMatch(new RegExp(`^${name}(: [xy])?: expected .*(, got |which begin)`, "s"));
      }
  });
});

/** A Map or a promise. */
function isObject(value: unknown): boolean {
  return /^\[object (Map|Promise)\]$/.test(Object.prototype.toString.call(value));
}

test("what cannot be is said where it is given", async () => {
  const of = exported as unknown as Readonly<Record<string, Of>>;
  const bytes = { shape: [2, 1], dtype: "int32" as const, data: Uint8Array.of(1, 2) };
  const cases: readonly (readonly [() => unknown, string])[] = [
    [
      () => of["dataset"]!({ x, y }, { scale: 2 }),
      "dataset: expected a scaling, { center, scale }, such as toUnit(), got 2",
    ],
    [
      () => of["dataset"]!({ x, y }, { scale: null }),
      "dataset: expected a scaling, { center, scale }, such as toUnit(), got null",
    ],
    [
      () => of["dataset"]!({ x, y }, { exampleShape: "x" }),
      'dataset: expected exampleShape as a list of integers ≥ 0, got "x"',
    ],
    [() => of["dataset"]!({ x, y, z: x }), 'dataset: expected options among x, y, got "z"'],
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
      "got an object of kind Promise; write await before it",
    ],
    [
      () => of["readIdx"]!(idx.buffer),
      "readIdx: expected bytes as a Uint8Array, got an object of kind ArrayBuffer; write new " +
        "Uint8Array(…)",
    ],
    [() => (own.gather as Of)(), "gather: expected indices as a list, got undefined"],
    [() => (own.gather as Of)(3), "gather: expected indices as a list, got 3"],
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
