import type { ByPath, NDArray, Penalty } from "@tenon/contracts";
import { refusal } from "@tenon/testkit";
import { expect, test } from "vitest";
import { descent } from "./internal/testing.js";
import { options, run } from "./internal/testingRun.js";
import { evaluate } from "./evaluate.js";
import { network } from "./internal/testing.js";

/** Descent that keeps the parameters as they were before the step, in a slot. */
const behind = () => {
  const rule = descent(0.1);
  return {
    ...rule,
    slots: (shapes: ByPath<readonly number[]>) => ({
      ...rule.slots(shapes),
      "behind/average": Object.fromEntries(
        Object.entries(shapes).map(([path, shape]) => [path, { shape, start: 0 }]),
      ),
    }),
    update: ((flow, clock) => {
      const after = rule.update(flow, clock);
      return { ...after, slots: { ...after.slots, "behind/average": flow.params } };
    }) as ReturnType<typeof descent>["update"],
  };
};
const averageOf = (slots: ByPath<ByPath<NDArray>>): ByPath<NDArray> => slots["behind/average"]!;

test("validates the weights that are taken from the slots, and ends with them", async () => {
  const plain = await run({ optimizer: behind() });
  const { end } = await run({ optimizer: behind(), evaluated: averageOf });
  const kept = (path: string): unknown => end.snapshot.arrays[`slots/behind/average/${path}`]!.data;
  for (const [path, { data }] of Object.entries(end.params)) expect(data).toEqual(kept(path));
  // The training is the same.
  for (const [path, { data }] of Object.entries(plain.end.snapshot.arrays))
    if (path.startsWith("params/")) expect(end.snapshot.arrays[path]!.data).toEqual(data);
  const scores = await evaluate(network(), {
    params: end.params,
    stats: end.stats,
    data: options.validation!,
    loss: options.loss,
    engine: options.engine,
  });
  expect(end.history.at(-1)!.validation!["loss"]).toBe(scores["loss"]);
});

test("a penalty of outputs is given those of every layer, by path", async () => {
  const seen = new Set<string>();
  const penalty: Penalty = {
    name: "outputs",
    readsOutputs: true,
    value(_, outputs) {
      const all = Object.entries(outputs!);
      for (const [path] of all) seen.add(path);
      return all[0]![1].square().sum().mul(1e-3);
    },
  };
  const { end } = await run({ penalties: [penalty], epochs: 1 });
  const without = await run({ epochs: 1 });
  expect(seen.size).toBeGreaterThan(1);
  expect(end.history[0]!.train["loss"]).toBeGreaterThan(without.end.history[0]!.train["loss"]!);
});

test("refuses what is no function", async () => {
  await expect(run({ evaluated: true as never })).rejects.toThrow(
    refusal("fit: expected evaluated as a function of slots, such as averageOf, got true"),
  );
});
