import { array, mlpProgram, operationSuite } from "@tenon/conformance";
import { tensor, type Tensor } from "@tenon/tensor";
import { expect, test } from "vitest";
import { wasm, type WasmProgram } from "./engine.js";
import { explain } from "./explain.js";

for (const threads of [1, 2]) operationSuite(`wasm, threads: ${threads}`, () => wasm({ threads }));

const engine = await wasm();

test("a training step copies no state: it is replaced in place", () => {
  const { plan } = mlpProgram(engine) as unknown as WasmProgram<unknown, unknown, unknown>;
  expect(plan.steps.map(({ label }) => label)).not.toContain("copy of state");
});

test("a program explains itself, and its state stays", () => {
  const program = engine.compile(
    ({ w }, { x }) => ({ state: { w: w.add(x.matmul(w).tanh().mean()) }, outputs: {} }),
    { w: array([8, 8]) },
    { x: { shape: [4, 8] } },
  );
  const before = program.state();
  const lines = explain(engine, program, { x: array([4, 8]) }).split("\n");
  expect(program.state()).toEqual(before);
  expect(lines[0]).toMatch(/^makes +kernel +ops +items +KB +MFLOP +ms +share +GFLOP\/s$/);
  expect(lines.filter((line) => line.includes("gemm/1x4x8x8/nn"))).toHaveLength(1);
  // of the tanh, never stored
  expect(lines.find((line) => line.startsWith("sum"))).toMatch(/^sum +sum 0 \[32\] +2 /);
  expect(
    lines.some((line) => /^\d+ kernels do \d+ operations: [\d.]+ MFLOP in [\d.]+ ms/.test(line)),
  ).toBe(true);
});

test("a program that cannot explain itself keeps its state, and says why", () => {
  const table = { shape: [3, 2], dtype: "float32", data: new Float32Array(6) } as const;
  const program = engine.compile(
    ({ s }: { s: Tensor }, { i }: { i: Tensor }) => ({
      state: { s: s.add(1) },
      outputs: { y: tensor(table.data, [3, 2]).gather(i).add(s) },
    }),
    { s: array([1], () => 0) },
    { i: { shape: [1], dtype: "int32" } },
  );
  expect(() => explain(engine, program, { i: Int32Array.of(7) })).toThrow(
    "gather: expected indices below 3, the size of the axis, got 7",
  );
  expect([...program.state().s.data]).toEqual([0]);
});

test("explain refuses what is no program of this package", () => {
  for (const program of [undefined, null, 5, {}, engine])
    expect(() => explain(engine, program as never, {})).toThrow(
      "explain: expected a program that wasm() compiled, got ",
    );
});
