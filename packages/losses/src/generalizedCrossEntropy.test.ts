import { expectClose } from "@tenon/testkit";
import { tensor } from "@tenon/tensor";
import { expect, test } from "vitest";
import { generalizedCrossEntropy } from "./index.js";
import { run } from "./internal/testing.js";

const labels = tensor(Int32Array.of(0, 2));
const lossOf = (q: number, x: readonly number[]): number[] =>
  run((p) => generalizedCrossEntropy(p, labels, { q, reduction: "none" }), x, [2, 3]).loss;
const logits = [2, -1, 0.5, 0, 3, -2];

test("is (1 − pᵠ) / q in PyTorch's arithmetic", () => {
  expectClose(lossOf(0.5, logits), [0.22732176118814396, 1.840281986958987], 1e-12);
  expectClose(lossOf(0.7, logits), [0.222031094366042, 1.3870611713708563], 1e-12);
});

test("towards q = 0 it is the cross entropy, and a sure and wrong label costs 1 / q", () => {
  expectClose(lossOf(1e-9, logits), [0.24131129665715703, 5.054985235377147], 1e-6);
  expectClose(lossOf(0.5, [-800, 0, 0, 0, 0, -800]), [2, 2]);
});

test("refuses q outside (0, 1]", () => {
  for (const q of [0, 1.5, NaN, "1"] as never[])
    expect(() =>
      generalizedCrossEntropy(tensor([[1, 2]]), tensor(Int32Array.of(0)), { q }),
    ).toThrow("generalizedCrossEntropy: expected q in (0, 1], got ");
});
