import { array } from "@tenon/conformance";
import { scatterAdd, type Tensor } from "@tenon/tensor";
import { expect, test } from "vitest";
import { withGpu } from "../testing/withGpu.js";

await withGpu("sums at indices", ({ engine }) => {
  // So many that equal indices are linked first. Some occur often, some never.
  const [n, m, inner] = [600, 1100, 8];
  const indices = Int32Array.from({ length: m }, (_, j) => (j % 3 === 0 ? 5 : (j * j) % (n - 1)));
  const program = engine.compile(
    (state: object, { y, at }: Record<"y" | "at", Tensor>) => ({
      state,
      outputs: { sums: scatterAdd(y, at, n) },
    }),
    {},
    { y: { shape: [m, inner] }, at: { shape: [m], dtype: "int32" } },
  );
  const y = array([m, inner], (i) => Math.sin(i));

  test("many sums at indices are added in the order of the values", async () => {
    const names = program.plan.dispatches.flatMap(({ kernels }) => kernels.map(({ name }) => name));
    expect(names).toEqual([
      `links of equal indices [${m}]`,
      `scatterAdd of linked positions [${n * inner}]`,
    ]);
    const expected = new Float32Array(n * inner);
    indices.forEach((v, j) => {
      for (let i = 0; i < inner; i++) expected[v * inner + i]! += y.data[j * inner + i]!;
    });
    // The second time memory has the links of other indices.
    for (const shift of [0, 1]) {
      const data = indices.map((v) => (v + shift) % n);
      const at = { shape: [m], dtype: "int32" as const, data };
      const { sums } = await program.step({ y, at });
      const from = (n - shift) * inner;
      const turned = Float32Array.from(sums.data, (_, i) => expected[(i + from) % (n * inner)]!);
      expect(sums.data).toEqual(turned);
    }
  });

  test("an index out of bounds is named, and ends the steps", async () => {
    const data = indices.slice();
    data[700] = n;
    const wrong = program.step({ y, at: { shape: [m], dtype: "int32", data } });
    await expect(wrong).rejects.toThrow(`scatterAdd: expected indices below ${n}`);
  });
});
