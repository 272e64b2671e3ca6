import type { Schedule, Transform } from "@tenon/contracts";
import { optionsOf } from "@tenon/testkit";
import { expect, test } from "vitest";
import * as r from "./index.js";
import { plainRun } from "./internal/plainRun.js";

// Any hyper-parameter of a constraint may be a function of the step: the values are those of a loop
// that makes the constraint anew at each step, with the number of that step.

type Rate = Schedule | number;
const constraints: Readonly<Record<string, Readonly<Record<string, readonly number[]>>>> = {
  bounded: { low: [-2, -0.5, -1, 0], high: [2, 0.5, 1, 0.25] },
  l1Ball: { max: [4, 1, 2, 0.5] },
  maxNorm: { max: [4, 1, 2, 0.5] },
  minMaxNorm: { min: [0, 2.9, 1, 2.5], max: [3, 2.5, 4, 0.75], rate: [1, 0.5, 0.25, 0.75] },
  simplex: { sum: [1, 2, 0.5, 3] },
  unitNorm: { norm: [1, 2, 0.5, 3] },
};
/** Options that are no hyper-parameters: which parameters, axes, which formula. */
const others = ["axes", "eps", "onSphere", "only"];
const makers = r as unknown as Readonly<Record<string, (options: object) => Transform>>;
/** What the other options have to be. */
const besides: Readonly<Record<string, object>> = {
  bounded: { low: -2, high: 2 },
  minMaxNorm: { max: 3, eps: 0 },
};
const optionsFor = (name: string, options: object): object => ({ ...besides[name], ...options });

const start = { w: { shape: [3, 2], data: [0.5, -2, 1, 0.5, 0.25, -1] } };
const updateAt = (step: number) => ({
  w: { shape: [3, 2], data: [0.1, -1, 0.5, 2, -0.3, 1].map((u, i) => u * Math.cos(step + i)) },
});

test.each(
  Object.entries(constraints).flatMap(([name, all]) =>
    Object.entries({ ...all }).map(([option, values]) => ({ name, option, values })),
  ),
)("$name's $option may be a schedule", ({ name, option, values }) => {
  const make = (rate: Rate): Transform => makers[name]!(optionsFor(name, { [option]: rate }));
  const scheduled = plainRun(
    make((step) => values[step]!),
    start,
  );
  let by = start;
  values.forEach((value, step) => {
    scheduled.step(updateAt(step));
    const once = plainRun(make(value), by);
    once.step(updateAt(step));
    by = { w: { shape: [3, 2], data: [...once.params["w"]!.data] } };
    const got = [...scheduled.params["w"]!.data];
    got.forEach((w, i) => expect(w, `step ${step}`).toBeCloseTo(by.w.data[i]!, 12));
  });
  const constant = plainRun(make(values[0]!), start);
  values.forEach((_, step) => constant.step(updateAt(step)));
  expect([...constant.params["w"]!.data]).not.toEqual([...scheduled.params["w"]!.data]);
});

test("maxNorm is the closed form at each step", () => {
  const bounds = [4, 1, 2, 0.5];
  const run = plainRun(r.maxNorm({ max: (step) => bounds[step]! }), start);
  let w = [...start.w.data];
  bounds.forEach((bound, step) => {
    const { data } = updateAt(step).w;
    run.step(updateAt(step));
    w = w.map((value, i) => value + data[i]!);
    const norms = [0, 1].map((column) => Math.hypot(w[column]!, w[column + 2]!, w[column + 4]!));
    w = w.map((value, i) => value * Math.min(1, bound / norms[i % 2]!));
    [...run.params["w"]!.data].forEach((got, i) => expect(got).toBeCloseTo(w[i]!, 12));
  });
});

test("no hyper-parameter of a constraint is left out here", async () => {
  for (const [name, make] of Object.entries(makers)) {
    const made: unknown = (() => {
      try {
        return make(optionsFor(name, {}));
      } catch {
        return undefined;
      }
    })();
    const isConstraint = typeof made === "object" && made !== null && "update" in made;
    if (!isConstraint || ["ema", "swa"].includes(name)) continue;
    const options = await optionsOf((more) => make(optionsFor(name, more)));
    expect(
      options.filter((option) => !others.includes(option)),
      name,
    ).toEqual(Object.keys(constraints[name] ?? {}));
  }
});
