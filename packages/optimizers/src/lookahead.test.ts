import { expect, test } from "vitest";
import { adam, lookahead, sgd } from "./index.js";
import { eager } from "./internal/testing/eager.js";
import { path } from "./internal/testing/updatesOf.js";

test("fast parameters go k steps, and back to where the slow ones follow", () => {
  // Steps of −1 from 8; the slow ones go a quarter of three steps each time.
  const steps = path(
    lookahead(sgd({ learningRate: 1 }), { every: 3, slowStep: 0.25 }),
    () => [1],
    [8],
    7,
  );
  expect(steps.flat()).toEqual([7, 6, 7.25, 6.25, 5.25, 6.5, 5.5]);
});

test("with a slow step of 1 it is the transform itself", () => {
  const gradient = (w: readonly number[]): number[] => w.map((x) => 2 * x);
  const both = [adam(), lookahead(adam(), { every: 4, slowStep: 1 })].map((rule) =>
    path(rule, gradient, [3, -2], 12),
  );
  both[0]!.flat().forEach((value, i) => expect(both[1]!.flat()[i]).toBeCloseTo(value, 12));
});

test("with reset the transform begins anew when the parameters meet", () => {
  const given = { w: { shape: [1], data: [2] } };
  const run = eager(lookahead(adam({ learningRate: 0.5 }), { every: 2, reset: true }), given);
  const first = run.step(given)["w"]!.data[0]!;
  run.step(given);
  expect([...run.slots["scaleByAdam/m"]!["w"]!.data]).toEqual([0]);
  expect(run.step(given)["w"]!.data[0]).toBeCloseTo(first, 12);
});

test("refuses a slow step outside (0, 1]", () => {
  for (const slowStep of [0, 1.5, NaN, "1" as never])
    expect(() => lookahead(sgd(), { slowStep })).toThrow(
      "lookahead: expected slowStep in (0, 1], got ",
    );
});
