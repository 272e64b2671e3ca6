import { initialize, pass, reference, tensor } from "@tenon/tensor";
import { bar, duration, percent } from "@tenon/terminal";
import { describe, expect, test } from "vitest";
import {
  complete,
  configFrom,
  models,
  normalizations,
  optimizers,
  schedules,
  tutorial,
} from "./config.js";
import { draw, sideBySide } from "./draw.js";
import { modelOf } from "./models.js";
import { optimizerOf, rateOf } from "./optimizer.js";
import { confusionTable, softmax } from "./report.js";
import { next } from "./runReport.js";

const count = (config: Parameters<typeof modelOf>[0]): number =>
  Object.values(modelOf(config).plan([28, 28, 1]).params).reduce(
    (sum, { shape }) => sum + shape.reduce((a, b) => a * b, 1),
    0,
  );

describe("models", () => {
  test("the tutorial's network has 34,826 parameters, the perceptron 101,770", () => {
    expect(count(tutorial)).toBe(320 + 18_496 + 16_010);
    expect(count(complete({ model: "mlp" }))).toBe(784 * 128 + 128 + 1290);
  });

  test.each(
    models.flatMap((model) =>
      normalizations.map((normalization) => [model, normalization] as const),
    ),
  )("%s with %s normalization gives ten finite logits, training or not", (model, normalization) => {
    const network = modelOf({ ...tutorial, model, normalization });
    const plan = network.plan([28, 28, 1]);
    const { params, stats } = initialize(plan, 1);
    expect(plan.output).toEqual([10]);
    const scalar = { shape: [], dtype: "int32" } as const;
    const program = reference().compile(
      (state, { x, seed, step }) => ({
        state,
        outputs: {
          asked: network.forward(x, pass(state)),
          trained: network.forward(x, pass({ ...state, training: { seed, step } })),
        },
      }),
      { params, stats },
      { x: { shape: [2, 28, 28, 1] }, seed: scalar, step: scalar },
    );
    const { asked, trained } = program.step({
      x: Float32Array.from({ length: 1568 }, (_, i) => (i % 29) / 29),
      seed: 1,
      step: 0,
    });
    for (const { shape, data } of [asked, trained]) {
      expect(shape).toEqual([2, 10]);
      expect(data.every(Number.isFinite)).toBe(true);
    }
  });
});

describe("optimizers", () => {
  test.each(optimizers)("%s moves a parameter against its gradient", (optimizer) => {
    const rule = optimizerOf(
      complete({ optimizer, clipNorm: 1, clipValue: 5, maxNorm: 10, average: "ema" }),
      10,
    );
    const params = { w: tensor([1, 1, 1, 1], [2, 2]) };
    const slots = rule.slots({ w: [2, 2] });
    const start = Object.fromEntries(
      Object.entries(slots).map(([slot, specs]) => [
        slot,
        Object.fromEntries(
          Object.entries(specs).map(([path, { shape, start: from }]) => [
            path,
            from === "parameter" ? params.w : tensor(from).broadcastTo(shape),
          ]),
        ),
      ]),
    );
    const { updates } = rule.update(
      { updates: { w: tensor([1, 2, 3, 4], [2, 2]) }, params, slots: start },
      { value: (schedule) => tensor(typeof schedule === "number" ? schedule : schedule(0)) },
    );
    for (const u of updates["w"]!.data()) expect(u).toBeLessThan(0);
  });

  test("a recipe is flags under one name, which others may change", () => {
    expect(complete({}, "tutorial")).toEqual(complete({}));
    expect(complete({ seed: 4, dropout: 0.1 }, "fast")).toMatchObject({
      seed: 4,
      dropout: 0.1,
      optimizer: "adamw",
      normalization: "batch",
      epochs: 1,
      beta2: 0.99,
    });
    const rate = rateOf(complete({}, "fast"), 100) as (step: number) => number;
    expect([0, 25, 100].map(rate)).toEqual(
      [0.002, 0.02, 0.0002].map((x) => expect.closeTo(x, 12) as number),
    );
  });

  test.each(schedules)("%s: runs of no epoch, and of one step, have a rate too", (schedule) => {
    for (const [epochs, stepsPerEpoch] of [
      [0, 25],
      [1, 1],
      [2, 1],
      [1, 3],
    ] as const) {
      const rate = rateOf(complete({ schedule, learningRate: 0.1, epochs }), stepsPerEpoch);
      for (let step = 0; step <= epochs * stepsPerEpoch; step++) {
        const value = typeof rate === "number" ? rate : rate(step);
        expect(
          value >= 0 && value <= 0.1,
          `${schedule}, ${epochs} epochs of ${stepsPerEpoch}: ${value}`,
        ).toBe(true);
      }
    }
  });

  test("schedules begin at the rate (a warm-up below it) and never rise above it", () => {
    for (const schedule of schedules) {
      const rate = rateOf(complete({ schedule, learningRate: 0.1, epochs: 4 }), 25);
      const rateAt = (step: number): number => (typeof rate === "number" ? rate : rate(step));
      for (let step = 0; step < 120; step++) expect(rateAt(step)).toBeLessThanOrEqual(0.1 + 1e-12);
      expect(Math.max(...Array.from({ length: 100 }, (_, step) => rateAt(step)))).toBeCloseTo(
        0.1,
        10,
      );
    }
    // The tutorial's: times 0.98 after each epoch.
    const tutorials = rateOf(complete({ schedule: "exponential", learningRate: 1 }), 10) as (
      step: number,
    ) => number;
    expect([9, 10, 25].map(tutorials)).toEqual(
      [1, 0.98, 0.98 ** 2].map((x) => expect.closeTo(x, 12) as number),
    );
  });
});

