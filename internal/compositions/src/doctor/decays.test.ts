import { decaysOf } from "@tenon/doctor";
import { dadaptAdamw, mechanize, momo, momoAdam, polyakSgd, sgd } from "@tenon/optimizers";
import { expect, test } from "vitest";

const shapes = { kernel: [3, 4], bias: [4] };

test.each([
  ["momo", momo({ learningRate: 1, weightDecay: 0.25 }), 0.2],
  ["momoAdam", momoAdam({ learningRate: 1, weightDecay: 0.25 }), 0.2],
])("%s decays by what it says, where it finds no loss to lower", (_, optimizer, rate) => {
  const decays = decaysOf({ shapes, optimizer });
  expect(decays.map(({ path }) => path)).toEqual(["kernel", "bias"]);
  for (const decay of decays) expect(decay.rate).toBeCloseTo(rate, 12);
});

test.each([
  ["momo", momo()],
  ["momoAdam", momoAdam()],
  ["polyakSgd", polyakSgd()],
  ["dadaptAdamw", dadaptAdamw()],
  ["mechanize", mechanize(sgd())],
])("%s decays nothing by default", (_, optimizer) =>
  expect(decaysOf({ shapes, optimizer })).toEqual([]),
);
