import {
  cos,
  erf,
  erfc as erfcOf,
  log2,
  normalCdf,
  reference,
  sin,
  stack,
  tensor,
  type Tensor,
} from "@tenon/tensor";
import { missingGpu, softwareGpu } from "@tenon/testkit";
import { describe, expect, test } from "vitest";
import { webgpu } from "./engine.js";
import type { Gpu } from "./gpu.js";

/** How many float32 lie between two. */
function unitsBetween(a: number, b: number): number {
  const order = (x: number): number => {
    const bits = new Int32Array(Float32Array.of(x).buffer)[0]!;
    return bits < 0 ? -(bits & 0x7fffffff) : bits;
  };
  return Math.abs(order(a) - order(b));
}

/** erfc by its continued fraction and series, in float64. */
function erfc(x: number): number {
  if (x < 0) return 2 - erfc(-x);
  if (x < 2) {
    let [term, sum] = [x, x];
    for (let n = 1; n < 100; n++) {
      term *= (-x * x) / n;
      sum += term / (2 * n + 1);
    }
    return 1 - (2 / Math.sqrt(Math.PI)) * sum;
  }
  let fraction = 0;
  for (let n = 120; n > 0; n--) fraction = n / 2 / (x + fraction);
  return Math.exp(-x * x) / Math.sqrt(Math.PI) / (x + fraction);
}

/** erf, for small x by its series: 1 − erfc has no digits there. */
function erfOf(x: number): number {
  if (Math.abs(x) > 0.5) return 1 - erfc(x);
  let [term, sum] = [x, x];
  for (let n = 1; n < 40; n++) {
    term *= (-x * x) / n;
    sum += term / (2 * n + 1);
  }
  return (2 / Math.sqrt(Math.PI)) * sum;
}

const between = (low: number, high: number, count = 400): number[] =>
  Array.from({ length: count }, (_, i) => Math.fround(low + ((high - low) * i) / (count - 1)));
const magnitudes = between(-35, 35).flatMap((power) => [Math.fround(2 ** power)]);
const signed = [...magnitudes, ...magnitudes.map((x) => -x)];

/** Functions, the float64 truth, arguments, and the bound in units of the last place. */
const rows: readonly (readonly [
  string,
  (x: Tensor) => Tensor,
  (x: number) => number,
  readonly number[],
  number,
])[] = [
  ["exp", (x) => x.exp(), Math.exp, between(-87, 88), 3],
  [
    "expm1",
    (x) => x.expm1(),
    Math.expm1,
    [...between(-20, 88), ...signed.filter((x) => Math.abs(x) < 1)],
    4,
  ],
  ["log", (x) => x.log(), Math.log, magnitudes, 3],
  ["log1p", (x) => x.log1p(), Math.log1p, magnitudes, 4],
  ["log2", (x) => log2(x), Math.log2, magnitudes, 3],
  ["sin", (x) => sin(x), Math.sin, between(-3, 3), 4],
  ["cos", (x) => cos(x), Math.cos, between(-1.5, 1.5), 4],
  ["tanh", (x) => x.tanh(), Math.tanh, signed, 4],
  ["sigmoid", (x) => x.sigmoid(), (x) => 1 / (1 + Math.exp(-x)), between(-80, 30), 5],
  ["erfc", (x) => erfcOf(x), erfc, between(-4, 9), 60],
  ["erf", (x) => erf(x), erfOf, [...between(-4, 4), ...signed], 4],
  ["normalCdf", (x) => normalCdf(x), (x) => erfc(-x * Math.SQRT1_2) / 2, between(-9, 5), 60],
  ["pow", (x) => x.pow(2.75), (x) => x ** 2.75, magnitudes, 4],
  ["pow", (x) => x.pow(60), (x) => x ** 60, between(0.3, 4.3), 32],
];

