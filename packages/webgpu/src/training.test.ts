import { planStep } from "@tenon/plan";
import { allFinite, gradients, sizeOf, where, type Tensor } from "@tenon/tensor";
import { expect, test } from "vitest";
import { backendOf } from "./lower/backend.js";
import { dispatchesOf } from "./schedule.js";

const shapes = { w1: [784, 128], b1: [128], w2: [128, 10], b2: [10] };
type Arrays = Record<keyof typeof shapes, Tensor>;

test("the forward pass, the backward pass and the update of a small network are three dispatches", () => {
  const zeros = (shape: readonly number[]) => ({
    ...{ shape, dtype: "float32" as const },
    data: new Float32Array(sizeOf(shape)),
  });
  const start = Object.fromEntries(
    Object.entries(shapes).map(([name, shape]) => [name, zeros(shape)]),
  ) as Record<keyof Arrays, ReturnType<typeof zeros>>;
  const { plan, graph } = planStep(
    ({ p, m }: Record<"p" | "m", Arrays>, { x, y }) => {
      const h = x.matmul(p.w1).add(p.b1).relu();
      const value = h
        .matmul(p.w2)
        .add(p.b2)
        .logSoftmax()
        .mul(y)
        .sum()
        .mul(-1 / 128);
      const grads = gradients(value, p);
      const names = Object.keys(p) as (keyof Arrays)[];
      const updated = (f: (name: keyof Arrays) => Tensor): Arrays =>
        Object.fromEntries(names.map((name) => [name, f(name)])) as Arrays;
      const slots = updated((name) => m[name].mul(0.9).add(grads[name]));
      const after = updated((name) => p[name].sub(slots[name].mul(0.1)));
      const checked = [grads, slots, after].flatMap((tree) => Object.values(tree));
      const flag = allFinite([value, ...checked]);
      const kept = (to: Arrays, from: Arrays): Arrays =>
        updated((name) => where(flag, to[name], from[name]));
      return { state: { p: kept(after, p), m: kept(slots, m) }, outputs: { value, flag } };
    },
    { p: start, m: start },
    { x: { shape: [128, 784] }, y: { shape: [128, 10] } },
    backendOf(15360),
  );
  expect(graph.flag?.op).toBe("allFinite");
  const dispatches = dispatchesOf(plan.steps, new Set());
  const kernels = dispatches.map((tasks) =>
    tasks.map(({ levels }) => levels.flat().map(({ kernel }) => kernel.name)),
  );
  expect(kernels).toHaveLength(3);
  // The softmax, with the thin products around it, is one task; each gradient has its update behind
  // it.
  expect(kernels[1]!.some((names) => names.length > 5)).toBe(true);
  expect(kernels[2]!.flat().join("\n")).not.toMatch(/loop/);
});
