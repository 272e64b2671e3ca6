import type { Description } from "@tenon/contracts";
import { initialize, pass, reference, tensor, type Tensor } from "@tenon/tensor";
import { expectClose, layerSuite, refusal } from "@tenon/testkit";
import { expect, test } from "vitest";
import * as layers from "./index.js";
import { gradcheck, startOf, wavy } from "./internal/gradcheck.js";
import { ofOneInput, run } from "./internal/testing.js";

const { add, concatenate, dense, dropout, graph, layerFromJSON, multiHeadAttention } = layers;
const { relu, sequential, subtract } = layers;

/** What a residual block is, written as a graph. */
const block = graph(["x"], ({ x }, call) => ({
  y: call(add(), x, call(dense(3), call(dropout(0.5), call(relu(), x)))),
}));
/** Two inputs through the same layers. */
const siamese = graph(["left", "right"], ({ left, right }, call) => {
  const encode = sequential(dense(3), relu());
  return { difference: call(subtract(), call(encode, left), call(encode, right)) };
});

layerSuite("graph", block, [3], { run, fromJSON: layerFromJSON });

test("a layer that is called twice has one set of parameters, and both calls' gradients", () => {
  const { params, outputs, parts } = siamese.planOf({ left: [2], right: [2] });
  expect(Object.keys(params)).toEqual(["sequential1/dense1/kernel", "sequential1/dense1/bias"]);
  expect(outputs).toEqual({ difference: [3] });
  expect(parts!.map(({ path }) => path)).toEqual(["sequential1", "subtract1"]);
  gradcheck(ofOneInput(siamese, [[2], [2]]), [4]);
  const x = wavy([2, 4]);
  const same = {
    shape: [2, 4],
    data: Array.from(x.data, (_, i) => x.data[i - (i % 4) + (i % 2)]!),
  };
  const ofOne = ofOneInput(siamese, [[2], [2]]);
  const { y } = run(ofOne, { x: same, ...startOf(ofOne, [4]) });
  expectClose(y.data, new Array(6).fill(0));
});

test("several inputs and outputs, by name", () => {
  const two = graph(["image", "text"], ({ image, text }, call) => {
    const joined = call(concatenate(-1), call(dense(2), image), text);
    return { label: call(dense(4), joined), joined };
  });
  const plan = two.planOf({ image: [5], text: [3] });
  expect(plan.outputs).toEqual({ label: [4], joined: [5] });
  const { params } = initialize(plan, 1);
  const inputs = { image: tensor([[1, 2, 3, 4, 5]]), text: tensor([[7, 8, 9]]) };
  const placed = Object.fromEntries(
    Object.entries(params).map(([path, { shape, data }]) => [path, tensor(data, shape)]),
  );
  const { label, joined } = two.forwardOf(inputs, pass({ params: placed }));
  expect(label.shape).toEqual([1, 4]);
  expect([...joined.data()].slice(2)).toEqual([7, 8, 9]);
  expectClose(label.data(), joined.matmul(placed["dense2/kernel"]!).data(), 1e-6);
});

test("JSON is the table of calls, and makes it again", () => {
  const json = JSON.parse(JSON.stringify(siamese)) as Description;
  expect(json).toMatchObject({
    type: "graph",
    args: [
      {
        inputs: ["left", "right"],
        calls: [
          ["sequential1", "left"],
          ["sequential1", "right"],
          ["subtract1", 0, 1],
        ],
        outputs: { difference: 2 },
      },
    ],
  });
  const again = layerFromJSON(json) as typeof siamese;
  expect(again.toJSON()).toEqual(siamese.toJSON());
  const shapes = { left: [2], right: [2] };
  expect(JSON.stringify(again.planOf(shapes))).toBe(JSON.stringify(siamese.planOf(shapes)));
});

test("a decoder attends to a memory with a mask, in a compiled step", () => {
  const decoder = graph(["x", "memory", "mask"], ({ x, memory, mask }, call) => ({
    y: call(multiHeadAttention(1), x, memory, memory, mask),
  }));
  const { params } = initialize(decoder.planOf({ x: [2, 4], memory: [3, 4], mask: [1, 3] }), 1);
  const program = reference().compile(
    (state: { readonly params: Record<string, Tensor> }, { x, memory, mask }) => ({
      state,
      outputs: decoder.forwardOf({ x, memory, mask }, pass({ params: state.params })),
    }),
    { params } as { params: Record<string, (typeof params)[string]> },
    {
      x: { shape: [1, 2, 4] },
      memory: { shape: [1, 3, 4] },
      mask: { shape: [1, 1, 3], dtype: "int32" },
    },
  );
  const of = (memory: ArrayLike<number>): number[] =>
    Array.from(
      program.step({
        x: wavy([8]).data as never,
        memory: memory as never,
        mask: Int32Array.of(1, 1, 0),
      }).y.data,
    );
  const memory = Array.from(wavy([12], 2).data);
  // The last place is masked: what is there changes nothing.
  expect(of([...memory.slice(0, 8), 9, 9, 9, 9])).toEqual(of(memory));
});

test("names what it expected", () => {
  expect(() => graph([], () => ({}))).toThrow(
    refusal("graph: expected distinct names of inputs, at least one, got []"),
  );
  expect(() => graph(["x"], () => ({}))).toThrow(refusal("graph: expected at least one output"));
  expect(() => graph(["x"], () => ({ y: { source: "x" } }))).toThrow(
    refusal('graph: expected values of this graph, got { source: "x" }; inputs or what call gives'),
  );
  expect(() => graph({ inputs: ["x"], layers: {}, calls: [], outputs: { y: 0 } })).toThrow(
    refusal("graph: expected an input or an earlier call, got 0"),
  );
  expect(() => siamese.planOf({ left: [2], right: [3] })).toThrow(
    refusal(
      'graph: expected calls of sequential1 that share their parameters, got "dense1/kernel" ' +
        "[2, 3] and [3, 3]; call another layer",
    ),
  );
  const two = graph(["x"], ({ x }, call) => ({ a: call(relu(), x), b: x }));
  expect(() => two.plan([2])).toThrow(
    refusal("graph: expected one output, to be a layer, got a, b; use forwardOf"),
  );
  expect(() => siamese.plan([2])).toThrow(refusal("graph: expected the inputs left, right, got 1"));
  const joined = graph(["a", "b"], ({ a, b }, call) => ({ y: call(dense(2), a, b) }));
  expect(() => joined.planAll([[2], [2]])).toThrow(
    refusal(/^layer "dense1": dense: expected one input, got several; join them first/),
  );
});
