import fc from "fast-check";
import type { Engine, NDArray } from "@tenon/contracts";
import { reference, type Tensor } from "@tenon/tensor";
import { beforeAll, expect, test } from "vitest";
import { wasm } from "./engine.js";

let engines: readonly Engine<Tensor>[];
beforeAll(async () => {
  engines = [await wasm({ threads: 1 }), reference()];
});

interface AnyProgram {
  step(feeds: unknown): unknown;
  load(state: unknown): void;
  state(): unknown;
}
type AnyStep = (state: never, inputs: never) => { state: unknown; outputs: unknown };
const compiled = (
  engine: Engine<Tensor>,
  step: AnyStep,
  start: unknown,
  inputs: unknown,
): AnyProgram => engine.compile(step as never, start as never, inputs as never) as never;
const floats = (...data: number[]): NDArray => ({
  shape: [data.length],
  dtype: "float32",
  data: Float32Array.from(data),
});
const integers = (...data: number[]): NDArray => ({
  shape: [data.length],
  dtype: "int32",
  data: Int32Array.from(data),
});

const start = { w: floats(1, 2, 3), count: { ...integers(7), shape: [] } };
const inputs = {
  x: { shape: [2] },
  n: { shape: [], dtype: "int32" },
  ids: { shape: [2], dtype: "int32" },
  "a/b": { shape: [] },
};
const step = (
  { w, count }: Record<string, Tensor>,
  { x, n, ids, "a/b": c }: Record<string, Tensor>,
) => ({
  state: { w: w!.add(c!), count: count!.add(n!) },
  outputs: { y: x!.add(1), ids: ids!.add(n!) },
});
const good = { x: [1, 2], n: 3, ids: [4, 5], "a/b": 6 };

/** What each engine says. */
const said = (act: (program: AnyProgram) => unknown): string[] =>
  engines.map((engine) => {
    const program = compiled(engine, step as never, start, inputs);
    try {
      act(program);
    } catch (error) {
      expect(program.state()).toEqual(start);
      return (error as Error).message;
    }
    return "";
  });

test.each<[string, object, string]>([
  ["no number", { n: NaN }, "step: expected n (int32 []) of integers, got NaN"],
  ["a fraction", { n: 1.7 }, "step: expected n (int32 []) of integers, got 1.7"],
  [
    "fractions in an array",
    { ids: [NaN, 1.7] },
    "step: expected ids (int32 [2]) of integers, got NaN",
  ],
  [
    "what is too large",
    { ids: Float64Array.of(0, 2 ** 31) },
    "step: expected ids (int32 [2]) of integers, got 2147483648",
  ],
  [
    "what is too large, of 32 bits",
    { ids: Uint32Array.of(0, 2 ** 31) },
    "step: expected ids (int32 [2]) of integers, got 2147483648",
  ],
  [
    "an infinite one",
    { ids: Float32Array.of(-Infinity, 0) },
    "step: expected ids (int32 [2]) of integers, got -Infinity",
  ],
  [
    "fractions that say int32",
    { ids: { shape: [2], dtype: "int32", data: Float64Array.of(0, 0.5) } },
    "step: expected ids (int32 [2]) of integers, got 0.5",
  ],
  ["integers for floats", { x: integers(1, 2) }, "step: expected x (float32 [2]), got int32 [2]"],
  ["floats for integers", { ids: floats(1, 2) }, "step: expected ids (int32 [2]), got float32 [2]"],
  [
    "another shape",
    { x: { ...floats(1, 2), shape: [2, 1] } },
    "step: expected x (float32 [2]), got float32 [2, 1]",
  ],
  ["a number for two", { x: 1 }, "step: expected x (float32 [2]), got 1 values"],
  ["two for a number", { n: [1, 2] }, "step: expected n (int32 []), got 2 values"],
  ["too few", { x: Float32Array.of(1) }, "step: expected x (float32 [2]), got 1 values"],
  [
    "fewer than its shape says",
    { x: { shape: [2], dtype: "float32", data: Float32Array.of(1) } },
    "step: expected x (float32 [2]), got 1 values",
  ],
  ["nothing", { x: undefined }, "step: expected x (float32 [2]), got nothing"],
  ["null", { x: null }, "step: expected x (float32 [2]), got nothing"],
  ["a string", { x: "12" }, "step: expected x (float32 [2]), got string"],
  ["a boolean", { n: true }, "step: expected n (int32 []), got boolean"],
  ["strings", { x: ["1", "2"] }, "step: expected x (float32 [2]), got 1 among the values"],
  [
    "rows",
    {
      x: [
        [1, 2],
        [3, 4],
      ],
    },
    "step: expected x (float32 [2]), got 1,2 among the values",
  ],
  [
    "large integers",
    { ids: BigInt64Array.of(1n, 2n) },
    "step: expected ids (int32 [2]), got BigInt64Array",
  ],
  ["an unknown input", { z: 1 }, 'step: expected x, n, ids, a/b, got also "z"; leave it out'],
  ["a branch for a name with a slash", { a: { b: 1 } }, 'got also "a"'],
])("%s is refused with one sentence by both engines, and the state stays", (_, feeds, sentence) => {
  const [ours, theirs] = said((program) => program.step({ ...good, ...feeds }));
  expect(ours).toBe(theirs);
  expect(ours).toContain(sentence);
});

