import { zeros } from "@tenon/init";
import { expectClose } from "@tenon/testkit";
import { expect, test } from "vitest";
import { conv2d, dense, inception, maxPool2d, relu, residual, sequential } from "./index.js";
import { gradcheck, startOf, wavy } from "./internal/gradcheck.js";
import { run } from "./internal/testing.js";

test("a body of zeros leaves the input and its gradient as they are", () => {
  const x = wavy([2, 3]);
  const layer = residual(dense(3, { kernelInit: zeros() }));
  const { kernel, bias } = {
    kernel: { shape: [3, 3], data: new Float64Array(9) },
    bias: { shape: [3], data: [0, 0, 0] },
  };
  const { y, dx } = run(layer, { x, params: { "body/kernel": kernel, "body/bias": bias } });
  expectClose(y.data, x.data);
  expectClose(dx.data, new Array(6).fill(1));
});

test("adds the shortcut's output where there is one", () => {
  const layer = residual([conv2d(4, 3, { padding: "same", strides: 2 }), relu()], {
    shortcut: conv2d(4, 1, { strides: 2 }),
  });
  const plan = layer.plan([6, 6, 2]);
  expect(plan.output).toEqual([3, 3, 4]);
  expect(Object.keys(plan.params)).toEqual([
    "body/conv2d1/kernel",
    "body/conv2d1/bias",
    "shortcut/kernel",
    "shortcut/bias",
  ]);
  const x = wavy([1, 6, 6, 2]);
  const start = startOf(layer, [6, 6, 2]);
  const paramsUnder = (prefix: string): typeof start.params =>
    Object.fromEntries(
      Object.entries(start.params!)
        .filter(([path]) => path.startsWith(prefix))
        .map(([path, p]) => [path.slice(prefix.length), p]),
    );
  const body = run(sequential(conv2d(4, 3, { padding: "same", strides: 2 }), relu()), {
    x,
    params: paramsUnder("body/")!,
  }).y.data;
  const side = run(conv2d(4, 1, { strides: 2 }), { x, params: paramsUnder("shortcut/")! }).y.data;
  expectClose(
    run(layer, { x, ...start }).y.data,
    Array.from(body, (v, i) => v + side[i]!),
  );
});

test("inception joins its branches along the channels", () => {
  const layer = inception(
    conv2d(2, 1),
    [conv2d(1, 1), conv2d(3, 3, { padding: "same" })],
    [maxPool2d(3, { strides: 1, padding: "same" }), conv2d(1, 1)],
  );
  const plan = layer.plan([4, 4, 2]);
  expect(plan.output).toEqual([4, 4, 6]);
  expect(Object.keys(plan.params).filter((path) => path.endsWith("kernel"))).toEqual([
    "branch1/kernel",
    "branch2/conv2d1/kernel",
    "branch2/conv2d2/kernel",
    "branch3/conv2d1/kernel",
  ]);
  const x = wavy([1, 4, 4, 2]);
  const start = startOf(layer, [4, 4, 2]);
  const first = run(conv2d(2, 1), {
    x,
    params: { kernel: start.params!["branch1/kernel"]!, bias: start.params!["branch1/bias"]! },
  }).y.data;
  const y = run(layer, { x, ...start }).y.data;
  expectClose(
    Array.from(y).filter((_, i) => i % 6 < 2),
    first,
  );
});

test("gradients flow through every branch", () => {
  gradcheck(residual(dense(3)), [3]);
  gradcheck(residual([dense(2), relu()], { shortcut: dense(2, { useBias: false }) }), [3]);
  gradcheck(inception(dense(2), [dense(2), dense(1)]), [3]);
  gradcheck(
    inception(conv2d(1, 1), [maxPool2d(2, { strides: 1, padding: "same" }), conv2d(1, 1)]),
    [3, 3, 2],
    { batch: 1 },
  );
});

test("names what it expected", () => {
  expect(() => residual(conv2d(4, 3)).plan([6, 6, 4])).toThrow(
    "residual: expected a body that makes [6, 6, 4], the shape of its input, got [4, 4, 4]; " +
      "give it a shortcut of that shape, such as a 1×1 convolution",
  );
  expect(() => residual(dense(3), { shortcut: dense(4) }).plan([5])).toThrow(
    "residual: expected a body that makes [4], the shape of its shortcut, got [3]",
  );
  expect(() => inception()).toThrow("inception: expected at least one branch, got none");
  expect(() => inception(conv2d(1, 1), conv2d(1, 3)).plan([4, 4, 1])).toThrow(
    "inception: expected branches whose outputs agree but for the channels, got [4, 4, 1] from " +
      "branch1 and [2, 2, 1] from branch2",
  );
  expect(() => inception([relu(), dense(3)], [relu(), conv2d(2, 1)]).plan([4])).toThrow(
    'layer "branch2/conv2d1": conv2d: expected an image',
  );
});
