import { kFold } from "@tenon/data";
import { dense, relu, sequential } from "@tenon/layers";
import { accuracy } from "@tenon/metrics";
import { earlyStopping } from "@tenon/regularizers";
import { reference } from "@tenon/tensor";
import { refusal } from "@tenon/testkit";
import { expect, test } from "vitest";
import { bits, network, quadrants } from "./internal/testing.js";
import { options, run } from "./internal/testingRun.js";
import { crossValidate, historyCsv, measureStatistics, pickWeights, startOf } from "./index.js";

const engine = reference();

test("a run of no epochs from other weights ends with them", async () => {
  const { end } = await run({ epochs: 1, engine });
  const initial = { params: end.params, stats: end.stats };
  const { end: same } = await run({ epochs: 0, engine, initial, seed: 99 });
  expect(bits(same.params)).toBe(bits(end.params));
});

test("weights of some layers are taken, others drawn from the seed", async () => {
  const { end } = await run({ epochs: 1, engine });
  const body = pickWeights(end, { "dense1/": "sequential1/dense1/" });
  const larger = sequential(sequential(dense(24), relu()), dense(7), dense(4));
  const { end: next } = await run({ epochs: 0, engine, initial: body }, larger);
  const { end: drawn } = await run({ epochs: 0, engine }, larger);
  expect(next.params["sequential1/dense1/kernel"]!.data).toEqual(end.params["dense1/kernel"]!.data);
  const { "sequential1/dense1/kernel": _, "sequential1/dense1/bias": __, ...others } = next.params;
  expect(Object.keys(others)).toHaveLength(4);
  for (const [path, array] of Object.entries(others)) expect(array).toEqual(drawn.params[path]);
});

test("slots that begin with a copy of a parameter begin with the given one", () => {
  const optimizer = {
    name: "copy",
    slots: (shapes: object) => ({
      "copy/w": Object.fromEntries(
        Object.entries(shapes).map(([path, shape]) => [
          path,
          { shape: shape as number[], start: "parameter" as const },
        ]),
      ),
    }),
    update: <F>(flow: F): F => flow,
  };
  const bias = { shape: [2], dtype: "float32" as const, data: Float32Array.of(3, 4) };
  const { params, slots } = startOf(dense(2), [2], optimizer as never, 1, { params: { bias } });
  expect(params["bias"]).toEqual(bias);
  expect(slots["copy/w"]!["bias"]).toEqual(bias);
  expect(slots["copy/w"]!["bias"]!.data).not.toBe(bias.data);
});

test("a run's last event is weights: where another run begins, and whose statistics are measured", async () => {
  const { end } = await run({ epochs: 1, engine });
  const { end: again } = await run({ epochs: 0, engine, initial: end });
  expect(again.params).toEqual(end.params);
  expect(await measureStatistics(network(), { ...end, data: quadrants(20), engine })).toEqual({});
});

test("weights that do not fit are refused", async () => {
  const { end } = await run({ epochs: 0, engine });
  const { params } = end;
  const wrong: readonly (readonly [unknown, string])[] = [
    [
      { params: { "dense3/kernel": params["dense1/kernel"] } },
      "initial: expected the names and shapes of the start state, got unexpected params/dense3/kernel",
    ],
    [
      { params: { "dense1/bias": params["dense2/bias"] } },
      "initial: expected the names and shapes of the start state, got params/dense1/bias: expected float32 [24], got float32 [4]",
    ],
    [
      { params: { "dense1/bias": { shape: [24], dtype: "float32", data: new Float32Array(3) } } },
      "initial: expected 24 values for params/dense1/bias [24], got 3",
    ],
    [{ stats: { mean: params["dense2/bias"] } }, "got unexpected stats/mean"],
    [{ weights: params }, 'fit\'s initial: expected options { params, stats }, got "weights"'],
    [{ params: { a: 3 } }, "fit: expected params as arrays { shape, dtype, data } by path"],
  ];
  for (const [initial, message] of wrong)
    await expect(run({ initial: initial as never, engine })).rejects.toThrow(refusal(message));
  await expect(run({ metadata: { a: 3 } as never, engine })).rejects.toThrow(
    refusal("fit: expected metadata as text by name, got { a: 3 }"),
  );
  const picks: readonly (readonly [unknown, string])[] = [
    [{ dense2: "head" }, 'got "dense2"; a layer\'s path ends in /, such as "dense1/"'],
    [
      { "dense9/": "" },
      'pickWeights: expected paths among dense1/kernel, dense1/bias, dense2/kernel, dense2/bias, got "dense9/"',
    ],
    [
      { "dense1/bias": "a", "dense2/bias": "a" },
      'pickWeights: expected a new path for each array, got "a" twice',
    ],
    [null, "pickWeights: expected names as new paths by old ones, got null"],
  ];
  for (const [names, message] of picks)
    expect(() => pickWeights(end, names as never)).toThrow(refusal(message));
  expect(() => pickWeights(undefined as never, {})).toThrow(
    refusal("pickWeights: expected params"),
  );
});

