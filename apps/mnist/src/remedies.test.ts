import { rules } from "@tenon/doctor";
import { Command } from "commander";
import fc from "fast-check";
import { expect, test } from "vitest";
import {
  complete,
  models,
  normalizations,
  optimizers,
  recipes,
  schedules,
  type Config,
} from "./config.js";
import { refuseIdle, wordsOf } from "./flags.js";
import { parted, withFlags, type Flags } from "./options.js";
import { remedyCall, remedyFlags, remedyOf } from "./remedies.js";

/** What the app makes of words. */
function readBack(words: readonly string[]): ReturnType<typeof parted> {
  let read: ReturnType<typeof parted> | undefined;
  const command = withFlags(new Command().exitOverride());
  command.action((flags: Flags) => void (read = parted(flags)));
  command.parse(words as string[], { from: "user" });
  return read!;
}

const configs = fc
  .record(
    {
      recipe: fc.constantFrom(...(Object.keys(recipes) as (keyof typeof recipes)[])),
      model: fc.constantFrom(...models),
      optimizer: fc.constantFrom(...optimizers),
      schedule: fc.constantFrom(...schedules),
      normalization: fc.constantFrom(...normalizations),
      learningRate: fc.double({ min: 1e-6, max: 100, noNaN: true }),
      dropout: fc.constantFrom(0, 0.2, 0.5, 0.9),
      epochs: fc.integer({ min: 1, max: 9 }),
      batchSize: fc.integer({ min: 1, max: 999 }),
      l2: fc.constantFrom(0, 0.001),
      clipNorm: fc.constantFrom(0, 1, 5),
      limit: fc.constantFrom(0, 100),
      seed: fc.integer({ min: -9, max: 9 }),
    },
    { requiredKeys: [] },
  )
  .map(({ recipe, ...flags }): Config => complete(flags, recipe));

test("the words of a configuration make it again, and none of them does nothing", () => {
  fc.assert(
    fc.property(configs, (config) => {
      const { given, config: again, extras } = readBack(wordsOf(config));
      expect(() => refuseIdle(given, again, extras)).not.toThrow();
      // Settings that do nothing may differ.
      for (const key of Object.keys(config) as (keyof Config)[])
        if (again[key] !== config[key])
          expect(() => refuseIdle({ [key]: 1 }, config, {}), key).toThrow("does nothing");
    }),
  );
  expect(wordsOf(complete({}))).toEqual([]);
  expect(wordsOf(complete({ seed: 3 }, "fast"))).toEqual(["--recipe", "fast", "--seed", "3"]);
  expect(wordsOf(complete({ model: "vit", optimizer: "adam", beta2: 0.99 }))).toEqual([
    ...["--model", "vit", "--optimizer", "adam", "--beta2", "0.99"],
  ]);
  expect(wordsOf(complete({ model: "mlp", dropout: 0.2, data: "/x" }))).toEqual([
    "--model",
    "mlp",
    "--data",
    "/x",
  ]);
});

const kinds = [undefined, "last", "one", "momentum", "other", "layer", "data"];

test("what is to be tried is a run that the app accepts, and another than before", () => {
  const finding = fc.record({
    id: fc.constantFrom(...rules.map(({ id }) => id)),
    kind: fc.constantFrom(...kinds),
  });
  fc.assert(
    fc.property(configs, finding, (config, { id, kind }) => {
      const remedy = remedyOf({ id, ...(kind !== undefined && { kind }) }, { config, images: 999 });
      if (!remedy) return;
      const words = remedyCall(config, remedy).replace("npm start --", "").trim().split(" ");
      const { given, config: next, extras } = readBack(words.filter((word) => word !== ""));
      expect(() => refuseIdle(given, next, extras)).not.toThrow();
      for (const [key, value] of Object.entries(remedy)) {
        expect(next[key as keyof Config], key).toBe(value);
        expect(config[key as keyof Config], key).not.toBe(value);
      }
      expect(remedyFlags(remedy)).toMatch(
        /^((--[a-z0-9-]+ \S+ ?)+(instead of --l2)?|without --l[12](, --l[12])?)$/,
      );
    }),
  );
});

test.each<[Parameters<typeof remedyOf>[0], Partial<Config>, string]>([
  [{ id: "learningRateTooHigh" }, { learningRate: 3 }, "--learning-rate 0.3"],
  [{ id: "learningRateTooHigh" }, { learningRate: 0.07 }, "--learning-rate 0.007"],
  [{ id: "learningRateTooLow" }, { learningRate: 1e-6 }, "--learning-rate 0.00001"],
  [{ id: "explodingGradients" }, {}, "--clip-norm 1"],
  [{ id: "explodingGradients" }, { clipNorm: 5 }, "--clip-norm 0.5"],
  [{ id: "vanishingGradients" }, {}, "--init he-normal"],
  [{ id: "deadUnits" }, { model: "lstm", learningRate: 0.05 }, "--learning-rate 0.005"],
  [{ id: "vanishingGradients" }, { init: "he-normal" }, "--normalization batch"],
  [{ id: "dropoutTooStrong" }, { dropout: 0.9 }, "--dropout 0.2"],
  [{ id: "underfitting" }, { model: "mlp" }, "--model cnn"],
  [{ id: "penaltyTooStrong" }, { l1: 1 }, "without --l1"],
  [{ id: "penaltyTooStrong" }, { optimizer: "adamw", weightDecay: 9 }, "--weight-decay 0"],
  [{ id: "decayOfBiases" }, { l2: 0.001 }, "--weight-decay 0.002 instead of --l2"],
  // 999 images: 499 of 500 batches would leave one, 500 do not.
  [{ id: "batchNormOfOne", kind: "last" }, { batchSize: 499 - 1 }, "--batch-size 500"],
])("%j of %j: %s", (finding, flags, expected) => {
  const remedy = remedyOf(finding, { config: complete(flags), images: 999 });
  expect(remedyFlags(remedy!)).toBe(expected);
});
