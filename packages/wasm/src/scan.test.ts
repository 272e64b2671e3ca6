import type { NDArray } from "@tenon/contracts";
import { gradients, scan, sizeOf, zeros, type Tensor } from "@tenon/tensor";
import { expect, test } from "vitest";
import { wasm } from "./index.js";
import { kernelNames, planned } from "./testing/planned.js";

type Tensors = Record<string, Tensor>;

const array = (shape: readonly number[], f = Math.sin): NDArray => ({
  shape,
  dtype: "float32",
  data: Float32Array.from({ length: sizeOf(shape) }, (_, i) => f(1.3 * i)),
});

/** A recurrent layer [steps, 32, 48] of 64 units. */
const outputsOf = ({ x, w, u }: Tensors): Tensor =>
  scan(
    (h: Tensor, entry: Tensor) => {
      const next = entry.matmul(w!).add(h.matmul(u!)).tanh();
      return { state: next, outputs: next };
    },
    zeros([32, 64]),
    x!,
  ).outputs;

const shapes = { w: [48, 64], u: [64, 64] };
const step = ({ w, u }: Tensors, { x }: Tensors) => {
  const loss = outputsOf({ x: x!, w: w!, u: u! }).square().mean();
  const grads = gradients(loss, { w: w!, u: u! });
  return { state: { w: w!.sub(grads.w), u: u!.sub(grads.u) } as Tensors, outputs: { loss } };
};
const start = { w: array(shapes.w), u: array(shapes.u, Math.cos) } as Record<string, NDArray>;

test("its steps are planned once, however many there are", () => {
  const kernels = (steps: number): string[] =>
    kernelNames(
      planned({ x: [steps, 32, 48], ...shapes }, ({ x, w, u }) => {
        const loss = outputsOf({ x: x!, w: w!, u: u! }).mean();
        return { ...gradients(loss, { dw: w!, du: u! }) };
      }),
    );
  expect(kernels(40)).toEqual(kernels(4));
});

test("one and two threads give the same bits, also of what a profile has run", async () => {
  const [states] = await Promise.all([
    Promise.all(
      [1, 2].map(async (threads) => {
        const engine = await wasm({ threads });
        const inputs = { x: array([12, 32, 48], Math.cos) };
        const program = engine.compile(step, start, { x: { shape: [12, 32, 48] } });
        for (let i = 0; i < 3; i++) program.step(inputs as never);
        expect(
          program.plan.steps.filter(({ repetition }) => repetition?.times === 12).length,
        ).toBeGreaterThan(3);
        const times = program.profile(inputs as never);
        expect(times).toHaveLength(program.plan.steps.length);
        return program.state();
      }),
    ),
  ]);
  expect(states[0]).toEqual(states[1]);
  expect(states[0]!["u"]!.data).not.toEqual(start["u"]!.data);
});

test("an index out of bounds in a step ends it before any state is replaced", async () => {
  for (const threads of [1, 2]) {
    const program = (await wasm({ threads })).compile(
      ({ table, count }: Tensors, { i }: Tensors) => {
        const { state } = scan(
          (sum: Tensor, at: Tensor) => ({ state: sum.add(table!.gather(at)), outputs: {} }),
          zeros([3]),
          i!,
        );
        return {
          state: { table: table!.add(state), count: count!.add(1) } as Tensors,
          outputs: {},
        };
      },
      { table: array([4, 3]), count: array([]) } as Record<string, NDArray>,
      { i: { shape: [5], dtype: "int32" } },
    );
    program.step({ i: [0, 1, 2, 3, 0] });
    const before = program.state();
    expect(() => program.step({ i: [0, 1, 2, 4, 0] })).toThrow("gather: expected indices");
    expect(program.state()).toEqual(before);
    program.step({ i: [3, 3, 2, 3, 0] });
    expect(program.state()).not.toEqual(before);
  }
});
