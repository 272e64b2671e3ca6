import { expect, test } from "vitest";
import { examine } from "../index.js";
import type { RunEvent } from "../addEvent.js";
import type { LayerSetup, RunRecord, Setup } from "../record.js";
import {
  constant,
  data,
  epochsOf,
  falling,
  layers,
  recordOf,
  restingEpochs,
  setup,
  stepsOf,
  type Said,
} from "../testing/records.js";

const always = (said: Said) => (): Said => said;
const ids = (record: RunRecord): string[] => examine(record).map(({ id }) => id);
const withLayers = (more: readonly LayerSetup[], others: Partial<Setup> = {}): Setup => ({
  ...{ ...setup, ...others },
  layers: [...layers, ...more],
});
const start = Math.log(4);
const tiny = always({ params: { "*": { updateNorm: 4e-6 } } });
const large = always({ params: { "*": { updateNorm: 2 } } });
const regression = { setup: { ...setup, loss: "mse" }, data };
const variance = data.targets.std ** 2;

/** The same events, of a run that was continued after this many steps. */
const after = (steps: number, events: readonly RunEvent[]): RunEvent[] =>
  events.map((event) => ("step" in event ? { ...event, step: event.step + steps } : event));

test("a rate is not too low where most had been learnt before", () => {
  const slow = stepsOf(constant(60, 1.38), tiny);
  expect(ids(recordOf(slow))).toEqual(["learningRateTooLow"]);
  expect(ids(recordOf(after(140, slow)))).toEqual([]);
  expect(ids(recordOf(stepsOf(constant(60, 0.7), tiny)))).toEqual([]);
  // Of another loss that is not known.
  const [finding] = examine(recordOf(slow, { setup: { layers } }));
  expect(finding).toMatchObject({ id: "learningRateTooLow", severity: "warning" });
});

test("a rate that is much too low is found at the end of a short run too", () => {
  const few = stepsOf(constant(32, 1.38), (step) => (step === 1 ? tiny() : undefined));
  expect(ids(recordOf(few))).toEqual([]);
  const short = { setup: { ...setup, epochs: 1, stepsPerEpoch: 32 }, data };
  expect(ids(recordOf([...few, { type: "end" }], short))).toEqual(["learningRateTooLow"]);
  const usual = always({ params: { "*": { updateNorm: 4e-4 } } });
  const other = stepsOf(constant(32, 1.38), (step) => (step === 1 ? usual() : undefined));
  expect(ids(recordOf([...other, { type: "end" }], short))).toEqual([]);
});

test("only rectifiers have dead units: a last layer of zeros learns", () => {
  const zeros = always({ layers: { dense2: { dead: 1 } } });
  expect(ids(recordOf(stepsOf([start], zeros)))).toEqual([]);
  expect(ids(recordOf(stepsOf(constant(9, start), zeros)))).toEqual([]);
  // Also where types are not known, in the first step.
  expect(ids(recordOf(stepsOf([start], zeros), { setup: {} }))).toEqual([]);
  const dead = always({ layers: { relu2: { dead: 1 } } });
  for (const known of [{ setup, data }, { setup: {} }])
    expect(ids(recordOf(stepsOf([start], dead), known))).toEqual(["deadUnits"]);
});

test("what is dead or saturated from the first step on is found with two observed steps too", () => {
  const twice = (said: Said, from = 1): RunRecord =>
    recordOf(stepsOf(constant(51, start), (step) => (step % 50 === from ? said : undefined)));
  expect(ids(twice({ layers: { relu2: { dead: 1 } } }))).toEqual(["deadUnits"]);
  expect(ids(twice({ layers: { relu2: { saturated: 1 } } }))).toEqual(["saturatedUnits"]);
  expect(ids(twice({ layers: { relu2: { dead: 1 } } }, 0))).toEqual([]);
});

test("most of a layer may be dead on a plateau", () => {
  const some = always({ layers: { relu2: { dead: 0.8 } } });
  expect(ids(recordOf(stepsOf(constant(99, 1.38), some)))).toEqual([]);
  expect(ids(recordOf(stepsOf(constant(100, 1.38), some)))).toEqual(["deadUnits"]);
});

test("where some units live, dead ones are not why nothing is learnt", () => {
  const events = [...stepsOf(constant(160, 1.37)), ...restingEpochs(8, 1.38, 1.39)];
  const some = events.map((event) =>
    event.type === "statistics"
      ? { ...event, layers: { ...event.layers, relu2: { ...event.layers!["relu2"]!, dead: 0.8 } } }
      : event,
  );
  const found = examine(recordOf(some)).map(({ id, explainedBy }) => [id, explainedBy]);
  expect(found).toContainEqual(["notLearning", undefined]);
  expect(found).toContainEqual(["deadUnits", undefined]);
});

