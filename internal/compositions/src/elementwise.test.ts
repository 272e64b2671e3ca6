import type { Engine } from "@tenon/contracts";
import * as exported from "@tenon/tensor";
import { gradients, isTensor, reference, sameShape, tensor, type Tensor } from "@tenon/tensor";
import { wasm } from "@tenon/wasm";
import { expect, test } from "vitest";

// The elementwise operations are found among the exports of tensor, so that a new one is compared
// on both engines without a line here.

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

const engine = await wasm();

/** Outputs and gradients of an operation on one engine, as lists of values. */
function computed(on: Engine<Tensor>, f: Elementwise): Record<string, number[]> {
  const pairs = values.flatMap((a) => values.map((b) => [a, b] as const));
  const shape = [pairs.length];
  const program = on.compile(
    (state: object, { a, b }: { a: Tensor; b: Tensor }) => {
      const y = f(...[a, b].slice(0, f.length));
      const grads = y.dtype === "float32" ? gradients(y.sum(), { a, b }) : {};
      return { state, outputs: { y, ...grads } };
    },
    {},
    { a: { shape }, b: { shape } },
  );
  const outputs = program.step({ a: pairs.map(([a]) => a), b: pairs.map(([, b]) => b) });
  return Object.fromEntries(
    Object.entries(outputs).map(([name, { data }]) => [name, Array.from(data)]),
  );
}

test.each(operations)("both engines agree on %s, and on its gradients", (_, f) => {
  const expected = computed(reference(), f);
  const actual = computed(engine, f);
  for (const [name, list] of Object.entries(expected))
    list.forEach((value, i) => {
      const got = actual[name]![i]!;
      const close = Math.abs(got - value) <= 4e-6 * Math.max(1, Math.abs(value));
      expect(close || Object.is(got + 0, value + 0), `${name}[${i}]: ${got}, ${value}`).toBe(true);
    });
});
