import type { ByPath, NDArray } from "@tenon/contracts";
import { fromKeras, fromTorch, toTorch } from "@tenon/formats";
import { golden, type GoldenArray, type GoldenRow } from "@tenon/golden";
import { bidirectional, gru, lstm, rnn, sequential } from "@tenon/layers";
import { initialize, reference } from "@tenon/tensor";
import { expectClose, refusal } from "@tenon/testkit";
import { predictor } from "@tenon/trainer";
import { expect, test } from "vitest";

interface Row extends GoldenRow {
  readonly x: GoldenArray;
  readonly y: GoldenArray;
  readonly params: Readonly<Record<string, GoldenArray>>;
}

const array = ({ shape, data }: GoldenArray): NDArray => ({
  shape,
  dtype: "float32",
  data: Float32Array.from(data as number[]),
});

function transposed({ shape: [rows, columns], data }: GoldenArray): NDArray {
  const values = Array.from({ length: rows! * columns! }, (_, i) => {
    const [column, row] = [Math.floor(i / rows!), i % rows!];
    return data[row * columns! + column] as number;
  });
  return { shape: [columns!, rows!], dtype: "float32", data: Float32Array.from(values) };
}

/** A row's arrays as they are in a state dict, where they have the other order of axes. */
const stateDict = ({ params }: Row): ByPath<NDArray> => ({
  "rnn.weight_ih_l0": transposed(params["kernel"]!),
  "rnn.weight_hh_l0": transposed(params["recurrent_kernel"]!),
  "rnn.bias_ih_l0": array(params["bias_input"]!),
  "rnn.bias_hh_l0": array(params["bias_recurrent"]!),
});
const row = (id: string): Row => golden<Row>("layers").find((one) => one.id === id)!;
const whole = { returnSequences: true, recurrentBias: true };

test.each([
  ["LSTM", lstm(4, whole)],
  ["GRU", gru(2, { ...whole, gates: "rzn" })],
])("a %s with PyTorch's weights gives what it gives there", (name, layer) => {
  const { x, y, ...rest } = row(`torch/${name}/defaults`);
  const tensors = stateDict({ x, y, ...rest });
  const model = sequential(layer);
  const weights = fromTorch(model, x.shape.slice(1), tensors);
  const { predict } = predictor(model, { ...weights, engine: reference() });
  expectClose(predict(array(x)).data, y.data as number[], 1e-5);
  const names = { [`${layer.type}1`]: "rnn" };
  expect(toTorch(model, x.shape.slice(1), weights, { names })).toEqual(tensors);
});

test.each([
  ["keras/SimpleRNN/sequences", rnn(2, { returnSequences: true })],
  ["keras/LSTM/sequences", lstm(2, { returnSequences: true })],
  ["keras/LSTM/last", lstm(2, { goBackwards: true })],
  ["keras/GRU/reset-after", gru(3, { returnSequences: true })],
  ["keras/GRU/reset-before", gru(3, { resetAfter: false })],
])("%s with Keras' weights gives what it gives there", (id, layer) => {
  const { x, y, params } = row(id);
  const type = layer.type === "rnn" ? "simple_rnn" : layer.type;
  const cell = ["kernel", "recurrent_kernel", "bias"].map((name, i) => [
    `layers/${type}/cell/vars/${i}`,
    array(params[`${type}_cell/${name}`]!),
  ]);
  const weights = fromKeras(sequential(layer), x.shape.slice(1), Object.fromEntries(cell));
  const { predict } = predictor(sequential(layer), { ...weights, engine: reference() });
  expectClose(predict(array(x)).data, y.data as number[], 1e-5);
});

test("layers and directions of one module are numbered as there", () => {
  const model = sequential(bidirectional(lstm(2, whole)), bidirectional(lstm(2, whole)));
  const drawn = initialize(model.plan([5, 3]), 1);
  const names = Object.fromEntries(
    ["1", "2"].flatMap((i) =>
      ["forward", "backward"].map((part) => [`bidirectional${i}/${part}`, "rnn"]),
    ),
  );
  const tensors = toTorch(model, [5, 3], drawn, { names });
  expect(Object.keys(tensors).filter((name) => name.includes("weight_hh"))).toEqual([
    "rnn.weight_hh_l0",
    "rnn.weight_hh_l0_reverse",
    "rnn.weight_hh_l1",
    "rnn.weight_hh_l1_reverse",
  ]);
  expect(tensors["rnn.weight_ih_l1"]!.shape).toEqual([8, 4]);
  expect(fromTorch(model, [5, 3], tensors, { names }).params).toEqual(drawn.params);
});

test("a bias for which a layer has no place is refused", () => {
  const { x, ...rest } = row("torch/LSTM/defaults");
  expect(() =>
    fromTorch(lstm(4), x.shape.slice(1), stateDict({ x, ...rest }), { names: { "": "rnn" } }),
  ).toThrow(
    refusal('fromTorch: expected lstm with a recurrentBias, since there is "rnn.bias_hh_l0"'),
  );
});
