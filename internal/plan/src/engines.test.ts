import { array, mlpProgram, operationSuite } from "@tenon/conformance";
import { reference, type Tensor } from "@tenon/tensor";
import { asyncEngineSuite, delayed, engineSuite } from "@tenon/testkit";
import { expect, test } from "vitest";
import { tinyEngine, type TinyProgram } from "./testing/tinyEngine.js";

// That the planner is free of any engine: a second one, unlike wasm, runs the same suites, and so
// does one that answers later.

engineSuite("tiny", tinyEngine, { oracle: reference(), tolerance: 2e-6 });
operationSuite("tiny", tinyEngine);

const later = () => delayed(tinyEngine(), { delays: [0] });
engineSuite("tiny that answers later", later, { oracle: reference(), tolerance: 2e-6 });
asyncEngineSuite("tiny that answers later", () => delayed(tinyEngine()));

const plan = () =>
  (mlpProgram(tinyEngine()) as unknown as TinyProgram<unknown, unknown, unknown>).plan;

test("the engine's limits and its alignment are kept", () => {
  const { steps, offsets } = plan();
  for (const { kernel, operands, writes } of steps)
    if (kernel.flops === 0) expect(operands.length - writes.length).toBeLessThanOrEqual(8);
  for (const offset of offsets.values()) expect(offset % 256).toBe(0);
});

test("state is replaced in place", () => {
  expect(plan().steps.map(({ label }) => label)).not.toContain("copy of state");
  const program = tinyEngine().compile(
    ({ w }: { readonly w: Tensor }, { x }) => ({ state: { w: w.mul(x) }, outputs: {} }),
    { w: array([3]) },
    { x: { shape: [] } },
  );
  expect(program.plan.steps).toHaveLength(1);
  const [{ operands }] = program.plan.steps as [(typeof program.plan.steps)[number]];
  expect(operands[0]).toBe(operands[1]);
});
