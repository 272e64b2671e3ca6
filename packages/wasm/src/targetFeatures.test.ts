import { beforeAll, expect, test } from "vitest";
import { gradients, tensor, type Tensor } from "@tenon/tensor";
import { targetFeatures } from "./targetFeatures.js";
import { wasm, type WasmEngine } from "./engine.js";

let plain: WasmEngine;
beforeAll(async () => {
  plain = await wasm({ threads: 1 });
});

/** A layer and its gradients: products of every transposition. */
function products(engine: WasmEngine): Float32Array[] {
  const array = (n: number, m: number) =>
    ({
      shape: [n, m],
      dtype: "float32",
      data: Float32Array.from({ length: n * m }, (_, i) => Math.sin(i * i + n)),
    }) as const;
  const start = { x: array(37, 70), w: array(70, 45) };
  const program = engine.compile(
    (state: Record<"x" | "w", Tensor>) => {
      const y = state.x.matmul(state.w).tanh();
      return {
        state,
        outputs: {
          y,
          ...gradients(
            y.mul(tensor(Float32Array.from({ length: 45 }, (_, i) => i / 45))).sum(),
            state,
          ),
        },
      };
    },
    start,
    {},
  );
  return Object.values(program.step({})).map(({ data }) => data as Float32Array);
}

test("requests no feature by default", () => {
  expect(targetFeatures({ turbo: false, relaxed: false })).toEqual({
    vectors256: false,
    relaxed: false,
  });
  expect([plain.turbo, plain.relaxed]).toEqual([false, false]);
});

test("turbo keeps the bits, and says whether it is there", async () => {
  const engine = await wasm({ threads: 1, turbo: true });
  expect(engine.turbo).toBe(
    Number.parseInt(process.versions.node, 10) >= 24 && process.arch === "x64",
  );
  expect(products(engine)).toEqual(products(plain));
});

test("relaxed products are as exact as others, and are there in every Node that is supported", async () => {
  const engine = await wasm({ threads: 1, relaxed: true });
  expect(engine.relaxed).toBe(true);
  products(engine).forEach((actual, k) => {
    const wanted = products(plain)[k]!;
    const size = Math.max(...wanted.map(Math.abs));
    actual.forEach((x, i) => expect(Math.abs(x - wanted[i]!) / size).toBeLessThan(1e-6));
  });
});
