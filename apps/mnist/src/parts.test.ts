import { spawnSync } from "node:child_process";
import { initialize, pass, reference, tensor } from "@tenon/tensor";
import { describe, expect, test } from "vitest";
import type { EpochEvent } from "@tenon/trainer";
import { complete, configFrom, models, normalizations, optimizers, schedules, tutorial, type Config } from "./config.js";
import { draw, sideBySide } from "./draw.js";
import { refuseIdle } from "./flags.js";
import { flowed, narrowed, widthOf, wrapped } from "./layout.js";
import { modelOf } from "./models.js";
import { optimizerOf, rateOf } from "./optimizer.js";
import { bar, duration, epochLine, percent, stepLine } from "./progress.js";
import { confusionTable, softmax } from "./report.js";
import { brokenCall, call, quoted, shown } from "./shell.js";

const count = (config: Parameters<typeof modelOf>[0]): number => Object.values(modelOf(config).plan([28, 28, 1]).params).reduce((sum, { shape }) => sum + shape.reduce((a, b) => a * b, 1), 0);

describe("models", () => {
  test("the tutorial's network has 34,826 parameters, the perceptron 101,770", () => {
    expect(count(tutorial)).toBe(320 + 18_496 + 16_010);
    expect(count(complete({ model: "mlp" }))).toBe(784 * 128 + 128 + 1290);
  });

  test.each(models.flatMap((model) => normalizations.map((normalization) => [model, normalization] as const)))("%s with %s normalization gives ten finite logits, training or not", (model, normalization) => {
    const network = modelOf({ ...tutorial, model, normalization });
    const plan = network.plan([28, 28, 1]), { params, stats } = initialize(plan, 1);
    expect(plan.output).toEqual([10]);
    const scalar = { shape: [], dtype: "int32" } as const;
    const program = reference().compile((state, { x, seed, step }) => ({
      state, outputs: { asked: network.forward(x, pass(state)), trained: network.forward(x, pass({ ...state, training: { seed, step } })) },
    }), { params, stats }, { x: { shape: [2, 28, 28, 1] }, seed: scalar, step: scalar });
    const { asked, trained } = program.step({ x: Float32Array.from({ length: 1568 }, (_, i) => (i % 29) / 29), seed: 1, step: 0 });
    for (const { shape, data } of [asked, trained]) {
      expect(shape).toEqual([2, 10]);
      expect(data.every(Number.isFinite)).toBe(true);
    }
  });
});

describe("optimizers", () => {
  test.each(optimizers)("%s moves a parameter against its gradient", (optimizer) => {
    const rule = optimizerOf(complete({ optimizer, clipNorm: 1, clipValue: 5, maxNorm: 10, average: "ema" }), 10);
    const params = { w: tensor([1, 1, 1, 1], [2, 2]) }, slots = rule.slots({ w: [2, 2] });
    const start = Object.fromEntries(Object.entries(slots).map(([slot, specs]) => [slot, Object.fromEntries(Object.entries(specs).map(([path, { shape, start: from }]) => [path, from === "parameter" ? params.w : tensor(from).broadcastTo(shape)]))]));
    const { updates } = rule.update({ updates: { w: tensor([1, 2, 3, 4], [2, 2]) }, params, slots: start }, { value: (of) => tensor(typeof of === "number" ? of : of(0)) });
    for (const u of updates["w"]!.data()) expect(u).toBeLessThan(0);
  });

  test("a recipe is flags under one name, which others may change", () => {
    expect(complete({}, "tutorial")).toEqual(complete({}));
    expect(complete({ seed: 4, dropout: 0.1 }, "fast")).toMatchObject({ seed: 4, dropout: 0.1, optimizer: "adamw", normalization: "batch", epochs: 1, beta2: 0.99 });
    const rate = rateOf(complete({}, "fast"), 100) as (step: number) => number;
    expect([0, 25, 100].map(rate)).toEqual([0.002, 0.02, 0.0002].map((x) => expect.closeTo(x, 12) as number));
  });

  test.each(schedules)("%s: runs of no epoch, and of one step, have a rate too", (schedule) => {
    for (const [epochs, stepsPerEpoch] of [[0, 25], [1, 1], [2, 1], [1, 3]] as const) {
      const rate = rateOf(complete({ schedule, learningRate: 0.1, epochs }), stepsPerEpoch);
      for (let step = 0; step <= epochs * stepsPerEpoch; step++) {
        const value = typeof rate === "number" ? rate : rate(step);
        expect(value >= 0 && value <= 0.1, `${schedule}, ${epochs} epochs of ${stepsPerEpoch}: ${value}`).toBe(true);
      }
    }
  });

  test("schedules begin at the rate (a warm-up below it) and never rise above it", () => {
    for (const schedule of schedules) {
      const rate = rateOf(complete({ schedule, learningRate: 0.1, epochs: 4 }), 25);
      const at = (step: number): number => (typeof rate === "number" ? rate : rate(step));
      for (let step = 0; step < 120; step++) expect(at(step)).toBeLessThanOrEqual(0.1 + 1e-12);
      expect(Math.max(...Array.from({ length: 100 }, (_, step) => at(step)))).toBeCloseTo(0.1, 10);
    }
    // The tutorial's: times 0.98 after each epoch.
    const tutorials = rateOf(complete({ schedule: "exponential", learningRate: 1 }), 10) as (step: number) => number;
    expect([9, 10, 25].map(tutorials)).toEqual([1, 0.98, 0.98 ** 2].map((x) => expect.closeTo(x, 12) as number));
  });
});