test("metadata is in every checkpoint, beside the run's own", async () => {
  const written: Record<string, string>[] = [];
  const checkpoints = {
    write: (_: string, __: unknown, texts: object) => void written.push({ ...texts }),
  };
  const scaling = JSON.stringify({ center: 1, scale: 2 });
  await run({ epochs: 1, engine, checkpoints, metadata: { scaling } });
  expect(written.length).toBeGreaterThan(1);
  for (const texts of written)
    expect(texts).toMatchObject({ scaling, "tenon.progress": expect.any(String) });
});

test("a history is a table", async () => {
  const { end } = await run({ epochs: 2, engine });
  const [head, first, second, last] = historyCsv(end.history).split("\n");
  expect(head).toBe("epoch,step,train.loss,train.accuracy,validation.loss,validation.accuracy");
  const [line] = end.history;
  expect(first).toBe(
    [
      1,
      7,
      line!.train["loss"],
      line!.train["accuracy"],
      line!.validation!["loss"],
      line!.validation!["accuracy"],
    ].join(),
  );
  expect(second!.startsWith("2,14,")).toBe(true);
  expect(last).toBe("");
  expect(historyCsv([{ epoch: 1, step: 2, train: { 'a"b,c': 3 } }])).toBe(
    'epoch,step,"train.a""b,c"\n1,2,3\n',
  );
  for (const value of [undefined, 3, [3], {}])
    expect(() => historyCsv(value as never)).toThrow(
      refusal("historyCsv: expected the history of a run, a list of epochs, got "),
    );
});

test("each fold is a run of its own, and scores are their mean", async () => {
  const folds = kFold(quadrants(90), { folds: 3, seed: 1, stratify: true });
  const { train, validation, ...rest } = { ...options, epochs: 4, engine };
  const result = await crossValidate(network(), { ...rest, folds });
  expect(result.folds.map(({ fold, reason }) => [fold, reason])).toEqual([
    [0, "done"],
    [1, "done"],
    [2, "done"],
  ]);
  const { end } = await run({ ...rest, ...folds[1]! });
  expect(result.folds[1]!.validation).toEqual(end.history.at(-1)!.validation);
  const values = result.folds.map((fold) => fold.validation["accuracy"]!);
  const mean = values.reduce((a, b) => a + b) / 3;
  expect(result.scores["accuracy"]!.mean).toBeCloseTo(mean, 12);
  expect(result.scores["accuracy"]!.std).toBeCloseTo(
    Math.sqrt(values.reduce((sum, x) => sum + (x - mean) ** 2, 0) / 2),
    12,
  );
});

test("of an early stop the best epoch counts, and an abort ends it", async () => {
  const folds = kFold(quadrants(60), { folds: 2, seed: 1 });
  const { train, validation, ...rest } = { ...options, engine, metrics: [accuracy] };
  const stopping = earlyStopping({ monitor: "validation.loss", patience: 0, restoreBest: true });
  const { folds: results } = await crossValidate(network(), {
    ...rest,
    epochs: 60,
    folds,
    earlyStopping: stopping,
  });
  for (const { end, validation } of results)
    expect(validation["loss"]).toBe(
      Math.min(...end.history.map((line) => line.validation!["loss"]!)),
    );
  const aborted = await crossValidate(network(), { ...rest, folds, signal: { aborted: true } });
  expect(aborted).toEqual({ folds: [], scores: {} });
  await expect(crossValidate(network(), { ...rest, folds: folds.slice(1) })).rejects.toThrow(
    refusal(
      "crossValidate: expected a list of at least 2 folds { train, validation }, such as kFold(dataset), got ",
    ),
  );
  await expect(
    crossValidate(network(), { ...rest, folds, checkpoints: {} } as never),
  ).rejects.toThrow(refusal("crossValidate: expected options { folds"));
});
