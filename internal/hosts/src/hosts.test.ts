import { existsSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";
import { defaultDevice, init, nn, numpy as np, valueAndGrad } from "@jax-js/jax";
import type { ByPath, Transform } from "@tenon/contracts";
import { adam, chain, clipByGlobalNorm, momo, muon, onArrays, sm3 } from "@tenon/optimizers";
import { Matrix } from "ml-matrix";
import { expect, test } from "vitest";
import { onJaxArrays } from "./jaxArrays.js";
import { onLists } from "./lists.js";
import { onMatrices } from "./matrices.js";
import { onVariables, type Tf, type Variable } from "./variables.js";

const rule = (): Transform => chain(clipByGlobalNorm(1), adam({ learningRate: 0.05 }));
const steps = 60;

// Which of two classes a point is of: beyond a circle or within it. A network of 8 units.
const points = Array.from({ length: 64 }, (_, i) => [Math.sin(i * 1.7), Math.cos(i * 2.9)]);
const labels = points.map(([x, y]) => (x! * x! + y! * y! > 1 ? 1 : 0));
const start = { w: [2, 8], b: [8], v: [8, 1], c: [1] };
const initial = (name: string, shape: readonly number[]): number[] =>
  Array.from({ length: shape.reduce((a, b) => a * b, 1) }, (_, i) =>
    name === "w" || name === "v" ? Math.sin(3.3 * (i + 1)) : 0,
  );

test.each(["lists", "matrices", "jaxArrays", "variables"])("docs/hosts.md shows %s.ts", (name) => {
  const page = readFileSync(new URL("../../../docs/hosts.md", import.meta.url), "utf8");
  const code = readFileSync(new URL(`${name}.ts`, import.meta.url), "utf8");
  expect(page).toContain(`\`\`\`ts file=internal/hosts/src/${name}.ts\n${code}\`\`\``);
});

test.each([
  ["a rule", rule],
  ["one that reads the loss", () => momo()],
])("plain lists: the steps of float64 arrays, of %s", (_, make) => {
  const [list, array] = [[3, -2], Float64Array.of(3, -2)];
  const [ofLists, ofArrays] = [onLists(make(), { w: list }), onArrays(make(), { w: array })];
  for (let step = 0; step < steps; step++) {
    const loss = list.reduce((sum, x) => sum + x * x, 0);
    ofLists({ w: list.map((x) => 2 * x) }, loss);
    ofArrays.step({ w: array.map((x) => 2 * x) }, loss);
    expect(list).toEqual([...array]);
  }
  expect(Math.hypot(...list)).toBeLessThan(1);
});

test("ml-matrix: a linear model of its own finds what its solver finds", () => {
  const x = new Matrix(points.map(([a, b]) => [a!, b!, 1]));
  const y = Matrix.columnVector(points.map(([a, b]) => 2 * a! - b! + 0.5));
  const w = Matrix.zeros(3, 1);
  const step = onMatrices(adam({ learningRate: 0.1 }), { w });
  for (let i = 0; i < 400; i++)
    step({
      w: x
        .transpose()
        .mmul(x.mmul(w).sub(y))
        .mul(2 / points.length),
    });
  expect(w.to1DArray().map((value) => value.toFixed(2))).toEqual(["2.00", "-1.00", "0.50"]);
});

test("ml-matrix: a rule of matrices", () => {
  const w = Matrix.eye(2, 3);
  onMatrices(muon({ learningRate: 0.1, weightDecay: 0 }), { w })({ w: Matrix.ones(2, 3) });
  expect(w.get(0, 0)).toBeLessThan(1);
  expect(w.get(1, 0)).toBeLessThan(0);
});

test("jax-js: a network of its own learns, and no array is left over", async () => {
  await init("cpu");
  defaultDevice("cpu");
  const x = np.array(points as number[][]);
  const y = np.array(labels.map((label) => [label]));
  type Params = { w: np.Array; b: np.Array; v: np.Array; c: np.Array };
  const loss = (p: Params, x: np.Array, y: np.Array): np.Array => {
    const logits = np.matmul(np.tanh(np.matmul(x, p.w).add(p.b)), p.v).add(p.c);
    return np.mean(np.square(nn.sigmoid(logits).sub(y)));
  };
  let params = Object.fromEntries(
    Object.entries(start).map(([name, shape]) => [
      name,
      np.array(Float32Array.from(initial(name, shape))).reshape(shape),
    ]),
  ) as Params;
  const step = await onJaxArrays(rule(), params);
  const losses: number[] = [];
  for (let i = 0; i < steps; i++) {
    const [value, gradients] = valueAndGrad(loss)(params, x.ref, y.ref);
    losses.push((await value.data())[0]!);
    params = (await step(gradients as never)) as Params;
  }
  expect(losses.at(-1)!).toBeLessThan(losses[0]! / 2);
});

/**
 * What the test needs of TensorFlow.js, which `.ci/run` fetches: it is too large for every test.
 */
interface TensorFlow extends Tf<TfTensor> {
  setBackend(name: string): Promise<boolean>;
  memory(): { readonly numTensors: number };
  tensor(values: readonly number[], shape: readonly number[]): TfTensor;
  variableGrads(loss: () => TfTensor): { value: TfTensor; grads: Record<string, TfTensor> };
  dispose(tensors: unknown): void;
  sequential(): {
    add(layer: unknown): void;
    predict(x: TfTensor): TfTensor;
    readonly trainableWeights: readonly {
      readonly name: string;
      readonly val: Variable<TfTensor>;
    }[];
  };
  readonly layers: { dense(options: object): unknown };
}
interface TfTensor {
  readonly name: string;
  readonly shape: number[];
  dataSync(): Float32Array;
  sub(b: TfTensor): TfTensor;
  square(): TfTensor;
  mean(): TfTensor;
}

const path = fileURLToPath(new URL("../../../.cache/tools/node_modules/tfjs", import.meta.url));
const rules: [string, () => Transform][] = [
  ["adam, clipped", rule],
  ["muon", () => muon({ learningRate: 0.02 })],
  ["sm3", () => sm3({ learningRate: 0.1 })],
  ["momo, of the loss", () => momo({ learningRate: 0.5 })],
];

test.for(rules)("TensorFlow.js: a model of its layers learns by %s", async ([, make], context) => {
  if (!existsSync(path))
    return context.skip("no TensorFlow.js in .cache/tools; .ci/run fetches it");
  const tf = createRequire(import.meta.url)(path) as TensorFlow;
  await tf.setBackend("cpu");
  const x = tf.tensor(points.flat(), [points.length, 2]);
  const y = tf.tensor(labels, [points.length, 1]);
  const model = tf.sequential();
  model.add(tf.layers.dense({ units: 8, activation: "tanh", inputShape: [2] }));
  model.add(tf.layers.dense({ units: 1, activation: "sigmoid" }));
  const variables = Object.fromEntries(model.trainableWeights.map(({ val }) => [val.name, val]));
  Object.values(variables).forEach((variable, i) =>
    variable.assign(tf.tensor(initial(Object.keys(start)[i]!, variable.shape), variable.shape)),
  );
  const shapes = Object.values(variables).map(({ shape }) => shape);
  const own = Object.values(variables).map((variable) => variable.dataSync().slice());
  const onArraysToo = onArrays(
    make(),
    Object.fromEntries(own.map((data, i) => [String(i), { shape: shapes[i]!, data }])),
  );
  const step = onVariables<never>(tf as never, make(), variables as never) as unknown as (
    gradients: ByPath<TfTensor>,
    loss: TfTensor,
  ) => void;
  const losses: number[] = [];
  let tensors = 0;
  for (let i = 0; i < steps; i++) {
    const { value, grads } = tf.variableGrads(() => model.predict(x).sub(y).square().mean());
    losses.push(value.dataSync()[0]!);
    onArraysToo.step(
      Object.fromEntries(
        Object.keys(variables).map((name, at) => [
          String(at),
          { shape: shapes[at]!, data: grads[name]!.dataSync() },
        ]),
      ),
      losses.at(-1),
    );
    step(grads, value);
    tf.dispose([value, grads]);
    if (i === 1) tensors = tf.memory().numTensors;
  }
  expect(losses.at(-1)!).toBeLessThan(losses[0]! * 0.8);
  expect(tf.memory().numTensors).toBe(tensors); // none is left over
  // The same steps as on arrays, which were given the same gradients.
  Object.values(variables).forEach((variable, i) =>
    variable.dataSync().forEach((value, at) => expect(value).toBeCloseTo(own[i]![at]!, 3)),
  );
});
