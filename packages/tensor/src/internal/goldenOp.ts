import type { GoldenArray, GoldenRow } from "@tenon/golden";
import { notCovered } from "@tenon/testkit";
import { expect } from "vitest";
import * as t from "../index.js";
import type { Tensor } from "../index.js";

// Compares an operation with a row of another library's values. Not exported, not shipped.

/** A row of the table of operations. */
export interface OpRow extends GoldenRow {
  readonly inputs: Readonly<Record<string, GoldenArray>>;
  readonly outputs: Readonly<Record<string, GoldenArray>>;
  readonly upstream?: Readonly<Record<string, GoldenArray>>;
  readonly gradients?: Readonly<Record<string, GoldenArray>>;
  readonly vector?: GoldenArray;
  readonly hessian_vector?: GoldenArray;
}

export type Options = Readonly<Record<string, unknown>>;
type Compute = (
  inputs: Readonly<Record<string, Tensor>>,
  options: Options,
) => Tensor | Readonly<Record<string, Tensor>>;

/** Inputs that count or choose: they have no gradient. */
const integers = new Set(["index", "input", "condition"]);

/**
 * A runner: our function against the row's outputs, gradients, and products of Hessian and vector,
 * in float64. `optionNames` are the options that it supports.
 */
export const runs =
  (compute: Compute, ...optionNames: string[]): ((row: OpRow) => void) =>
  (row) => {
    const unknown = Object.keys(row.options).filter((option) => !optionNames.includes(option));
    if (unknown.length > 0) notCovered(`${row.name} with ${unknown.join(", ")}`);
    const name = row.name;
    const asInteger = (key: string): boolean => integers.has(key) || name.endsWith("one_hot");
    const specs = Object.fromEntries(
      Object.entries(row.inputs).map(([key, { shape }]) => [
        key,
        { shape, dtype: asInteger(key) ? ("int32" as const) : ("float32" as const) },
      ]),
    );
    const none: Record<string, Tensor> = {};
    const program = t.reference({ precision: "float64" }).compile(
      (state, inputs: Record<string, Tensor>) => {
        const result = compute(inputs, row.options);
        const outputs = t.isLeaf(result)
          ? { y: result as Tensor }
          : (result as Record<string, Tensor>);
        if (!row.gradients) return { state, outputs: { outputs, grads: none, curvature: none } };
        const loss = Object.entries(row.upstream!).reduce(
          (sum, [key, up]) =>
            sum.add(outputs[key]!.mul(t.tensor(up.data as number[], up.shape)).sum()),
          t.tensor(0),
        );
        const grads: Record<string, Tensor> = t.gradients(
          loss,
          Object.fromEntries(Object.keys(row.gradients).map((key) => [key, inputs[key]!])),
        );
        if (!row.vector) return { state, outputs: { outputs, grads, curvature: none } };
        const along = grads["x"]!.mul(
          t.tensor(row.vector.data as number[], row.vector.shape),
        ).sum();
        return {
          state,
          outputs: {
            outputs,
            grads,
            curvature: t.gradients(along, { x: inputs["x"]! }) as Record<string, Tensor>,
          },
        };
      },
      {},
      specs,
    );
    const { outputs, grads, curvature } = program.step(
      Object.fromEntries(
        Object.entries(row.inputs).map(([key, { shape, data }]) => [
          key,
          { shape, dtype: specs[key]!.dtype, data: Float64Array.from(data, Number) },
        ]),
      ),
    );
    expect(Object.keys(outputs).sort()).toEqual(Object.keys(row.outputs).sort());
    for (const [key, expected] of Object.entries(row.outputs))
      same(`output ${key}`, outputs[key]!, expected);
    for (const [key, expected] of Object.entries(row.gradients ?? {}))
      same(`gradient of ${key}`, grads[key]!, expected);
    if (row.hessian_vector) same("curvature", curvature["x"]!, row.hessian_vector);
  };

function same(
  what: string,
  got: { readonly shape: readonly number[]; readonly data: ArrayLike<number> },
  expected: GoldenArray,
): void {
  expect(got.shape, `shape of ${what}`).toEqual(expected.shape);
  expected.data.forEach((value, i) => {
    const want = Number(value);
    const have = got.data[i]!;
    const close =
      Object.is(want, have) ||
      want === have ||
      Math.abs(want - have) <= 1e-10 * Math.max(1, Math.abs(want));
    expect(close, `${what}[${i}]: expected ${want}, got ${have}`).toBe(true);
  });
}
