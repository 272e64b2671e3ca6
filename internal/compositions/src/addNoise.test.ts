import type { Engine, NDArray } from "@tenon/contracts";
import { addNoise, chain, sgd, type NormalSource } from "@tenon/optimizers";
import { clock, ones, reference, standardNormal, type Tensor } from "@tenon/tensor";
import { refusal } from "@tenon/testkit";
import { wasm } from "@tenon/wasm";
import { expect, test } from "vitest";

const count = 4000;
const zeros = (shape: readonly number[]): NDArray => ({
  shape,
  dtype: "float32",
  data: new Float32Array(shape.reduce((a, b) => a * b, 1)),
});
const int = (value: number): NDArray => ({
  shape: [],
  dtype: "int32",
  data: Int32Array.of(value),
});

/** What is added to two parameters' gradients of zero at a step. */
function noise(
  engine: Engine<Tensor>,
  step: number,
  { seed = 1, normal = standardNormal as NormalSource } = {},
): readonly (readonly number[])[] {
  const transform = addNoise(normal, { eta: 0.25 });
  const params = { a: zeros([count]), b: zeros([count / 2, 2]) };
  const program = engine.compile(
    (state, inputs) => {
      const { updates } = transform.update<Tensor>(
        { updates: state, params: state, slots: {} },
        clock(inputs.step, inputs.seed),
      );
      return { state, outputs: updates };
    },
    params,
    { step: { shape: [], dtype: "int32" }, seed: { shape: [], dtype: "int32" } },
  );
  const { a, b } = program.step({ step: int(step), seed: int(seed) }) as Record<string, NDArray>;
  return [a!, b!].map(({ data }) => Array.from(data));
}

const moments = (values: readonly number[]): readonly [mean: number, variance: number] => {
  const mean = values.reduce((a, b) => a + b) / values.length;
  return [mean, values.reduce((a, b) => a + (b - mean) ** 2, 0) / values.length];
};

test("noise is normal, and its variance falls as η / t^γ", () => {
  for (const step of [0, 9, 99]) {
    const expected = 0.25 / (step + 1) ** 0.55;
    for (const values of noise(reference(), step)) {
      const [mean, variance] = moments(values);
      // Four standard errors of 4000 values.
      expect(Math.abs(mean)).toBeLessThan(4 * Math.sqrt(expected / count));
      expect(Math.abs(variance / expected - 1)).toBeLessThan(4 * Math.sqrt(2 / count));
    }
  }
});

test("noise is a function of the seed, the step and the parameter", () => {
  const [a, b] = noise(reference(), 3);
  expect(noise(reference(), 3)).toEqual([a, b]);
  expect(a).not.toEqual(b);
  expect(noise(reference(), 4)[0]).not.toEqual(a);
  expect(noise(reference(), 3, { seed: 2 })[0]).not.toEqual(a);
});

test("both engines add the same noise", async () => {
  const [a, b] = noise(reference(), 7);
  noise(await wasm(), 7).forEach((values, which) =>
    values.forEach((value, i) => expect(value).toBeCloseTo([a, b][which]![i]!, 5)),
  );
});

test("its standard deviation is that of the formula, exactly", () => {
  const [a] = noise(reference(), 1, { normal: (shape) => ones(shape) });
  expect(a![0]).toBe(Math.fround(Math.sqrt(0.25 / 2 ** 0.55)));
});

test("a host without a seed is refused", () => {
  const params = { w: ones([2]) };
  expect(() =>
    chain(addNoise(standardNormal), sgd()).update<Tensor>(
      { updates: params, params, slots: {} },
      clock(ones([], "int32")),
    ),
  ).toThrow(
    refusal(
      "addNoise: expected a run that has a seed, got one without; " +
        "train with fit or trainingStep; onArrays has none",
    ),
  );
});
