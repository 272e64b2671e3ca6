import type { ByPath, Description, Layer, NDArray, Shape } from "@tenon/contracts";
import * as layers from "@tenon/layers";
import { cos, gradients, initialize, pass, sin, sizeOf, type Tensor } from "@tenon/tensor";
import { everyExport, layerSamples } from "@tenon/testkit";
import { expect, test } from "vitest";
import { engines } from "./bothEngines.js";

type Tensors = ByPath<Tensor>;

interface Row {
  readonly layer: Layer<Tensor>;
  readonly example: Shape;
  readonly integers?: boolean;
}

const { activation, bounded, dense, frozen, graph, lora, multiply, scaledDotProductAttention } =
  layers;
/** Layers that have no sample, since their gradients or their JSON are not those of others. */
const more: Readonly<Record<string, Row>> = {
  activation: { layer: activation("cubic", (x) => x.pow(3)), example: [4] },
  bounded: {
    layer: bounded(
      activation("cut", (x) => x.clamp(-0.5, 0.5)),
      -0.5,
      0.5,
    ),
    example: [4],
  },
  frozen: { layer: frozen(dense(3)), example: [4] },
  graph: {
    layer: graph(["x"], ({ x }, call) => {
      const a = call(dense(3), x!);
      return { y: call(multiply(), a, call(layers.tanh(), a)) };
    }),
    example: [4],
  },
  lora: { layer: lora(dense(3), { rank: 2 }), example: [4] },
  scaledDotProductAttention: {
    layer: activation("attention", (x) => scaledDotProductAttention(x, sin(x), cos(x))),
    example: [4, 3],
  },
};
const samples = Object.entries(layerSamples).map(([type, { args, ...sample }]): [string, Row] => {
  const description = { type, ...(args && { args }) };
  return [type, { layer: layers.layerFromJSON(description as Description), ...sample }];
});

everyExport(layers, [...Object.keys(layerSamples), ...Object.keys(more)], {
  besides: ["layerFromJSON", "lsuv", "summary"],
  add: "add a sample to internal/testkit/src/layerSamples.ts, or a row to `more` in this test",
});

test.each([...samples, ...Object.entries(more)])(
  "the engines agree on %s, its gradients and statistics",
  (_, { layer, example, integers = false }) => {
    const shape = [3, ...example];
    const x: NDArray = integers
      ? { shape, dtype: "int32", data: Int32Array.from({ length: sizeOf(shape) }, (_, i) => i % 3) }
      : {
          shape,
          dtype: "float32",
          data: Float32Array.from(
            { length: sizeOf(shape) },
            (_, i) => Math.sin(1 + i * 1.3) + 0.01,
          ),
        };
    const scalar = { shape: [], dtype: "int32" } as const;
    const inputs = { x: { shape, dtype: x.dtype }, seed: scalar, step: scalar };
    const results = engines.map((engine) => {
      const program = engine.compile(
        (state, given: Record<keyof typeof inputs, Tensor>) => {
          const { params, stats } = state as Record<"params" | "stats", Tensors>;
          const root = pass({ params, stats, training: { seed: given.seed, step: given.step } });
          const y = layer.forward(given.x, root);
          const grads = gradients(y.square().sum(), {
            params,
            ...(!integers && { x: given.x }),
          });
          const used = layer.forward(given.x, pass({ params, stats }));
          return {
            state: { params, stats: root.statsAfter() },
            outputs: { y, used, grads: grads as unknown as Tensors },
          };
        },
        { ...initialize(layer.plan(example), 5) },
        inputs,
      );
      const outputs = program.step({ x, seed: 3, step: 2 } as never);
      return flat({ outputs, state: program.state() });
    });
    const [ours, theirs] = results as [Map<string, NDArray>, Map<string, NDArray>];
    expect([...ours.keys()]).toEqual([...theirs.keys()]);
    for (const [path, { shape: expected, data }] of theirs) {
      const got = ours.get(path)!;
      expect(got.shape, path).toEqual(expected);
      const largest = Math.max(1, ...Array.from(data, Math.abs));
      data.forEach((value, i) =>
        expect(Math.abs(got.data[i]! - value), `${path} ${i}: ${value}`).toBeLessThanOrEqual(
          2e-5 * largest,
        ),
      );
    }
  },
);

/** The arrays of a tree, by path. */
function flat(tree: object, path = ""): Map<string, NDArray> {
  return "data" in tree
    ? new Map([[path, tree as NDArray]])
    : new Map(
        Object.entries(tree).flatMap(([key, value]) => [
          ...flat(value as object, `${path}/${key}`),
        ]),
      );
}
