import type { Penalty } from "@tenon/contracts";
import * as r from "@tenon/regularizers";
import type { Tensor } from "@tenon/tensor";
import { everyExport } from "@tenon/testkit";
import { describe, test } from "vitest";
import { checked, signed, type Traced } from "./checked.js";

// Every penalty: the same values and gradients on both engines, and in float64 the gradients of
// central differences.

const penalties: Readonly<Record<string, Penalty>> = {
  activity: r.activity(r.l2(0.3)),
  elasticNet: r.elasticNet({ l1: 0.1, l2: 0.2, only: () => true }),
  l1: r.l1(0.1),
  l2: r.l2(0.1, { only: () => true }),
  orthogonal: r.orthogonal(0.1),
  spectral: r.spectral(0.1),
};

const inputs = {
  "conv/kernel": signed([2, 2, 2, 3]),
  "dense/kernel": signed([4, 3], 20),
  "dense/bias": signed([3], 40),
};

const isPenalty = (made: unknown): boolean => Object.hasOwn(made as object, "value");
const others = Object.entries(r as unknown as Readonly<Record<string, () => object>>)
  .filter(([, make]) => {
    try {
      return !isPenalty(make());
    } catch {
      return false;
    }
  })
  .map(([name]) => name);
everyExport(r, [...Object.keys(penalties), ...others], {
  besides: ["averageOf", "averageWeights", "bounded"],
  add: "add it to `penalties` in internal/compositions/src/everyPenalty.test.ts, if it makes one",
});

describe("on both engines, and its gradients in float64", () => {
  test.each(Object.entries(penalties))("%s", (_, penalty) =>
    checked(((params) => [penalty.value<Tensor>(params, params)]) as Traced, inputs),
  );
});