describe("what people see", () => {
  test("numbers", () => {
    expect([duration(0.4), duration(59.4), duration(61), duration(3725)]).toEqual([
      "0 s",
      "59 s",
      "1 min 01 s",
      "1 h 02 min",
    ]);
    expect(percent(0.98765)).toBe("98.77 %");
    expect([bar(0, 4), bar(0.5, 4), bar(1, 4), bar(0.28, 4)]).toEqual([
      "    ",
      "██  ",
      "████",
      "█▏  ",
    ]);
  });

  test("pictures: two rows of an image are one line", () => {
    expect(draw([0, 1, 1, 0, 1, 1], 2, 3, false)).toEqual(
      ["++", "++"].map((line, i) => (i === 0 ? draw([0, 1, 1, 0], 2, 2, false)[0]! : line)),
    );
    expect(draw([1, 0], 1, 2, true)[0]).toBe("\x1b[38;5;255;48;5;232m▀\x1b[0m");
    expect(
      sideBySide(
        [
          { caption: "a", lines: ["11", "22"], width: 2 },
          { caption: "b", lines: ["33"], width: 2 },
        ],
        1,
      ),
    ).toBe("a  b\n11 33\n22   ");
  });

  test("the confusion matrix shows every count", () => {
    const counts = Array.from({ length: 10 }, (_, i) =>
      Array.from({ length: 10 }, (_, j) => (i === j ? 100 + i : i === 0 && j === 9 ? 7 : 0)),
    );
    const table = confusionTable(counts);
    for (let i = 0; i < 10; i++) expect(table).toContain(String(100 + i));
    expect(table).toContain("7");
    expect(softmax([0, Math.log(3)])).toEqual(
      [0.25, 0.75].map((x) => expect.closeTo(x, 12) as number),
    );
  });
});

test("a network's defaults suit its rule; another rule has its own", () => {
  expect(complete({ model: "vit" })).toMatchObject({ optimizer: "adamw", learningRate: 0.003 });
  expect(complete({ model: "vit", optimizer: "sgd" })).toMatchObject({
    learningRate: 0.1,
    weightDecay: 0,
    schedule: "warmup-cosine",
  });
  expect(complete({ optimizer: "adamw" })).toMatchObject({ learningRate: 1e-3, weightDecay: 0.01 });
  expect(complete({ model: "resnet" }, "fast")).toMatchObject({ learningRate: 0.02, epochs: 1 });
});

test("a saved configuration comes back; a damaged one is named", () => {
  const config = complete({ model: "resnet" });
  expect(config).toMatchObject({ normalization: "batch", weightDecay: 0.05, dropout: 0 });
  expect(configFrom(JSON.stringify(config), "config.json")).toEqual(config);
  const { filters, members, augmentation, ...before } = config; // as an older version saved it
  expect(configFrom(JSON.stringify(before), "config.json")).toEqual({
    ...before,
    filters: 32,
    members: 1,
    augmentation: "none",
  });
  expect(members).toBe(1);
  expect(augmentation).toBe("affine");
  expect(filters).toBe(32);
  expect(() => configFrom(JSON.stringify({ ...config, filters: 0 }), "config.json")).toThrow(
    'expected "filters" to be a whole number from 1 to 1024, got 0',
  );
  for (const nothing of ["null", "[]", "5"])
    expect(() => configFrom(nothing, "config.json")).toThrow("config.json is damaged");
  expect(() => configFrom("{", "config.json")).toThrow("config.json is damaged");
  expect(() => configFrom(JSON.stringify({ ...config, epochs: "five" }), "config.json")).toThrow(
    'expected "epochs" to be a whole number from 0 up, got "five"',
  );
});

test.each(models)("what to try after a run of %s compares with that network", (model) => {
  const config = complete({ model, members: 2, data: "my digits" });
  const calls = next(config, "runs/1", false).map(([command]) => command);
  const dropped = calls.find((command) => command.includes("--dropout"));
  expect(dropped).toContain("--members 2");
  expect(dropped).toContain("--data 'my digits'");
  if (model !== "cnn") expect(dropped).toContain(`--model ${model} `);
  const changed = calls.filter((command) => command.includes("--normalization"));
  // An LSTM has none, and of the others those that have batch norm are not told to take it.
  expect(changed).toHaveLength(config.normalization === "batch" || model === "lstm" ? 0 : 1);
  for (const command of changed) expect(command).toContain("--members 2");
});
