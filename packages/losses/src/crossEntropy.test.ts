import { expectClose } from "@tenon/testkit";
import { gradients, reference, tensor, type Tensor } from "@tenon/tensor";
import fc from "fast-check";
import { expect, test } from "vitest";
import { crossEntropy } from "./index.js";
import { differences, labels, run } from "./internal/testing.js";

const softmax = (x: readonly number[]): number[] => {
  const e = x.map((v) => Math.exp(v - Math.max(...x)));
  const sum = e.reduce((a, b) => a + b);
  return e.map((v) => v / sum);
};
const matrix = fc
  .tuple(fc.integer({ min: 1, max: 4 }), fc.integer({ min: 1, max: 5 }))
  .chain(([n, classes]) =>
    fc.record({
      n: fc.constant(n),
      classes: fc.constant(classes),
      x: fc.array(fc.double({ min: -8, max: 8, noNaN: true }), {
        minLength: n * classes,
        maxLength: n * classes,
      }),
      y: fc.array(fc.integer({ min: 0, max: classes - 1 }), { minLength: n, maxLength: n }),
    }),
  );

test("equal logits over ten classes cost log 10", () => {
  expectClose(run((x) => crossEntropy(x, labels([3])), new Array(10).fill(0.7), [1, 10]).loss, [
    Math.log(10),
  ]);
});

test("with labels the loss is the mean of −log p[label], its gradient (p − onehot) / n", () => {
  fc.assert(
    fc.property(matrix, ({ n, classes, x, y }) => {
      const { loss, grad } = run((p) => crossEntropy(p, labels(y)), x, [n, classes]);
      const rows = y.map((_, i) => softmax(x.slice(i * classes, (i + 1) * classes)));
      expectClose(loss, [rows.reduce((sum, p, i) => sum - Math.log(p[y[i]!]!), 0) / n]);
      expectClose(
        grad,
        rows.flatMap((p, i) => p.map((q, k) => (q - (k === y[i] ? 1 : 0)) / n)),
      );
    }),
  );
});

test("labels and their one-hot rows give the same loss and gradient", () => {
  fc.assert(
    fc.property(
      matrix,
      fc.double({ min: 0, max: 1, noNaN: true }),
      fc.boolean(),
      ({ n, classes, x, y }, labelSmoothing, weighted) => {
        const options = {
          labelSmoothing,
          reduction: "sum",
          ...(weighted && { classWeights: Array.from({ length: classes }, (_, k) => 0.5 + k) }),
        } as const;
        // The library's rule weighs the smoothed part by each class's own weight, in both forms.
        const a = run((p) => crossEntropy(p, labels(y), options), x, [n, classes]);
        const b = run(
          (p) =>
            crossEntropy(
              p,
              tensor(
                y.flatMap((l) => Array.from({ length: classes }, (_, k) => Number(k === l))),
                [n, classes],
              ),
              options,
            ),
          x,
          [n, classes],
        );
        expectClose(a.loss, b.loss, 1e-9);
        expectClose(a.grad, b.grad, 1e-9);
      },
    ),
  );
});

test("gradients agree with finite differences, with every option at once", () => {
  const loss = (x: Tensor): Tensor =>
    crossEntropy(x, labels([2, 9, 0]), {
      labelSmoothing: 0.2,
      classWeights: [1, 2, 0.5],
      ignoreIndex: 9,
    });
  const x = [0.1, -2, 3, 1, 1.5, -1, 0.3, 0.2, -0.4];
  expectClose(run(loss, x, [3, 3]).grad, differences(loss, x, [3, 3]), 1e-8);
});

test("ignored labels add nothing, have no gradient, and do not count in the mean", () => {
  for (const options of [
    {},
    { classWeights: [2, 3] },
    { classWeights: [2, 3], labelSmoothing: 0.1 },
  ]) {
    const two = run(
      (x) => crossEntropy(x, labels([1, -100]), { ...options, ignoreIndex: -100 }),
      [1, 2, 30, 4],
      [2, 2],
    );
    const single = run((x) => crossEntropy(x, labels([1]), options), [1, 2], [1, 2]);
    expectClose(two.loss, single.loss);
    expectClose(two.grad, [...single.grad, 0, 0]);
  }
});

