import type { MaxPoolOptions, PoolSpec } from "@tenon/plan";
import { expect, test } from "vitest";
import { argReduce } from "./argReduce.js";
import { maxPool } from "./pool.js";
import type { Kernel, Operand } from "./kernel.js";

/** The code of a kernel whose operands are arrays `x0`, `x1`, … */
const codeOf = ({ operands, body }: Kernel): string =>
  body(
    operands.map((_, k): Operand => ({
      load: (index) => `x${k}[${index}]`,
      store: (index, value) => `x${k}[${index}] = ${value};`,
    })),
    "",
  );

test("no choice depends on what a driver makes of the opposite of a comparison with NaN", () => {
  const spec: PoolSpec = {
    x: [1, 4, 4, 1],
    attrs: {
      image: [4, 4],
      window: [2, 2],
      strides: [2, 2],
      padding: [
        [0, 0],
        [0, 0],
      ],
    },
  };
  const prologue = {
    shape: [16],
    inputs: [{ strides: [1], offset: 0 }],
    body: [{ op: "load", input: 0, dtype: "float32" }],
    outputs: [0],
  } as unknown as MaxPoolOptions["prologue"];
  const sizes = { outer: 2, n: 5, inner: 3, dtype: "float32" } as const;
  for (const [kernel, value, than] of [
    [argReduce({ ...sizes, kind: "argMax" }), "value", ">"],
    [argReduce({ ...sizes, kind: "argMin" }), "value", "<"],
    [maxPool(spec, { prologue } as MaxPoolOptions), "v0", ">"],
  ] as const) {
    const code = codeOf(kernel);
    expect(code).toContain(`!is_nan(best) && (is_nan(${value}) || ${value} ${than} best)`);
    expect(code).not.toMatch(/!\([^()]* [<>]=? [^()]*\)/);
  }
});
