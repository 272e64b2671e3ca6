import type { Transform } from "@tenon/contracts";
import fc from "fast-check";
import { expect, test } from "vitest";
import {
  adam,
  chain,
  clipByGlobalNorm,
  lamb,
  momentum,
  onArrays,
  radam,
  rmsprop,
  yogi,
  type ArraysOptimizer,
} from "./index.js";

type Floats = Float32Array | Float64Array;

const rules: Readonly<Record<string, Transform>> = {
  "adam, amsgrad, clipped": chain(
    clipByGlobalNorm(1),
    adam({ learningRate: (step) => 0.1 / (step + 1), amsgrad: true }),
  ),
  momentum: momentum({ nesterov: true }),
  "rmsprop, centered": rmsprop({ centered: true, momentum: 0.9 }),
  lamb: lamb(),
  radam: radam(),
  yogi: yogi(),
};

/**
 * The bits of values. JavaScript has one NaN, whatever its bits: processors give it either sign.
 */
function bitsOf(values: Floats): readonly number[] {
  const canonical = values.map((x) => (x === x ? x : NaN));
  return [...new Uint8Array(canonical.buffer)];
}
const slotsOf = (optimizer: ArraysOptimizer): unknown =>
  Object.values(optimizer.state().slots).map((byPath) =>
    Object.values(byPath).map(({ data }) => bitsOf(data as Floats)),
  );

// All kinds of values: tiny, huge, −0, infinite, NaN.
const element = fc.oneof(
  fc.double(),
  fc.double({ min: -2, max: 2, noNaN: true }),
  fc.constantFrom(NaN, Infinity, -Infinity, -0, 5e-324, 1e-45, 3.4028234663852886e38),
);
const given = fc.record({
  rule: fc.constantFrom(...Object.keys(rules)),
  wide: fc.boolean(),
  start: fc.array(element, { maxLength: 12 }),
  gradients: fc.array(fc.infiniteStream(element), { minLength: 2, maxLength: 8 }),
  before: fc.nat(7),
});

test.each<[string, (optimizer: ArraysOptimizer) => unknown]>([
  ["as it is", (optimizer) => JSON.parse(JSON.stringify(optimizer.state()))],
  [
    "among other things",
    (optimizer) =>
      (
        JSON.parse(JSON.stringify({ epoch: 3, optimizer: { ...optimizer.state() } }, null, 2)) as {
          optimizer: unknown;
        }
      ).optimizer,
  ],
  ["cloned, as to another thread", (optimizer) => structuredClone(optimizer.state())],
])("a run whose state is saved %s goes on with the same bits", (_, saved) => {
  fc.assert(
    fc.property(given, ({ rule, wide, start, gradients, before }) => {
      const kind = wide ? Float64Array : Float32Array;
      const transform = rules[rule]!;
      const straight = kind.from(start);
      const halted = kind.from(start);
      const steps = gradients.map((stream) => {
        const drawn = [...stream.take(start.length)];
        return kind.from(drawn);
      });
      const whole = onArrays(transform, { w: straight });
      const first = onArrays(transform, { w: halted });
      steps.forEach((w) => whole.step({ w }));
      steps.slice(0, before).forEach((w) => first.step({ w }));
      const second = onArrays(transform, { w: halted });
      second.load(saved(first) as never);
      expect(second.steps).toBe(first.steps);
      expect(slotsOf(second)).toEqual(slotsOf(first));
      steps.slice(before).forEach((w) => second.step({ w }));
      expect(bitsOf(halted)).toEqual(bitsOf(straight));
      expect(slotsOf(second)).toEqual(slotsOf(whole));
    }),
    { numRuns: 300 },
  );
});

test.each([Float32Array, Float64Array])(
  "long arrays, which WebAssembly updates in its memory %o",
  (kind) => {
    const sines = Array.from({ length: 5000 }, (_, i) => Math.sin(i));
    const w = kind.from(sines);
    const straight = kind.from(sines);
    const gradient = kind.from(sines.map((x) => x ** 3));
    const whole = onArrays(adam(), { w: straight });
    const first = onArrays(adam(), { w });
    for (let step = 0; step < 6; step++) whole.step({ w: gradient });
    for (let step = 0; step < 3; step++) first.step({ w: gradient });
    const second = onArrays(adam(), { w });
    second.load(JSON.parse(JSON.stringify(first.state())) as never);
    for (let step = 3; step < 6; step++) second.step({ w: gradient });
    expect(bitsOf(w)).toEqual(bitsOf(straight));
  },
);