test("classes may be on any axis", () => {
  // [n, classes, positions]
  const data = Array.from({ length: 12 }, (_, i) => Math.sin(i * 2.3));
  const y = [0, 2, 1, 1];
  const first = run(
    (x) =>
      crossEntropy(x, labels(y, [2, 2]), { axis: 1, classWeights: [1, 2, 3], labelSmoothing: 0.1 }),
    data,
    [2, 3, 2],
  );
  const last = run(
    (x) =>
      crossEntropy(x.transpose([0, 2, 1]), labels(y, [2, 2]), {
        classWeights: [1, 2, 3],
        labelSmoothing: 0.1,
      }),
    data,
    [2, 3, 2],
  );
  expectClose(first.loss, last.loss);
  expectClose(first.grad, last.grad);
  expect(
    run((x) => crossEntropy(x, labels(y, [2, 2]), { axis: 1, reduction: "none" }), data, [2, 3, 2])
      .shape,
  ).toEqual([2, 2]);
});

test("logits of a thousand neither overflow nor lose the gradient, also in float32", () => {
  const { loss, grad } = run((x) => crossEntropy(x, labels([0])), [-1000, 1000], [1, 2]);
  expect(loss).toEqual([2000]);
  expect(grad).toEqual([-1, 1]);
  expect(crossEntropy(tensor([1000, -1000], [1, 2]), labels([0])).item()).toBe(0);
});

test("adds few operations to the graph", () => {
  const nodes = new Set<Tensor>();
  const visit = (x: Tensor): void => {
    if (nodes.has(x)) return;
    nodes.add(x);
    x.inputs.forEach(visit);
  };
  reference().compile(
    (_: object, { x, y }: { x: Tensor; y: Tensor }) => {
      const loss = crossEntropy(x, y);
      visit(loss);
      visit(gradients(loss, x));
      return { state: {}, outputs: { loss } };
    },
    {},
    { x: { shape: [4, 10] }, y: { shape: [4], dtype: "int32" } },
  );
  expect(nodes.size).toBeLessThanOrEqual(40);
});

test("names what it expected of targets and options", () => {
  const x = tensor(new Float32Array(6), [2, 3]);
  expect(() => crossEntropy(x, labels([0, 1, 2]))).toThrow(
    "crossEntropy: expected targets as int32 labels [2] or as probabilities [2, 3], got int32 [3]",
  );
  expect(() => crossEntropy(x, tensor([0, 1]))).toThrow("got float32 [2]; cast labels to int32");
  expect(() => crossEntropy(x, tensor([[0], [1]]))).toThrow(
    "got float32 [2, 1]; cast labels to int32; columnsOf's categories makes them of a table's numbers",
  );
  expect(() => crossEntropy(x, tensor([0, 1], [2, 1]))).toThrow("got float32 [2, 1]");
  expect(() => crossEntropy(x, labels([0, 1]), { classWeights: [1, 2] })).toThrow(
    "expected 3 classWeights, finite and ≥ 0, got [1, 2]",
  );
  expect(() => crossEntropy(x, labels([0, 1]), { labelSmoothing: 1.5 })).toThrow(
    "crossEntropy: expected labelSmoothing in [0, 1], got 1.5",
  );
  expect(() => crossEntropy(x, x, { ignoreIndex: 0 })).toThrow(
    "crossEntropy: expected no ignoreIndex with probabilities",
  );
  expect(() => crossEntropy(x, labels([0, 1]), { axis: 2 })).toThrow(
    "crossEntropy: expected an axis from -2 to 1, got 2",
  );
  expect(() => crossEntropy(x, labels([0, 1]), { reduction: "average" as never })).toThrow(
    'expected reduction "mean", "sum" or "none", got "average"',
  );
});
