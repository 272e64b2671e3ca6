import type { ByPath, NDArray } from "@tenon/contracts";
import { crossEntropy } from "@tenon/losses";
import { gradients, initialize, pass, reference, tensor, type Tensor } from "@tenon/tensor";
import { startOf, trainingStep, type TrainingState } from "@tenon/trainer";
import { expect, test } from "vitest";
import { complete, type Config } from "./config.js";
import { modelOf } from "./models.js";
import { optimizerOf, penaltiesOf } from "./optimizer.js";
import { lossOf } from "./report.js";
import { layerTable } from "./runReport.js";

/** The arrays of one member, under the paths that they have in a network that is alone. */
const ofMember = <V>(all: ByPath<V>, i: number): Record<string, V> =>
  Object.fromEntries(
    Object.entries(all)
      .filter(([path]) => path.startsWith(`branch${i}/`))
      .map(([path, value]) => [path.replace(/^branch\d\//, ""), value]),
  );

test("members answer with their mean, and each learns as if it were alone", () => {
  const config = complete({ model: "mlp", normalization: "batch", dropout: 0, members: 2 });
  const [both, alone] = [modelOf(config), modelOf({ ...config, members: 1 })];
  const { params, stats } = initialize(both.plan([28, 28, 1]), 1);
  const ofOne = (i: number) => ({ params: ofMember(params, i), stats: ofMember(stats, i) });
  const x = Float32Array.from({ length: 3 * 784 }, (_, i) => ((i * 7) % 29) / 29);
  const y = Int32Array.of(3, 0, 9);
  const labelSmoothing = 0.1;
  const compiled = (
    network: typeof both,
    start: ReturnType<typeof ofOne>,
    isMember: boolean,
  ): ByPath<NDArray> =>
    reference()
      .compile(
        (state, inputs) => {
          const [seed, step] = [tensor(1, [], "int32"), tensor(0, [], "int32")];
          const logits = network.forward(inputs.x, pass({ ...state, training: { seed, step } }));
          const loss = isMember
            ? crossEntropy(logits, inputs.y, { labelSmoothing })
            : lossOf({ labelSmoothing, members: 2 })(logits, inputs.y);
          const outputs = { loss, answer: logits.logSoftmax(), logits };
          return { state, outputs: { ...outputs, ...gradients(loss, state.params) } };
        },
        start,
        { x: { shape: [3, 28, 28, 1] }, y: { shape: [3], dtype: "int32" } },
      )
      .step({ x, y });
  const joined = compiled(both, { params, stats }, false);
  const members = [1, 2].map((i) => compiled(alone, ofOne(i), true));
  const mean = (key: string): number[] =>
    Array.from(members[0]![key]!.data, (value, k) => (value + members[1]![key]!.data[k]!) / 2);
  const close = (values: ArrayLike<number>): number[] =>
    Array.from(values, (value) => expect.closeTo(value, 5) as number);
  expect(Array.from(joined["logits"]!.data)).toEqual(close(mean("answer")));
  expect(Array.from(joined["loss"]!.data)).toEqual(close(mean("loss")));
  members.forEach((member, i) => {
    const paths = Object.keys(ofOne(i + 1).params);
    expect(paths.length).toBeGreaterThan(3);
    for (const path of paths)
      expect(Array.from(joined[`branch${i + 1}/${path}`]!.data), path).toEqual(
        close(Array.from(member[path]!.data, (value) => value / 2)),
      );
  });
});

test.each<Partial<Config>>([
  { optimizer: "sgd" },
  { optimizer: "momentum" },
  { optimizer: "nesterov" },
  { optimizer: "normalized-gradient" },
  { optimizer: "adagrad" },
  { optimizer: "rmsprop" },
  { optimizer: "adam" },
  { optimizer: "adamw", weightDecay: 0.1, maxNorm: 0.5 },
  { optimizer: "sgd", l1: 0.01, l2: 0.02 },
  { optimizer: "adam", l1: 0.01, l2: 0.02 },
  { optimizer: "sgd", clipNorm: 0.1, labelSmoothing: 0.1 },
  { optimizer: "adam", clipNorm: 0.1, average: "ema" },
  { optimizer: "sgd", clipValue: 0.01 },
])("a few steps of %o change each of three members as they would change it alone", (flags) => {
  const image = [4, 4, 1];
  const config = complete({ model: "mlp", dropout: 0, members: 3, ...flags });
  const x = Float32Array.from({ length: 4 * 16 }, (_, i) => ((i * 7) % 29) / 29);
  const y = Int32Array.of(3, 0, 9, 1);
  const scalar = { shape: [], dtype: "int32" } as const;
  const trained = (settings: Config, begin: (start: TrainingState) => TrainingState) => {
    const [model, optimizer] = [modelOf(settings, image), optimizerOf(settings, 10)];
    const start = begin(startOf(model, image, optimizer, 1));
    const penalties = penaltiesOf(settings);
    const program = reference().compile(
      trainingStep(model, { loss: lossOf(settings), optimizer, penalties }),
      start,
      {
        x: { shape: [4, ...image] },
        y: { shape: [4], dtype: "int32" },
        step: scalar,
        seed: scalar,
      },
    );
    const losses = [0, 1, 2].map((step) => program.step({ x, y, step, seed: 1 })["loss"]!.data[0]!);
    return { start, losses, end: program.state() as TrainingState };
  };
  const joined = trained(config, (start) => start);
  const alone = [1, 2, 3].map((i) =>
    trained({ ...config, members: 1 }, (start) => ({
      ...start,
      params: ofMember(joined.start.params, i),
    })),
  );
  joined.losses.forEach((loss, step) => {
    const sum = alone.reduce((total, { losses }) => total + losses[step]!, 0);
    expect(loss).toBeCloseTo(sum / 3, 5);
  });
  alone.forEach(({ start, end }, i) => {
    const member = ofMember(joined.end.params, i + 1);
    for (const [path, { data }] of Object.entries(end.params)) {
      const from = start.params[path]!.data;
      const change = Array.from(data, (value, k) => value - from[k]!);
      const fault = Array.from(data, (value, k) => value - member[path]!.data[k]!);
      // ε in a rule counts where a gradient is almost zero.
      expect(Math.hypot(...change)).toBeGreaterThan(0);
      expect(Math.hypot(...fault), `${path} of member ${i + 1}`).toBeLessThan(
        Math.hypot(...change) / 100,
      );
    }
  });
});

test("members begin with different values and drop different ones", () => {
  const config = complete({ model: "mlp", dropout: 0.5, members: 2 });
  const model = modelOf(config, [4, 4, 1]);
  const { params } = initialize(model.plan([4, 4, 1]), 1);
  const kernels = [1, 2].map((i) => params[`branch${i}/dense1/kernel`]!.data);
  expect(kernels[0]).not.toEqual(kernels[1]);
  // With the same values in both, what they answer in training differs by what they drop.
  const first = ofMember(params, 1);
  const same: Record<string, NDArray> = {};
  for (const [path, value] of Object.entries(first))
    for (const i of [1, 2]) same[`branch${i}/${path}`] = value;
  const program = reference().compile(
    (state, { x }) => {
      const training = { seed: tensor(1, [], "int32"), step: tensor(0, [], "int32") };
      const outputs: Record<string, Tensor> = {};
      const tap = (path: string, output: Tensor): void => void (outputs[path] = output);
      model.forward(x, pass({ ...state, training, tap }));
      return { state, outputs };
    },
    { params: same, stats: {} },
    { x: { shape: [2, 4, 4, 1] } },
  );
  const out = program.step({ x: Float32Array.from({ length: 32 }, (_, i) => (i % 7) / 7) });
  const [a, b] = [1, 2].map((i) => out[`branch${i}/dropout1`]!.data);
  expect(out["branch1/relu1"]!.data).toEqual(out["branch2/relu1"]!.data);
  expect(a).not.toEqual(b);
});

test("the table of layers is that of one member, with how many there are", () => {
  const config = complete({}, "best");
  const table = layerTable(config, [28, 28, 1], 80);
  expect(table).toContain(layerTable({ ...config, members: 1 }, [28, 28, 1], 80));
  expect(table.split("\n").at(-1)).toBe("4 of these answer together: 117,736 parameters");
});