const adamOn = (w: Floats): ArraysOptimizer => onArrays(adam(), { w });

test("a typed array as JSON writes it is read back, and lost values are named", () => {
  const optimizer = adamOn(Float32Array.of(1, 2));
  optimizer.step({ w: Float32Array.of(0.1, -3) });
  const { step, slots } = optimizer.state();
  const bare = (data: unknown): unknown => ({ shape: [2], dtype: "float32", data });
  const [m, v] = ["scaleByAdam/m", "scaleByAdam/v"].map((name) => slots[name]!["w"]!.data);
  const again = adamOn(Float32Array.of(1, 2));
  again.load(
    JSON.parse(
      JSON.stringify({
        step,
        slots: { "scaleByAdam/m": { w: bare(m) }, "scaleByAdam/v": { w: bare([...v!]) } },
      }),
    ) as never,
  );
  expect(slotsOf(again)).toEqual(slotsOf(optimizer));
  const lost = {
    step,
    slots: {
      "scaleByAdam/m": { w: bare(Float32Array.of(NaN, 1)) },
      "scaleByAdam/v": { w: bare(v) },
    },
  };
  expect(() => again.load(JSON.parse(JSON.stringify(lost)) as never)).toThrow(
    'values: scaleByAdam/m of "w" has null at 0; JSON has no NaN and no infinity: write the arrays of state() as they are',
  );
  expect(slotsOf(again)).toEqual(slotsOf(optimizer));
});

test.each([
  [[1, "x"], '"x" at 1'],
  [[1, null], "null at 1"],
  [[true, 1], "true at 0"],
  [[1], "has 1, expected 2"],
  [{ a: 1, b: 2 }, "nothing at 0"],
  [undefined, "has none"],
  ["12", "has none"],
  [[[1], [2]], "[1] at 0"],
])("values %j are refused", (data, message) => {
  const optimizer = adamOn(Float32Array.of(1, 2));
  const good = { shape: [2], data: [1, 2] };
  expect(() =>
    optimizer.load({
      step: 0,
      slots: { "scaleByAdam/m": { w: { shape: [2], data } }, "scaleByAdam/v": { w: good } },
    } as never),
  ).toThrow(message);
  expect(optimizer.state().slots["scaleByAdam/m"]!["w"]!.data).toEqual(Float32Array.of(0, 0));
});

test("values are lists in JSON; those that are not JSON numbers are written as text", () => {
  const optimizer = adamOn(new Float64Array(4));
  const saved = { shape: [4], data: ["NaN", "-Infinity", "-0", 0.1] };
  optimizer.load({
    step: 7,
    slots: { "scaleByAdam/m": { w: saved }, "scaleByAdam/v": { w: saved } },
  });
  const array = { shape: [4], dtype: "float32", data: ["NaN", "-Infinity", "-0", 0.1] };
  expect(JSON.parse(JSON.stringify(optimizer.state()))).toEqual({
    step: 7,
    slots: { "scaleByAdam/m": { w: array }, "scaleByAdam/v": { w: array } },
  });
});

test("bad states, gradients and parameters are refused in a sentence", () => {
  const optimizer = onArrays(adam(), { w: new Float32Array(2) });
  for (const [given, got] of [
    [null, "null"],
    [undefined, "undefined"],
    ["state", '"state"'],
    [3, "3"],
    [[1], "[1]"],
  ] as const) {
    expect(() => optimizer.load(given as never)).toThrow(
      `load: expected a state as state() gives it, { step, slots }, got ${got}`,
    );
    expect(() => optimizer.step(given as never)).toThrow(
      `step: expected gradients by name, got ${got}`,
    );
    expect(() => onArrays(adam(), given as never)).toThrow(
      `onArrays: expected arrays by name, got ${got}`,
    );
  }
  const broken = [
    null,
    "slots",
    3,
    { "scaleByAdam/m": null },
    { "scaleByAdam/m": "w" },
    { "scaleByAdam/m": { w: "w" } },
    { "scaleByAdam/m": { w: null, b: null } },
  ];
  for (const slots of broken)
    expect(() => optimizer.load({ step: 0, slots } as never), JSON.stringify(slots)).toThrow(
      "load: expected the state of this optimizer (adam), got another one:",
    );
});