describe("what people see", () => {
  test("numbers", () => {
    expect([duration(0.4), duration(59.4), duration(61), duration(3725)]).toEqual(["0 s", "59 s", "1 min 01 s", "1 h 02 min"]);
    expect(percent(0.98765)).toBe("98.77 %");
    expect([bar(0, 4), bar(0.5, 4), bar(1, 4), bar(0.28, 4)]).toEqual(["    ", "██  ", "████", "█▏  "]);
  });

  test("pictures: two rows of an image are one line", () => {
    expect(draw([0, 1, 1, 0, 1, 1], 2, 3, false)).toEqual(["++", "++"].map((line, i) => (i === 0 ? draw([0, 1, 1, 0], 2, 2, false)[0]! : line)));
    expect(draw([1, 0], 1, 2, true)[0]).toBe("\x1b[38;5;255;48;5;232m▀\x1b[0m");
    expect(sideBySide([{ caption: "a", lines: ["11", "22"], width: 2 }, { caption: "b", lines: ["33"], width: 2 }], 1)).toBe("a  b\n11 33\n22   ");
  });

  test("the confusion matrix shows every count", () => {
    const counts = Array.from({ length: 10 }, (_, i) => Array.from({ length: 10 }, (_, j) => (i === j ? 100 + i : i === 0 && j === 9 ? 7 : 0)));
    const table = confusionTable(counts);
    for (let i = 0; i < 10; i++) expect(table).toContain(String(100 + i));
    expect(table).toContain("7");
    expect(softmax([0, Math.log(3)])).toEqual([0.25, 0.75].map((x) => expect.closeTo(x, 12) as number));
  });
});

describe("flags that do nothing", () => {
  /** What of a run a configuration decides: its parameters, and what its optimizer makes of two steps. */
  function outcome(config: Config): string {
    const plan = modelOf(config).plan([28, 28, 1]), rate = rateOf(config, 4), rule = optimizerOf(config, 4);
    const like = (value: number) => tensor([value, -value], [2, 1]), slots = rule.slots({ w: [2, 1] });
    let state = Object.fromEntries(Object.entries(slots).map(([slot, specs]) => [slot, Object.fromEntries(Object.entries(specs).map(([path, { shape, start }]) => [path, start === "parameter" ? like(1) : tensor(start).broadcastTo(shape)]))]));
    const updates: number[] = [];
    for (let step = 0; step < 2; step++) {
      const next = rule.update({ updates: { w: like(step + 2) }, params: { w: like(1) }, slots: state }, { value: (of) => tensor(typeof of === "number" ? of : of(step)) });
      state = next.slots as typeof state;
      updates.push(...next.updates["w"]!.data());
    }
    return JSON.stringify([Object.entries(plan.params).map(([path, { shape }]) => [path, shape]), Array.from({ length: 12 }, (_, step) => (typeof rate === "number" ? rate : rate(step))), updates]);
  }
  const others = { filters: 8, decay: 0.37, warmup: 0.6, momentum: 0.4, beta2: 0.9 } as const;

  test.each(models.flatMap((model) => optimizers.flatMap((optimizer) => schedules.map((schedule) => [model, optimizer, schedule] as const))))("%s, %s, %s: those are refused that change nothing, and no others", (model, optimizer, schedule) => {
    const config = complete({ model, optimizer, schedule, epochs: 3 });
    for (const [key, value] of Object.entries(others)) {
      const changed = { ...config, [key]: value }, idle = outcome(changed) === outcome(config), refuse = (): void => refuseIdle({ [key]: value }, changed, {});
      if (idle) expect(refuse, key).toThrow(`--${key} does nothing here: it is for --`);
      else expect(refuse, key).not.toThrow();
    }
  });

  test("those that are given are looked at, not those of a recipe", () => {
    const config = complete({ schedule: "constant" }, "fast");
    expect(config.warmup).toBe(0.25);
    expect(() => refuseIdle({ schedule: "constant" }, config, {})).not.toThrow();
    expect(() => refuseIdle({ warmup: 0.25 }, config, {})).toThrow("--warmup does nothing here");
  });
});

