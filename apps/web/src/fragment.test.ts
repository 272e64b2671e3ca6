import * as fc from "fast-check";
import { expect, test } from "vitest";
import { choices, fragmentOf, placeOf, type Place } from "./fragment.js";
import type { SandboxArm } from "./protocol.js";

const screens = ["dropout", "momentum", "sandbox"];
const of = <T>(values: readonly T[]): fc.Arbitrary<T> => fc.constantFrom(...values);

const arm: fc.Arbitrary<SandboxArm> = fc.record({
  model: of(choices.model),
  optimizer: of(choices.optimizer),
  rate: fc.double({ min: 1e-6, max: 100, noNaN: true }),
  batchSize: of(choices.batchSize),
  dropout: of(choices.dropout),
  normalization: of(choices.normalization),
  activation: of(choices.activation),
});

const place: fc.Arbitrary<Place> = fc.record(
  {
    screen: of(screens),
    values: fc.dictionary(
      of(["rate", "mu", "kind"]),
      fc.oneof(
        fc.double({ noNaN: true, noDefaultInfinity: true }).map((x) => x + 0),
        of(["relu", "a b&c"]),
      ),
    ),
    seed: fc.integer({ min: 0, max: 2 ** 31 - 1 }),
    size: of(["quick", "full"] as const),
    arms: fc.array(arm, { minLength: 1, maxLength: 6 }),
    language: of(["en", "ko"] as const),
    theme: of(["light", "dark"] as const),
  },
  { requiredKeys: ["screen", "values", "seed", "size"] },
);

test("a place that is written down is read again", () => {
  fc.assert(
    fc.property(place, (place) => {
      expect(placeOf(fragmentOf(place), screens)).toEqual({
        ...place,
        values: { ...place.values },
      });
    }),
  );
});

test("what makes no sense is left out", () => {
  const start = { screen: "dropout", values: {}, seed: 1, size: "quick" };
  expect(placeOf("", screens)).toEqual(start);
  expect(placeOf("#nothing?seed=-1&lang=fr&theme=x&size=huge&arms=a_b", screens)).toEqual(start);
  expect(placeOf("#momentum?rate=0.1&kind=x", screens)).toEqual({
    ...start,
    screen: "momentum",
    values: { rate: 0.1, kind: "x" },
  });
});
