import type { Arithmetic, Flow, Penalty, Transform } from "@tenon/contracts";
import { expect, test } from "vitest";
import { decaysOf } from "./index.js";
import { plain } from "./internal/plain.js";

const shapes = { "dense1/kernel": [3, 4], "dense1/bias": [4], scale: [] };

/** w ← w − rate · (g + λ w), where a parameter decays. */
const descent = (rate: number, lambda: number, only = (_: string) => true): Transform => ({
  name: "descent",
  slots: () => ({}),
  update: <T extends Arithmetic<T>>({ updates, params, slots }: Flow<T>) => ({
    updates: Object.fromEntries(
      Object.entries(updates).map(([path, g]) => [
        path,
        (only(path) ? g.add(params[path]!.mul(lambda)) : g).mul(-rate),
      ]),
    ),
    params,
    slots,
  }),
});
test("what moves towards zero without a gradient decays, by how much", () => {
  const [kernel, bias, scale] = decaysOf({ shapes, optimizer: descent(0.1, 0.02) });
  expect(kernel).toMatchObject({ path: "dense1/kernel", shape: [3, 4] });
  for (const decay of [kernel, bias, scale]) expect(decay!.rate).toBeCloseTo(0.002, 12);
  expect(decaysOf({ shapes, optimizer: descent(0.1, 0) })).toEqual([]);
  const spared = descent(0.1, 0.02, (path) => path.endsWith("kernel"));
  expect(decaysOf({ shapes, optimizer: spared }).map(({ path }) => path)).toEqual([
    "dense1/kernel",
  ]);
});

test("what moves away from zero, or always the same way, does not decay", () => {
  expect(decaysOf({ shapes, optimizer: descent(0.1, -0.02) })).toEqual([]);
  const drifting: Transform = {
    ...descent(0, 0),
    update: (flow) => ({
      ...flow,
      updates: Object.fromEntries(Object.entries(flow.updates).map(([k, g]) => [k, g.sub(1)])),
    }),
  };
  expect(decaysOf({ shapes, optimizer: drifting })).toEqual([]);
});

test("a penalty on a parameter is a decay of unknown rate", () => {
  const penalty: Penalty = {
    name: "square",
    value: (params) => params["dense1/bias"]!.square().sum(),
  };
  expect(decaysOf({ shapes, penalties: [penalty] })).toEqual([{ path: "dense1/bias", shape: [4] }]);
  expect(decaysOf({ shapes })).toEqual([]);
  expect(() => decaysOf({ shapes: 1 } as never)).toThrow(
    "decaysOf: expected shapes by path, got 1",
  );
});

test("arrays of equal elements: sums count them, shapes are broadcast", () => {
  const x = plain(2, [3, 4]);
  expect(x.sum()).toMatchObject({ value: 24, shape: [] });
  expect(x.sum([0], true)).toMatchObject({ value: 6, shape: [1, 4] });
  expect(x.sum([-1])).toMatchObject({ value: 8, shape: [3] });
  expect(plain(5).div(x)).toMatchObject({ value: 2.5, shape: [3, 4] });
  expect(
    x
      .add(plain(1, [4]))
      .neg()
      .abs()
      .sqrt().value,
  ).toBeCloseTo(Math.sqrt(3));
  expect(x.sub(3).sign().maximum(0).minimum(1).square().value).toBe(0);
});
