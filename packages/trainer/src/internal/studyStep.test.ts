import {
  flatten,
  gru,
  lstm,
  reshape,
  dense,
  sequential,
  sigmoid,
  type LstmOptions,
} from "@tenon/layers";
import { expect, test } from "vitest";
import { stepOf } from "./studyStep.js";
import { setup } from "./testingStudy.js";

const digestOf = (options: LstmOptions): string =>
  stepOf({
    ...setup({ rate: 0 }),
    model: sequential(reshape([2, 1]), lstm(3, options), flatten(), dense(4)),
  }).digest;

test("another step of a scan is another training step", () => {
  const digests = [
    digestOf({}),
    digestOf({ activation: sigmoid() }),
    digestOf({ goBackwards: true }),
    digestOf({ recurrentDropout: 0.5 }),
  ];
  expect(new Set(digests).size).toBe(digests.length);
  expect(digestOf({})).toBe(digests[0]);
});

test("the graph of several layers that scan is described in little time", () => {
  const layers = Array.from({ length: 4 }, () => gru(2, { returnSequences: true }));
  const model = sequential(reshape([2, 1]), ...layers, flatten(), dense(4));
  expect(stepOf({ ...setup({ rate: 0 }), model }).digest).toMatch(/^[0-9a-f]{16}$/);
});
