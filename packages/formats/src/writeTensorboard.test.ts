import { expect, test } from "vitest";
import { writeTensorboard } from "./index.js";

const hex = (bytes: Uint8Array): string =>
  [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");

// By the RecordWriter and the messages of tensorboard 2.21.0.
const version = "1800000000000000a37f4b220900002040fc54d9411a0d627261696e2e4576656e743a322b353110";
const first =
  "3500000000000000d6c55de60900002040fc54d9412a2a0a110a0a747261696e2f6c6f7373150000" +
  "10400a150a0e67656e617569676b6569742fc3a41500000000f68d307e";
const second =
  "2500000000000000eabc36f30900004040fc54d9411080f092cbdd082a130a110a0a747261696e2f" +
  "6c6f7373150000807f705a48af";

test("writes the bytes that TensorBoard's own writer does", () => {
  const steps = [
    { step: 0, time: 1700000000.5, values: { "train/loss": 2.25, "genauigkeit/ä": 0 } },
    { step: 300000000000, time: 1700000001, values: { "train/loss": Infinity } },
  ];
  expect(hex(writeTensorboard(steps))).toBe(version + first + second);
  expect(hex(writeTensorboard(steps.slice(1), { begins: false }))).toBe(second);
});

test("refuses what is no step", () => {
  for (const step of [{ step: -1, values: {} }, { step: 0.5, values: {} }, { step: 1 }, null])
    expect(() => writeTensorboard([step as never])).toThrow(
      "writeTensorboard: expected steps as a list of { step, values, time }, got ",
    );
  expect(() => writeTensorboard([{ step: 1, values: { a: "1" as never } }])).toThrow(
    "writeTensorboard: expected steps",
  );
});

test("a name that a step does not have is refused", () =>
  expect(() => writeTensorboard([{ step: 1, values: {}, wallTime: 5 } as never])).toThrow(
    'writeTensorboard: expected options { step, values, time }, got "wallTime"',
  ));

test("a list with a hole is refused", () =>
  expect(() => writeTensorboard([, { step: 1, values: {} }] as never)).toThrow(
    "writeTensorboard: expected steps as a list of { step, values, time }, got ",
  ));