if (missingGpu === undefined) {
  const engine = await webgpu({ gpu: softwareGpu() as Gpu });
  const computed = async (
    f: (x: Tensor) => Tensor,
    values: readonly number[],
  ): Promise<number[]> => {
    const x = Float32Array.from(values);
    const program = engine.compile(
      (state: object, inputs) => ({ state, outputs: { y: f(inputs.x) } }),
      {},
      { x: { shape: [x.length] } },
    );
    return [...(await program.step({ x })).y.data];
  };

  test.each(rows)("%s is within its bound", async (_, f, truth, values, units) => {
    const got = await computed(f, values);
    values.forEach((x, i) => {
      const expected = Math.fround(truth(x));
      // Subnormal results may be taken for 0.
      if (Math.abs(expected) < 2 ** -125) return;
      expect(
        unitsBetween(got[i]!, expected),
        `${x}: ${got[i]} for ${expected}`,
      ).toBeLessThanOrEqual(units);
    });
  });

  test("large angles are reduced by all bits of π", async () => {
    const angles = [1e5, 12345678, 1e10, 3e20, 3.4e38, -1e7].map(Math.fround);
    const [sines, cosines] = [
      await computed((x) => sin(x), angles),
      await computed((x) => cos(x), angles),
    ];
    angles.forEach((x, i) => {
      expect(sines[i]).toBeCloseTo(Math.sin(x), 6);
      expect(cosines[i]).toBeCloseTo(Math.cos(x), 6);
    });
  });

  test("infinite powers and the signs of zeros are those of every engine", async () => {
    const values = [0, -0, 0.5, -0.5, 1, -1, 2.5, -2.5, Infinity, -Infinity];
    const pairs = values.flatMap((a) => values.map((b) => [a, b] as const));
    const [a, b] = [0, 1].map((k) => ({
      ...{ shape: [pairs.length], dtype: "float32" as const },
      data: Float32Array.from(pairs, (pair) => pair[k]!),
    }));
    const step = (state: object, { a, b }: Record<"a" | "b", Tensor>) => ({
      state,
      outputs: {
        pow: a.pow(b),
        remainder: a.remainder(b),
        maximum: a.maximum(b),
        minimum: a.minimum(b),
        largest: stack([a, b]).max(0),
        smallest: stack([a, b]).min(0),
        sign: a.sign(),
      },
    });
    const inputs = { a: a!, b: b! };
    const ours = await engine.compile(step, {}, inputs).step(inputs);
    const expected = reference().compile(step, {}, inputs).step(inputs);
    const shown = (outputs: typeof ours): object =>
      Object.fromEntries(
        Object.entries(outputs).map(([name, { data }]) => [
          name,
          [...data].map((value, i) => {
            const rounded = Object.is(value, -0) ? "-0" : value.toPrecision(6);
            return `${pairs[i]!.map((x) => (Object.is(x, -0) ? "-0" : x)).join()}: ${rounded}`;
          }),
        ]),
      );
    expect(shown(ours)).toEqual(shown(expected));
  });

  test("what is not finite stays what it is", async () => {
    const values = [NaN, Infinity, -Infinity];
    expect(await computed((x) => x.relu(), values)).toEqual([NaN, Infinity, 0]);
    expect(await computed((x) => x.maximum(1), values)).toEqual([NaN, Infinity, 1]);
    expect(await computed((x) => x.exp(), values)).toEqual([NaN, Infinity, 0]);
    expect(await computed((x) => x.notEqual(x).cast("float32"), values)).toEqual([1, 0, 0]);
    expect(
      await computed((x) => x.cast("int32").cast("float32"), [NaN, 3e9, -3e9, 2.7, -2.7]),
    ).toEqual([0, 2147483648, -2147483648, 2, -2]);
    expect(await computed((x) => tensor([7, -7, 7, -7]).remainder(x), [3, 3, -3, -3])).toEqual([
      1, 2, -2, -1,
    ]);
  });
} else describe("functions of webgpu", () => void test.skip(`lacks ${missingGpu}`, () => {}));