test("the last layer of a branch is not the last of the network", () => {
  const relu = (path: string): LayerSetup => ({ path, type: "relu", output: [4], params: {} });
  const found = (path: string): string[] => ids(recordOf([], { setup: withLayers([relu(path)]) }));
  expect(found("relu3")).toEqual(["lossDoesNotFit"]);
  expect(found("sequential1/relu1")).toEqual(["lossDoesNotFit"]);
  expect(found("residual1/body/relu1")).toEqual([]);
  expect(found("inception1/branch4/relu1")).toEqual([]);
  // x + F(x) of a linear F is no product of two kernels, as others take x as well.
  const { params } = layers[0]!;
  const branch: LayerSetup = { path: "residual1/body/dense1", type: "dense", params: params! };
  const linear = { ...setup, layers: [layers[0]!, { ...branch, from: "dense1" }] };
  expect(ids(recordOf([], { setup: linear }))).toEqual([]);
});

test("most shares of a softmax are near 0 by rights", () => {
  const shares = (type: string): Setup => ({
    ...setup,
    layers: layers.map((layer) => (layer.path === "relu1" ? { ...layer, type } : layer)),
  });
  const events = stepsOf([start], always({ layers: { relu1: { saturated: 1 } } }));
  for (const type of ["softmax", "softmin"])
    expect(ids(recordOf(events, { setup: shares(type), data }))).toEqual([]);
  expect(ids(recordOf(events, { setup: shares("sigmoid"), data }))).toEqual(["saturatedUnits"]);
});

test("a plateau is no failure before the last part of a run", () => {
  const events = stepsOf(constant(160, 1.37));
  expect(ids(recordOf([...events, ...restingEpochs(7, 1.38, 1.39)]))).toEqual([]);
  expect(ids(recordOf([...events, ...restingEpochs(8, 1.38, 1.39)]))).toContain("notLearning");
  // The predictions of other examples differ.
  expect(ids(recordOf([...events, ...restingEpochs(8, 1.38, 1.33)]))).not.toContain("notLearning");
  // Without other examples: the loss still falls.
  const falls = epochsOf([1.5, 1.47, 1.45, 1.43, 1.42, 1.4, 1.39, 1.37].map((x) => [x] as const));
  expect(ids(recordOf([...events, ...falls]))).not.toContain("notLearning");
  expect(ids(recordOf([...events, ...restingEpochs(8, 1.38)]))).toContain("notLearning");
});

test("a loss far above the baseline is not that of a network that learns nothing", () => {
  const at = (times: number): string[] =>
    ids(
      recordOf(
        [
          ...stepsOf(constant(160, times * variance)),
          ...restingEpochs(10, times * variance, times * variance),
        ],
        regression,
      ),
    );
  expect(at(1.1)).toEqual(expect.arrayContaining(["notLearning", "underfitting"]));
  expect(at(7)).toEqual([]);
});

test("a loss of other examples that chance explains is no learning by heart", () => {
  const heart = (validation: readonly number[]): string[] =>
    ids(
      recordOf([
        ...stepsOf(falling(120)),
        ...epochsOf(validation.map((loss, i) => [1.3 - 0.1 * i, loss])),
      ]),
    );
  expect(heart([1.38, 1.4, 1.6])).toContain("notLearning");
  expect(heart([1.39, 1.39, 1.391])).not.toContain("notLearning");
});

test("a rate is not too high where only the first updates are large", () => {
  const first = (step: number): Said => (step < 5 ? large() : {});
  expect(ids(recordOf(stepsOf(constant(60, 1.38), first)))).toEqual([]);
  expect(ids(recordOf(stepsOf(constant(60, 1.38), large)))).toEqual(["learningRateTooHigh"]);
  // Adagrad: the loss rises once, and comes back.
  const adagrad = [1.4, 4.68, 3.4, 1.9, 1.6, 1.3, 1.2, ...falling(40, 1.1, 0.01)];
  for (let count = 1; count <= adagrad.length; count++)
    expect(ids(recordOf(stepsOf(adagrad.slice(0, count), first))), `${count}`).toEqual([]);
  // Units die, but the others learn.
  const died = (step: number): Said => ({
    ...large(),
    layers: { relu1: { dead: step > 1 ? 0.8 : 0 } },
  });
  expect(ids(recordOf(stepsOf(constant(8, 0.6), died)))).toEqual([]);
  // Updates are not so large that they explain it.
  const less = (step: number): Said => ({ ...died(step), params: { "*": { updateNorm: 0.6 } } });
  expect(ids(recordOf(stepsOf(constant(8, 1.3), less)))).not.toContain("learningRateTooHigh");
  // Losses alone, of a trained network.
  const alone = stepsOf([0.01, 0.02, 0.03, 0.04, 0.05, 0.06], () => undefined);
  expect(ids(recordOf(alone, {}))).toEqual([]);
});

