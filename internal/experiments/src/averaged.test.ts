import type { ByPath, Layer, NDArray, Transform } from "@tenon/contracts";
import { dense } from "@tenon/layers";
import { chain, sgd } from "@tenon/optimizers";
import { averageOf, ema, swa } from "@tenon/regularizers";
import { initialize, mapLeaves, pass, reference, tensor, type Tensor } from "@tenon/tensor";
import { startOf, trainingStep, type TrainingState } from "@tenon/trainer";
import { expect, test } from "vitest";
import { averageError, errorOfFirst, memberError, memberLoss } from "./averaged.js";
import { members, weightAverage, type Rule } from "./averaged.js";

const x = Float32Array.from({ length: 12 }, (_, i) => Math.sin(i * i));
const y = Int32Array.of(0, 1, 2, 1);
const scalar = { shape: [], dtype: "int32" } as const;

/** The state after steps of training on four examples. */
function trained(model: Layer<Tensor>, optimizer: Transform, steps: number): TrainingState {
  const program = reference().compile(
    trainingStep(model, { loss: memberLoss, optimizer }),
    startOf(model, [3], optimizer, 7),
    { x: { shape: [4, 3] }, y: { shape: [4], dtype: "int32" }, step: scalar, seed: scalar },
  );
  for (let step = 0; step < steps; step++) program.step({ x, y, step, seed: 7 });
  return program.state();
}
const values = (arrays: ByPath<NDArray>, under = ""): ByPath<number[]> =>
  Object.fromEntries(
    Object.entries(arrays).flatMap(([path, { data }]) =>
      path.startsWith(under) ? [[path.slice(under.length), [...data]]] : [],
    ),
  );

test.each<[Rule, Transform]>([
  [{ type: "ema", decay: 0.8 }, ema({ decay: 0.8 })],
  [{ type: "swa", start: 3 }, swa({ start: 3 })],
])("the average of %j is that of the transform, a step later", (rule, transform) => {
  const network = dense(3);
  for (const steps of [1, 2, 5, 9]) {
    const { stats } = trained(weightAverage(network, rule), sgd({ learningRate: 0.5 }), steps + 1);
    const optimizer = chain(sgd({ learningRate: 0.5 }), transform);
    const { slots } = trained(members(1, network), optimizer, steps);
    const expected = values(averageOf(slots));
    const found = values(stats, "average/");
    expect(Object.keys(found)).toEqual(Object.keys(expected));
    for (const [path, numbers] of Object.entries(found))
      for (const [i, value] of numbers.entries()) expect(value).toBeCloseTo(expected[path]![i]!, 6);
  }
});

test("averaging changes no bit of the training", () => {
  const optimizer = sgd({ learningRate: 0.5 });
  const rule: Rule = { type: "ema", decay: 0.9 };
  const { params } = trained(weightAverage(dense(3), rule), optimizer, 6);
  expect(values(params)).toEqual(values(trained(members(1, dense(3)), optimizer, 6).params));
});

test("members are trained as if each were alone, from initial values of their own", () => {
  const three = trained(members(3, dense(3)), sgd({ learningRate: 3 * 0.5 }), 6).params;
  const one = trained(members(1, dense(3)), sgd({ learningRate: 0.5 }), 6).params;
  const [own, alone] = [values(three, "member1/"), values(one, "member1/")];
  for (const [path, numbers] of Object.entries(own))
    for (const [i, value] of numbers.entries()) expect(value).toBeCloseTo(alone[path]![i]!, 5);
  expect(own["kernel"]).not.toEqual(values(three, "member2/")["kernel"]);
});

test("the answers are the members' and the means of their probabilities", () => {
  const model = members(3, dense(3));
  const params = mapLeaves(initialize(model.plan([3]), 3).params, (array) => tensor(array));
  const out = model.forward(tensor({ shape: [4, 3], dtype: "float32", data: x }), pass({ params }));
  expect(out.shape).toEqual([4, 6, 3]);
  const data = out.data() as Float32Array;
  const softmax = (at: number): number[] => {
    const e = [0, 1, 2].map((c) => Math.exp(data[at + c]!));
    return e.map((v) => v / (e[0]! + e[1]! + e[2]!));
  };
  for (let i = 0; i < 4; i++)
    for (let k = 1; k <= 3; k++)
      for (let c = 0; c < 3; c++) {
        const p = Array.from({ length: k }, (_, m) => softmax((i * 6 + m) * 3)[c]!);
        const mean = p.reduce((sum, value) => sum + value / k, 0);
        expect(softmax((i * 6 + 2 + k) * 3)[c]).toBeCloseTo(mean, 5);
      }
});

test("errors are counted of members and of averages", () => {
  // Two examples of the classes 0 and 1; two members, and the averages of one and of two.
  const rows = [
    ...[1, 0, /**/ 0, 1, /**/ 1, 0, /**/ 0, 1],
    ...[1, 0, /**/ 0, 1, /**/ 1, 0, /**/ 0, 1],
  ];
  const predictions = {
    shape: [2, 4, 2],
    dtype: "float32",
    data: Float32Array.from(rows),
  } as const;
  const targets = { shape: [2], dtype: "int32", data: Int32Array.of(0, 1) } as const;
  const of = (metric: typeof memberError): number =>
    metric.result(metric.update(metric.start, predictions, targets));
  expect(of(memberError)).toBe(0.5);
  expect(of(averageError)).toBe(0.5);
  expect(of(errorOfFirst(1))).toBe(0.5);
  const both = { ...targets, data: Int32Array.of(1, 1) };
  expect(averageError.result(averageError.update(averageError.start, predictions, both))).toBe(0);
  expect(memberError.result(memberError.update(memberError.start, predictions, both))).toBe(0.5);
});