describe("words for shells and terminals", () => {
  test("a path is quoted where a shell would take it apart", () => {
    const words = ["runs/a", "my runs/a b", "it's", "$HOME", "a;b", "*", "", "~", "a\nb", "-x", "ü"];
    expect(words.slice(0, 5).map((word) => quoted(word, false))).toEqual(["runs/a", "'my runs/a b'", `'it'\\''s'`, "'$HOME'", "'a;b'"]);
    expect([quoted("my runs\\a b", true), quoted("C:\\runs\\a", true), quoted("50%", true)]).toEqual(['"my runs\\a b"', "C:\\runs\\a", '"50%"']);
    expect(call("resume", "a b", "--epochs", "4")).toBe("npm start -- resume 'a b' --epochs 4");
    if (process.platform === "win32") return;
    // As a shell takes them.
    const echoed = spawnSync("sh", ["-c", `for word in ${words.map((word) => quoted(word)).join(" ")}; do printf '%s\\0' "$word"; done`], { encoding: "utf8" }).stdout;
    expect(echoed.split("\0").slice(0, -1)).toEqual(words);
    const broken = brokenCall(call("resume", "a b  c/it's", "--epochs", "4", "--data", "d e f"), 30);
    expect(Math.max(...broken.split("\n").map(({ length }) => length))).toBeLessThanOrEqual(30);
    expect(spawnSync("sh", ["-c", broken.replace("npm start --", "printf '%s|'")], { encoding: "utf8" }).stdout).toBe("resume|a b  c/it's|--epochs|4|--data|d e f|");
  });

  test("a path is said as one would type it, and is never a flag", () => {
    expect(["/x/runs/a", "/x", "/y/z", "/x/-a", "/x/..a"].map((path) => shown(path, "/x"))).toEqual(["runs/a", ".", "/y/z", "./-a", "..a"]);
  });

  const event: EpochEvent = { type: "epoch", epoch: 9, epochs: 14, step: 1, train: { loss: 12.3456789, accuracy: 1 }, validation: { loss: 0.1, accuracy: 0.98765 }, seconds: 63, best: true };
  test.each([40, 60, 80, 120, 160])("an epoch, and a step, in %i columns: no figure is broken or lost", (columns) => {
    const line = epochLine(event, columns), lines = line.split("\n");
    for (const each of lines) expect(widthOf(each)).toBeLessThanOrEqual(columns);
    for (const figure of ["9/14", "12.3457", "100.00 %", "0.1000", "98.77 %", "1 min 03 s", "★"]) expect(lines.some((each) => each.includes(figure)), figure).toBe(true);
    if (columns >= 80) expect(lines).toHaveLength(1);
    const step = { type: "step", epoch: 9, step: 1, batch: 5, batches: 938, examples: 64, loss: 1, running: { loss: 12.3456789, accuracy: 1 }, milliseconds: 1 } as const;
    expect(widthOf(stepLine(step, { epochs: 14, imagesPerSecond: 123456, left: 4000, columns }))).toBeLessThan(columns);
  });

  test("lines are broken between parts alone, and a sentence between words", () => {
    expect(flowed(["aa", "bb bb", "cc"], 9)).toBe("aa  bb bb\n  cc");
    expect(wrapped("one two three", 8, 2)).toBe("one two\n  three");
    expect(narrowed("layer  type  output\n─────\nabc    def   [1]   \nend", 15)).toBe("layer  output\n─────\nabc    [1]   \nend");
  });

  test("a confusion table of many classes is the pairs that were mistaken", () => {
    const counts = Array.from({ length: 27 }, (_, i) => Array.from({ length: 27 }, (_, j) => (i === j ? 1000 : i === 9 && j === 4 ? 321 : 0)));
    expect(confusionTable(counts, 80)).toBe(" 9 for 4: 321");
    expect(widthOf(confusionTable(counts, 160).split("\n")[0]!)).toBeLessThanOrEqual(160);
    const digits = Array.from({ length: 10 }, () => Array.from({ length: 10 }, () => 1135));
    for (const line of confusionTable(digits, 60).split("\n")) expect(widthOf(line)).toBeLessThanOrEqual(60);
  });
});

test("a saved configuration comes back; a damaged one is named", () => {
  const config = complete({ model: "resnet", optimizer: "adamw" });
  expect(config).toMatchObject({ normalization: "batch", weightDecay: 0.01, dropout: 0 });
  expect(configFrom(JSON.stringify(config), "config.json")).toEqual(config);
  const { filters, ...before } = config; // as it was saved before there was a choice
  expect(configFrom(JSON.stringify(before), "config.json")).toEqual({ ...before, filters: 32 });
  expect(filters).toBe(32);
  expect(() => configFrom(JSON.stringify({ ...config, filters: 0 }), "config.json")).toThrow('expected "filters" to be a whole number from 1 to 1024, got 0');
  for (const nothing of ["null", "[]", "5"]) expect(() => configFrom(nothing, "config.json")).toThrow("config.json is damaged");
  expect(() => configFrom("{", "config.json")).toThrow("config.json is damaged");
  expect(() => configFrom(JSON.stringify({ ...config, epochs: "five" }), "config.json")).toThrow('expected "epochs" to be a whole number from 0 up, got "five"');
});