test("a large first loss of values that were trained before is right for other labels", () => {
  const trained: Said = {
    params: { "dense1/bias": { norm: 1 }, "dense2/bias": { norm: 2 }, "dense3/bias": { norm: 3 } },
  };
  const alike: Said = {
    params: { "dense1/bias": { norm: 4 }, "dense2/bias": { norm: 4 }, "dense3/bias": { norm: 2 } },
  };
  const found = (said: Said): string[] => ids(recordOf(stepsOf([start + 10], always(said))));
  expect(found(trained)).toEqual([]);
  for (const said of [{}, alike]) expect(found(said)).toEqual(["initialValuesTooLarge"]);
  const continued = after(40, stepsOf([start + 10], always({})));
  expect(ids(recordOf(continued))).toEqual([]);
});

test("where all targets are equal, no rate decays too early", () => {
  const events = stepsOf(
    Array.from({ length: 200 }, (_, i) => Math.max(0, 1 - i / 60)),
    (step) => ({ params: { "*": { updateNorm: 0.04 * 10 ** (-step / 40) } } }),
  );
  const same = { ...data, classCounts: [640, 0, 0, 0] };
  expect(ids(recordOf(events, { setup, data: same }))).not.toContain("rateDecayedTooEarly");
});

test("dropout is not too strong while the loss falls, or is low without it", () => {
  const dropout = { path: "dropout1", type: "dropout", params: {}, rate: 0.7 };
  const known = {
    setup: { ...setup, layers: [...layers.slice(0, -1), dropout, layers[4]!] },
    data,
  };
  const found = (losses: readonly (readonly [number, number])[]): string[] =>
    ids(recordOf(epochsOf(losses), known));
  expect(found([[1.26, 1.08]])).toEqual([]);
  const nearlyAll = { ...known, setup: { ...known.setup, layers: [{ ...dropout, rate: 0.95 }] } };
  const short = [...epochsOf([[1.5, 1.35]]), { type: "end" } as const];
  expect(ids(recordOf(short, nearlyAll))).toEqual(["dropoutTooStrong"]);
  expect(found([...[1.26, 1.1, 0.95].map((loss) => [loss, 0.9] as const)])).toEqual([]);
  expect(found(constant(3, 0.9).map((loss) => [loss, 0.5] as const))).toEqual([]);
  expect(found(constant(3, 0.9).map((loss) => [loss, 0.6] as const))).toEqual(["dropoutTooStrong"]);
});

test("underfitting is no more than a hint, and nothing where one batch is learnt", () => {
  const record = recordOf(restingEpochs(9, 0.8, 0.8));
  expect(examine(record)).toMatchObject([{ id: "underfitting", severity: "hint" }]);
  const oneBatch = { learnt: false, first: 1.4, last: 0.8, steps: 200 };
  expect(ids({ ...record, oneBatch })).toEqual(["batchNotLearnt"]);
});

test("gradients that vanish in a network without sigmoids are not blamed on sigmoids", () => {
  const weak = always({ params: { "dense1/kernel": { gradientNorm: 4e-4 } } });
  const sigmoids = layers.map((layer) =>
    layer.type === "relu" ? { ...layer, type: "sigmoid" } : layer,
  );
  const found = (of: readonly LayerSetup[]): readonly unknown[] =>
    examine(recordOf(stepsOf(falling(4), weak), { setup: { ...setup, layers: of }, data }));
  expect(found(layers)).toMatchObject([{ kind: "kernels" }]);
  expect(found(layers)).not.toMatchObject([{ tip: expect.stringContaining("sigmoid") }]);
  expect(found(sigmoids)).toMatchObject([{ tip: expect.stringContaining("sigmoid") }]);
  // Two observed steps are enough at the end; a last layer of zeros passes nothing at first.
  const twice = stepsOf(falling(51), (step) => (step % 50 === 1 ? weak() : undefined));
  expect(ids(recordOf(twice))).toEqual([]);
  expect(ids(recordOf([...twice, { type: "end" }]))).toEqual(["vanishingGradients"]);
});
