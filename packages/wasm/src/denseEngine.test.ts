import type { NDArray } from "@tenon/contracts";
import { avgPool2d, conv2d, gradients, maxPool2d, tensor, type Tensor } from "@tenon/tensor";
import { expect, test } from "vitest";
import { denseWasm, wasm } from "./index.js";

const images = { x: { shape: [2, 4, 4, 1] } };

test("a network of dense layers has the bits of the whole engine", async () => {
  const rows = Float32Array.from({ length: 32 * 20 }, (_, i) => Math.sin(i * 1.7));
  const start = {
    w: {
      shape: [20, 12],
      dtype: "float32",
      data: Float32Array.from({ length: 240 }, (_, i) => Math.cos(i) / 5),
    } satisfies NDArray,
  };
  const trained = await Promise.all(
    [wasm({ threads: 1 }), denseWasm({ threads: 1 })].map(async (made) => {
      const program = (await made).compile(
        ({ w }: { w: Tensor }, { x }: { x: Tensor }) => {
          const loss = x.matmul(w).relu().logSoftmax().mean().neg();
          return { state: { w: w.sub(gradients(loss, w).mul(0.5)) }, outputs: { loss } };
        },
        start,
        { x: { shape: [32, 20] } },
      );
      const losses = Array.from({ length: 5 }, () => program.step({ x: rows }).loss.data[0]);
      return [losses, [...program.state().w.data]];
    }),
  );
  expect(trained[1]).toEqual(trained[0]);
});

test("a step with a convolution or a pool is refused, with what to do", async () => {
  const engine = await denseWasm({ threads: 1 });
  const compiled = (step: (x: Tensor) => Tensor) => () =>
    engine.compile(
      (_: object, { x }: { x: Tensor }) => ({ state: {}, outputs: { y: step(x) } }),
      {},
      images,
    );
  const kernel = tensor(new Float32Array(9), [3, 3, 1, 1]);
  const refused =
    /^denseWasm: expected an operation with a kernel, got "\w+"; use wasm\(\), which /;
  expect(compiled((x) => conv2d(x, kernel))).toThrow(refused);
  expect(compiled((x) => maxPool2d(x, 2))).toThrow(refused);
  expect(compiled((x) => avgPool2d(x, 2))).toThrow(refused);
});

test("arguments are refused by its own name", async () => {
  await expect(denseWasm({ threads: 0 })).rejects.toThrow("denseWasm: expected ");
  await expect(denseWasm({ thread: 1 } as never)).rejects.toThrow("denseWasm: ");
});
