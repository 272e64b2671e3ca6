import fc from "fast-check";
import { expect, test } from "vitest";
import { argMax, slice, variance } from "./index.js";
import { gradients } from "./gradients.js";
import { gradcheck, testValues } from "./internal/gradcheck.js";
import { arange, tensor, zeros } from "./ops/leaf.js";
import { topological } from "./topological.js";
import { sin } from "./ops/elementwise.js";
import { logSumExp } from "./ops/reduce.js";
import type { Tensor } from "./tensor.js";

test("the gradient of x³ is 3x², and its gradient is 6x, and so on", () => {
  const x = tensor(2);
  let y = x.pow(3);
  for (const expected of [12, 12, 6, 0]) {
    y = gradients(y, x);
    expect(y.item()).toBe(expected);
  }
});

test("the derivatives of sine come round again", () => {
  const x = tensor(0.7);
  let y = sin(x);
  for (let n = 1; n <= 8; n++) {
    y = gradients(y, x);
    expect(y.item()).toBeCloseTo(Math.sin(0.7 + (n * Math.PI) / 2), 6);
  }
});

test("has the structure of its second argument", () => {
  const params = { a: { weight: tensor([1, 2]) }, b: tensor([3, 4]) };
  const grads = gradients(params.a.weight.mul(params.b).sum(), params);
  expect(grads.a.weight.data()).toEqual(Float32Array.of(3, 4));
  expect(grads.b.data()).toEqual(Float32Array.of(1, 2));
  expect(gradients(params.b.sum(), params.b).data()).toEqual(Float32Array.of(1, 1));
  expect(gradients(params.b.sum(), {})).toEqual({});
});

test("what the loss does not depend on, or only through integers, has gradient 0", () => {
  const x = tensor([1, 2]);
  expect(gradients(tensor(1), x).data()).toEqual(Float32Array.of(0, 0));
  expect(gradients(argMax(x).cast("float32"), x).data()).toEqual(Float32Array.of(0, 0));
});

test("integers have no gradient: neither as a loss nor as its operands", () => {
  const x = tensor([1, 2]);
  const n = arange(3);
  expect(() => gradients(x.cast("int32").sum(), x)).toThrow(
    "gradients: expected a float32 loss, got int32",
  );
  expect(() => gradients(n.cast("float32").sum(), n)).toThrow(
    "gradients: expected float32 tensors, got int32, which has no gradient; cast it",
  );
  expect(() => gradients(x.sum(), { x, deep: { n } })).toThrow(
    'gradients: expected float32 tensors, got int32 at "deep/n"',
  );
});

test("what is not a tensor is refused by name", () => {
  const x = tensor([1, 2]);
  expect(() => gradients(1 as never, x)).toThrow(
    "gradients: expected a scalar loss, got 1; make a tensor of it with tensor(…)",
  );
  expect(() => gradients(x.sum(), undefined as never)).toThrow(
    "gradients: expected a tensor, or tensors by name, got undefined",
  );
  expect(() => gradients(x.sum(), { x: x.value() } as never)).toThrow(
    'gradients: expected a tensor at "x", got float32 [2]; make a tensor of it with tensor(…)',
  );
  expect(() => gradients(x.sum(), { a: { b: 1 } } as never)).toThrow(
    'leaves: expected tensors or arrays with a shape at "a/b", or an object of such, got 1',
  );
});

test("gradients of intermediate tensors, and of the loss itself", () => {
  const x = tensor(3);
  const y = x.square();
  const loss = y.mul(y);
  const grads = gradients(loss, { x, y, loss });
  expect([grads.x.item(), grads.y.item(), grads.loss.item()]).toEqual([108, 18, 1]);
});

test("a value used several times adds up its gradients", () => {
  const x = tensor([1, 2, 3]);
  expect(gradients(x.add(x).mul(x).sum(), x).data()).toEqual(Float32Array.of(4, 8, 12));
});

test("adds only the gradients that were requested", () => {
  const x = tensor([1, 2]);
  const big = zeros([50, 50]).exp().exp().sum();
  const grad = gradients(x.sum().mul(big.detach()), x);
  expect(topological([grad]).length).toBeLessThan(20);
});

test("a loss that is not a scalar is refused", () => {
  const x = tensor([1, 2]);
  expect(() => gradients(x, x)).toThrow(
    "gradients: expected a scalar loss, got shape [2]; take its mean or sum",
  );
});

// Networks drawn at random from steps that keep the shape.
const steps: ((x: Tensor, w: Tensor) => Tensor)[] = [
  (x, w) => x.matmul(w),
  (x, w) => x.add(w.sum(0)),
  (x) => x.tanh(),
  (x) => x.sigmoid().mul(x),
  (x) => x.softmax(),
  (x, w) => x.mul(w.mean()),
  (x) => x.sub(x.mean(1, true)).div(variance(x, 1, true).add(0.1).sqrt()),
  (x) => slice(x.transpose().matmul(x), [0, 0], [2, 3]),
  (x) => logSumExp(x, 0, true).add(x),
];
test("is right for functions of functions, drawn at random", () =>
  fc.assert(
    fc.property(fc.array(fc.nat(steps.length - 1), { minLength: 1, maxLength: 5 }), (program) => {
      gradcheck(
        (x, w) => program.reduce((y, step) => steps[step]!(y, w), x),
        [testValues([2, 3]), testValues([3, 3], 11)],
        { tolerance: 1e-5 },
      );
    }),
    { numRuns: 40 },
  ));
