import { expectClose } from "@tenon/testkit";
import { tensor } from "@tenon/tensor";
import { expect, test } from "vitest";
import { ntXent } from "./index.js";
import { run } from "./internal/testing.js";

const embeddings = [1, 0.5, -0.2, 0.8, 0.7, 0.1, -0.3, 1, 0.4, -0.1, 0.9, -0.6].concat([
  ...[0.2, -0.4, 1, 0.9, 0.1, 0.3],
]);
const labels = tensor(Int32Array.of(0, 0, 1, 1, 2, 0));

test("is what its definition gives in PyTorch's arithmetic, pair by pair", () => {
  const options = { temperature: 0.5 };
  const none = run((x) => ntXent(x, labels, { ...options, reduction: "none" }), embeddings, [6, 3]);
  expectClose(
    none.loss,
    [0.5355703919270434, 0.6885818598690596, 0.9980594339367093, 1.0019610311485394, 0].concat(
      0.5734481865999446,
    ),
    1e-9,
  );
  expectClose(
    run((x) => ntXent(x, labels, options), embeddings, [6, 3]).grad.slice(0, 6),
    [-0.09870237345734431, 0.15352090706492932, -0.10970959962439802, -0.21871516182744313].concat([
      ...[0.2525210211982182, -0.017925853767982294],
    ]),
    1e-9,
  );
});

test("is finite where all examples are alike, of zeros, and at a low temperature", () => {
  for (const [data, of] of [
    [embeddings, Int32Array.of(3, 3, 3, 3, 3, 3)],
    [Array<number>(18).fill(0), Int32Array.of(0, 0, 1, 1, 2, 0)],
    [embeddings, Int32Array.of(0, 1, 2, 3, 4, 5)],
  ] as const) {
    const { loss, grad } = run((x) => ntXent(x, tensor(of), { temperature: 1e-3 }), data, [6, 3]);
    expect([...loss, ...grad].every(Number.isFinite)).toBe(true);
  }
});

test("refuses other than one row for each example", () => {
  const x = tensor(new Float32Array(8), [2, 2, 2]);
  expect(() => ntXent(x, tensor(new Int32Array(4), [2, 2]))).toThrow(
    "ntXent: expected embeddings [n, features], got [2, 2, 2]",
  );
  expect(() => ntXent(x, tensor(Int32Array.of(0, 1)), { temperature: 0 })).toThrow("ntXent: ");
});
