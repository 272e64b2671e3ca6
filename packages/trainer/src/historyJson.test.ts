import fc from "fast-check";
import { expect, test } from "vitest";
import { historyCsv, historyFromJSON, historyToJSON } from "./index.js";
import { run } from "./internal/testingRun.js";
import type { EpochScores } from "./snapshot.js";

const scores = fc.dictionary(fc.string(), fc.double(), { maxKeys: 3, noNullPrototype: true });
const epochs: fc.Arbitrary<EpochScores[]> = fc.array(
  fc.record(
    {
      epoch: fc.nat(),
      step: fc.nat(),
      train: scores,
      validation: scores,
      skipped: fc.nat(),
    },
    { requiredKeys: ["epoch", "step", "train"], noNullPrototype: true },
  ),
  { maxLength: 4 },
);

test("any history comes back as it was: NaN, infinities and −0 too", () => {
  fc.assert(
    fc.property(epochs, (history) => {
      expect(historyFromJSON(historyToJSON(history))).toEqual(history);
    }),
  );
});

test("a run's history comes back, of plain JSON as well", async () => {
  const { history } = (await run()).end;
  expect(history).toHaveLength(3);
  expect(historyFromJSON(historyToJSON(history))).toEqual(history);
  expect(historyFromJSON(JSON.stringify(history))).toEqual(history);
  const lost = [{ epoch: 1, step: 2, train: { loss: NaN } }];
  expect(historyFromJSON(JSON.stringify(lost))).toEqual(lost);
});

test.each([
  ["epoch,step\n1,5\n", 'run.json to hold JSON, got "epoch,step\\n1,5\\n"'],
  ['{"name":"tenon"}', "run.json to hold the history of a run, a list of epochs"],
  ['[{"epoch":1,"step":2,"train":{"loss":1}},{"epoch":2}]', "got { epoch: 2 } as line 2; history"],
  ['[{"epoch":1,"step":2,"train":{"loss":"1"}}]', "as line 1"],
  ['[{"epoch":1,"step":2,"train":{},"skipped":-1}]', "as line 1"],
])("another file is refused by its name: %s", (text, message) => {
  expect(() => historyFromJSON(text, "run.json")).toThrow(message);
});

test("a long file that is no JSON is not repeated whole", () => {
  expect(() => historyFromJSON("step 1\n".repeat(1000))).toThrow(
    /^historyFromJSON: expected the text to hold JSON, got "step 1.{0,60}$/,
  );
});

test("the table has a column of steps that were left out where there are any", () => {
  const line = { epoch: 1, step: 2, train: { loss: 1 } };
  expect(historyCsv([line, { ...line, epoch: 2, skipped: 3 }])).toBe(
    "epoch,step,train.loss,skipped\n1,2,1,\n2,2,1,3\n",
  );
});
