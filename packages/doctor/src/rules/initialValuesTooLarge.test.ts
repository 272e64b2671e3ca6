import { expect, test } from "vitest";
import { examine } from "../index.js";
import { recordOf, setup, stepsOf } from "../testing/records.js";

const start = Math.log(4);

test("a large first loss is not the fault of initial values where nearly all units are dropped", () => {
  const found = (rate: number): string[] => {
    const dropout = { path: "dropout1", type: "dropout", params: {}, rate };
    const layers = [...setup.layers!.slice(0, -1), dropout, ...setup.layers!.slice(-1)];
    const record = recordOf(stepsOf([start + 4]), { setup: { ...setup, layers } });
    return examine(record).map(({ id }) => id);
  };
  // Logits of the variance of 1 / (1 − p) times as much.
  expect(
    [0.5, 0.6, 0.7, 0.99].map((rate) => found(rate).includes("initialValuesTooLarge")),
  ).toEqual([true, true, false, false]);
});
