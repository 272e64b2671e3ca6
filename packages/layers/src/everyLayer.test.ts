/// <reference types="node" />
import { readFileSync } from "node:fs";
import type { Description, Layer } from "@tenon/contracts";
import { layerSamples, layerSuite } from "@tenon/testkit";
import { initialize, type Tensor } from "@tenon/tensor";
import { describe, expect, test } from "vitest";
import * as layers from "./index.js";
import { gradcheck } from "./internal/gradcheck.js";
import { run } from "./internal/testing.js";

// What holds for every layer of the package: its contract, JSON, and gradients against central
// differences in float64. Both engines: internal/compositions/src/everyLayer.test.ts.

const {
  activation: _activation,
  bounded: _bounded,
  layerFromJSON,
  lsuv: _lsuv,
  scaledDotProductAttention: _attention,
  summary: _summary,
  ...makers
} = layers;

test("each layer has a sample in internal/testkit/src/layerSamples.ts, or a layerSuite of its own", () => {
  for (const name of Object.keys(makers).filter((name) => !Object.hasOwn(layerSamples, name)))
    expect(readFileSync(new URL(`${name}.test.ts`, import.meta.url), "utf8")).toMatch(
      new RegExp(`layerSuite\\(\\s*"${name}", [^]*?fromJSON: layerFromJSON`),
    );
});

describe.each(Object.entries(layerSamples))(
  "%s",
  (type, { args = [], example, integers = false }) => {
    const description = { type, ...(args.length > 0 && { args }) };
    const layer = layerFromJSON(description as Description);
    layerSuite(type, layer, example, { run, fromJSON: layerFromJSON, integers });

    test("its JSON is the call that makes it", () => {
      expect(JSON.parse(JSON.stringify(layer))).toEqual(description);
    });

    test("from JSON it has the same initial values", () => {
      const again: Layer<Tensor> = layerFromJSON(layer.toJSON());
      expect(initialize(again.plan(example), 7)).toEqual(initialize(layer.plan(example), 7));
    });

    test.runIf(!integers)("its gradients are those of central differences", () => {
      for (const training of [true, false]) gradcheck(layer, example, { training });
    });
  },
);
