import type { AnyEngine, NDArray } from "@tenon/contracts";
import * as exported from "@tenon/tensor";
import { gradients, isTensor, reference, sameShape, tensor, type Tensor } from "@tenon/tensor";
import { missingGpu, softwareGpu } from "@tenon/testkit";
import { wasm } from "@tenon/wasm";
import { webgpu, type Gpu } from "@tenon/webgpu";
import { expect, test } from "vitest";
import { skipped } from "./programs.js";

// The elementwise operations are found among the exports of tensor, so that a new one is compared
// on all engines without a line here.

type Elementwise = (...operands: Tensor[]) => Tensor;
const values = [-20, -3, -1.5, -1, -0.5, -1e-3, -0, 0, 1e-3, 0.25, 0.5, 1, 2, 2.5, 10, 80];
const x = tensor(values);

/** The result of a call, if it is one operation of the function's name on each element. */
function isElementwise(name: string, f: Elementwise): boolean {
  try {
    const y = f(...[x, x].slice(0, f.length));
    return isTensor(y) && y.op.name === name && y.inputs.length > 0 && sameShape(y.shape, x.shape);
  } catch {
    return false;
  }
}
const operations = Object.entries(exported).filter(
  (entry): entry is [string, Elementwise] =>
    typeof entry[1] === "function" &&
    (entry[1].length === 1 || entry[1].length === 2) &&
    isElementwise(entry[0], entry[1] as Elementwise),
);

test("the operations are found", () => {
  const names = operations.map(([name]) => name);
  expect(names).toEqual(expect.arrayContaining(["add", "exp", "log2", "pow", "remainder", "tanh"]));
  expect(names.length).toBeGreaterThan(30);
});

const pairs = values.flatMap((a) => values.map((b) => [a, b] as const));
const fed = { a: pairs.map(([a]) => a), b: pairs.map(([, b]) => b) };
const spec = { shape: [pairs.length] };
type Outputs = Readonly<Record<string, Tensor>>;

/** What operations give, and their gradients, by the operation's name. */
function outputsOf(of: typeof operations, inputs: { a: Tensor; b: Tensor }): Outputs {
  const { a, b } = inputs;
  return Object.fromEntries(
    of.flatMap(([name, f]): [string, Tensor][] => {
      const y = f(...[a, b].slice(0, f.length));
      const grads: Outputs = y.dtype === "float32" ? gradients(y.sum(), inputs) : {};
      return [
        [name, y],
        ...Object.entries(grads).map(([x, g]): [string, Tensor] => [`${name}, d${x}`, g]),
      ];
    }),
  );
}

function computed(on: AnyEngine<Tensor>, of: typeof operations) {
  const inputs = { a: spec, b: spec };
  return on
    .compile(
      (state: object, x: { a: Tensor; b: Tensor }) => ({ state, outputs: outputsOf(of, x) }),
      {},
      inputs,
    )
    .step(fed);
}

function expectEqual(actual: Record<string, NDArray>, expected: Record<string, NDArray>): void {
  for (const [name, { data }] of Object.entries(expected))
    data.forEach((value, i) => {
      const got = actual[name]!.data[i]!;
      const close = Math.abs(got - value) <= 4e-6 * Math.max(1, Math.abs(value));
      expect(close || Object.is(got + 0, value + 0), `${name}[${i}]: ${got}, ${value}`).toBe(true);
    });
}

const engine = await wasm();
test.each(operations)("the engine for CPUs computes %s, and its gradients", async (...one) => {
  expectEqual(await computed(engine, [one]), await computed(reference(), [one]));
});

test("the engine for GPUs computes all of them, and their gradients", async (context) => {
  if (missingGpu !== undefined) return skipped(context, `the engine for GPUs lacks ${missingGpu}`);
  const gpu = await webgpu({ gpu: softwareGpu() as Gpu });
  expectEqual(await computed(gpu, operations), await computed(reference(), operations));
});
