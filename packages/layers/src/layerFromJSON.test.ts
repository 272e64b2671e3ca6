import type { Description, Init } from "@tenon/contracts";
import { zeros } from "@tenon/init";
import { sin } from "@tenon/tensor";
import { expect, test } from "vitest";
import * as layers from "./index.js";

const { conv2d, dense, layerFromJSON, relu, sequential } = layers;

test("a description is the call that makes the layer, without what was left at its default", () => {
  expect(
    JSON.parse(
      JSON.stringify(
        sequential(conv2d(32, 3, { padding: "same" }), relu(), dense(10, { kernelInit: zeros() })),
      ),
    ),
  ).toEqual({
    type: "sequential",
    args: [
      { type: "conv2d", args: [32, 3, { padding: "same" }] },
      { type: "relu" },
      { type: "dense", args: [10, { kernelInit: { type: "zeros" } }] },
    ],
  });
});

test("layers of one's own come back through the second argument", () => {
  const sine = (frequency: number): layers.Activation =>
    layers.activation("sine", (x) => sin(x.mul(frequency)), frequency);
  const model = sequential(dense(2), sine(3));
  const description = JSON.parse(JSON.stringify(model)) as Description;
  expect(layerFromJSON(description, { sine }).toJSON()).toEqual(model.toJSON());
  expect(() => layerFromJSON(description)).toThrow(
    /^layerFromJSON: expected a type of adaptiveAvgPool1d, .*, got "sine".*; pass your own layers by type as the second argument$/,
  );
});

test("names what it expected", () => {
  for (const type of ["summary", "layerFromJSON", "activation", "bounded", "toString", "__proto__"])
    expect(() => layerFromJSON({ type })).toThrow(`got ${JSON.stringify(type)}`);
  expect(() => layerFromJSON({ type: "dense", units: 3 })).toThrow(
    'layerFromJSON: expected { type, args }, args being an array, got { type: "dense", args: [], units: 3 }',
  );
  expect(() => layerFromJSON([] as never)).toThrow(
    "layerFromJSON: expected { type, args }, got []",
  );
  expect(() => layerFromJSON({ type: "dense", args: [0] })).toThrow(
    "dense: expected units as an integer ≥ 1, got 0",
  );
  const unspoken: Init = (shape) => new Float32Array(shape.reduce((n, m) => n * m, 1));
  expect(() => dense(3, { kernelInit: unspoken }).toJSON()).toThrow(
    "dense: expected kernelInit to have toJSON, so that it can be written down, got a plain " +
      "function",
  );
});