test("no feeds at all", () => {
  for (const feeds of [undefined, null, 3, {}])
    expect(new Set(said((program) => program.step(feeds)))).toEqual(
      new Set(["step: expected x (float32 [2]), got nothing"]),
    );
});

test("any feed is taken by both engines, or refused by both with one sentence", () => {
  const value = fc.oneof(
    fc.integer(),
    fc.double(),
    fc.constantFrom(2147483647, -2147483648, -0, 2147483648, 1e39),
  );
  const values = fc.oneof(
    value,
    fc.array(value, { maxLength: 3 }),
    fc
      .array(value, { minLength: 2, maxLength: 2 })
      .chain((data) =>
        fc.constantFrom(
          Float32Array.from(data),
          Float64Array.from(data),
          Int32Array.from(data),
          Uint8Array.from(data),
          { shape: [2], dtype: "int32", data: Float64Array.from(data) },
          { shape: [2], data: Float32Array.from(data) },
        ),
      ),
  );
  const programs = engines.map((engine) =>
    compiled(
      engine,
      ((_: never, { x, ids }: Record<string, Tensor>) => ({
        state: {},
        outputs: { x: x!.add(0), ids: ids!.add(0) },
      })) as never,
      {},
      { x: { shape: [2] }, ids: { shape: [2], dtype: "int32" } },
    ),
  );
  fc.assert(
    fc.property(values, values, (x, ids) => {
      const [ours, theirs] = programs.map((program) => {
        try {
          return program.step({ x, ids });
        } catch (error) {
          return (error as Error).message;
        }
      });
      expect(ours).toEqual(theirs);
    }),
    { numRuns: 500 },
  );
});

const loads: [string, object, string][] = [
  [
    "too few values",
    { w: { shape: [3], dtype: "float32", data: Float32Array.of(9) } },
    "expected 3 values for w [3], got 1",
  ],
  [
    "too many values",
    { w: { shape: [3], dtype: "float32", data: Float32Array.of(9, 9, 9, 9) } },
    "expected 3 values for w [3], got 4",
  ],
  [
    "fractions for integers",
    { count: { shape: [], dtype: "int32", data: Float64Array.of(1.5) } },
    "expected 1 values for count [] of integers, got 1.5",
  ],
  [
    "an object instead of values",
    { w: { shape: [3], dtype: "float32", data: { 0: 1, 1: 2, 2: 3 } } },
    "expected 3 values for w [3], got Object",
  ],
];
test.each(loads)(
  "a state with %s is refused by load and compile of both engines, and the old one stays",
  (_, part, sentence) => {
    const [ours, theirs] = said((program) => program.load({ ...start, ...part }));
    expect(ours).toBe(theirs);
    expect(ours).toContain(`load: ${sentence}`);
    for (const engine of engines)
      expect(() => compiled(engine, step as never, { ...start, ...part }, inputs)).toThrow(
        `compile: ${sentence}`,
      );
  },
);

test("a load of which only a later array is wrong changes nothing", () => {
  for (const engine of engines) {
    const program = compiled(
      engine,
      ((state: never) => ({ state, outputs: {} })) as never,
      { a: floats(1), b: floats(2) },
      {},
    );
    expect(() =>
      program.load({
        a: floats(9),
        b: { shape: [1], dtype: "float32", data: new Float32Array(2) },
      }),
    ).toThrow("load: expected 1 values for b [1], got 2 values");
    expect(program.state()).toEqual({ a: floats(1), b: floats(2) });
  }
});

test("__proto__, constructor and slashes are names like any other, in state, feeds and outputs", () => {
  const named = (make: (index: number) => unknown): Record<string, unknown> =>
    Object.fromEntries(["__proto__", "constructor", "a/b"].map((key, i) => [key, make(i)]));
  for (const engine of engines) {
    const program = compiled(
      engine,
      ((state: Record<string, Tensor>, inputs: Record<string, Tensor>) => {
        const sums = Object.fromEntries(
          Object.keys(state).map((key) => [
            key,
            state[key]!.add(Object.getOwnPropertyDescriptor(inputs, key)!.value as Tensor),
          ]),
        );
        return { state: sums, outputs: sums };
      }) as never,
      named((i) => floats(i)),
      named(() => ({ shape: [1] })),
    );
    const outputs = program.step(named(() => [10]));
    expect(Object.entries(outputs as object)).toEqual(Object.entries(named((i) => floats(i + 10))));
    expect(Object.entries(program.state() as object)).toEqual(
      Object.entries(named((i) => floats(i + 10))),
    );
    expect(() => program.step({})).toThrow("step: expected __proto__ (float32 [1]), got nothing");
  }
});
