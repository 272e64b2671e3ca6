import type { NDArray } from "@tenon/contracts";
import { expect, test } from "vitest";
import {
  clock,
  conv2d,
  gradients,
  maxPool2d,
  placeholders,
  sizeOf,
  tensor,
  where,
  type Tensor,
} from "@tenon/tensor";
import { planStep, type Plan } from "@tenon/plan";
import type { Kernel } from "../kernels/kernel.js";
import { backend } from "./backend.js";

/** Plans a step of named float32 arrays; what has the name of an input replaces it. */
function planned(
  shapes: Record<string, readonly number[]>,
  step: (x: Record<string, Tensor>) => Record<string, Tensor>,
): Plan<Kernel> {
  const zeros = Object.entries(shapes).map(([name, shape]): [string, NDArray] => [
    name,
    { shape, dtype: "float32", data: new Float32Array(sizeOf(shape)) },
  ]);
  const all = Object.fromEntries(zeros);
  // Which names are state is known only after the step was called once.
  const names = Object.keys(step(placeholders(all) as Record<string, Tensor>));
  const isState = ([name]: [string, NDArray]): boolean => names.includes(name);
  const state = Object.fromEntries(zeros.filter(isState));
  const inputs = Object.fromEntries(zeros.filter((entry) => !isState(entry)));
  return planStep(
    (before: Record<string, Tensor>, fed: Record<string, Tensor>) => {
      const results = Object.entries(step({ ...before, ...fed }));
      const pick = (wanted: boolean): Record<string, Tensor> =>
        Object.fromEntries(results.filter(([name]) => name in state === wanted));
      return { state: pick(true), outputs: pick(false) };
    },
    state,
    inputs,
    backend,
  ).plan;
}
const labels = ({ steps }: Plan<Kernel>): string[] => steps.map(({ label }) => label);

test("a chain of elementwise operations is one loop, and what nobody else reads is never stored", () => {
  const { steps } = planned({ x: [100], b: [1] }, ({ x, b }) => ({
    y: x!.mul(2).add(b!).tanh().square().sub(x!),
  }));
  expect(steps).toHaveLength(1);
  expect(steps[0]!.operands).toHaveLength(3);
});

test("an expression is folded into the reduction that reads it", () => {
  expect(labels(planned({ x: [8, 100] }, ({ x }) => ({ y: x!.square().sum() })))).toEqual(["sum"]);
  // What is dear is computed once: the exponentials of a softmax are stored, the cheap difference
  // is not.
  const softmax = planned({ x: [8, 100] }, ({ x }) => ({ y: x!.softmax() }));
  expect(labels(softmax)).toEqual(["max", "exp", "sum", "div"]);
});

test("Adam is one pass over a parameter, its moments and its gradient, in place", () => {
  const result = planned(
    { w: [50, 20], m: [50, 20], v: [50, 20], g: [50, 20], t: [] },
    ({ w, m, v, g, t }) => {
      const m1 = m!.mul(0.9).add(g!.mul(0.1));
      const v1 = v!.mul(0.999).add(g!.square().mul(0.001));
      const [a, b] = [1, 2].map((k) => clock(t!).value((step) => k + step)) as [Tensor, Tensor];
      return { w: w!.sub(m1.mul(a).div(v1.mul(b).sqrt().add(1e-8))), m: m1, v: v1 };
    },
  );
  expect(result.steps).toHaveLength(1);
  expect(result.steps[0]!.kernel.pointers).toBe(3 + 6);
});

test("equal values are computed once; numbers that do not change are folded; transposes cost nothing in a product", () => {
  expect(labels(planned({ x: [9] }, ({ x }) => ({ y: x!.exp().add(x!.exp()) })))).toEqual(["add"]);
  const folded = planned({ x: [9] }, ({ x }) => ({
    y: x!.mul(tensor(3).mul(2).sub(5)).sub(tensor(0)).square(),
  }));
  expect(folded.steps[0]!.kernel.flops).toBe(9);
  expect(
    labels(planned({ a: [4, 5], b: [6, 5] }, ({ a, b }) => ({ y: a!.matmul(b!.transpose()) }))),
  ).toEqual(["matmul"]);
});

test("a state that is still read when its next value is made is copied, never overwritten too soon", () => {
  // The next a is a product of a with itself: every element is read after the first is written.
  const result = planned({ a: [4, 4] }, ({ a }) => ({ a: a!.matmul(a!) }));
  expect(labels(result)).toEqual(["matmul", "copy of state"]);
  // Read by others: they run first.
  const ordered = planned({ a: [4, 4], b: [4, 4] }, ({ a, b }) => ({
    a: a!.add(1),
    b: b!.matmul(a!),
  }));
  expect(labels(ordered)).toEqual(["matmul", "add", "copy of state"]);
});

test("no two arrays that are alive together share memory", () => {
  const { steps, offsets } = planned({ x: [64, 64] }, ({ x }) => {
    const layers = [x!];
    for (let i = 0; i < 6; i++) layers.push(layers[i]!.matmul(x!).tanh());
    return { loss: layers[6]!.sum(), ...gradients(layers[6]!.sum(), { dx: x! }) };
  });
  const last = new Map(
    steps.flatMap(({ operands }, at) => operands.map((buffer) => [buffer, at] as const)),
  );
  steps.forEach(({ operands }, at) => {
    const alive = new Set([
      ...operands,
      ...steps
        .slice(0, at)
        .flatMap((step) => [...step.operands])
        .filter((buffer) => last.get(buffer)! >= at),
    ]);
    const spans = [...alive]
      .map((buffer) => [offsets.get(buffer)!, offsets.get(buffer)! + buffer.bytes])
      .sort((a, b) => a[0]! - b[0]!);
    for (let i = 1; i < spans.length; i++)
      expect(spans[i]![0]).toBeGreaterThanOrEqual(spans[i - 1]![1]!);
  });
});

test("behind a ReLU, a max pool computes what it looks at, and its gradient is masked and summed before it is spread", () => {
  const steps = (activation: (x: Tensor) => Tensor) =>
    planned({ x: [4, 8, 8, 8], w: [1, 1, 8, 8], b: [8] }, ({ x, w, b }) => {
      const y = maxPool2d(activation(conv2d(x!, w!).add(b!)), 2);
      return { y, ...gradients(y.square().sum(), { dw: w!, db: b! }) };
    }).steps;
  const largest = steps((x) => x.relu()).filter(({ fused }) => fused > 0);
  // The convolution passes its images on to the pool, and what the pool sends back is never spread.
  expect(largest.map(({ label }) => label)).toEqual([
    "conv2d argMaxPool2d",
    "where",
    "unpool2d conv2dFilter",
    "sum",
  ]);
  expect(largest.map(({ kernel }) => kernel.key)).toEqual(
    ["reluf", "loop [512]", "unpoolConv2dFilter", "sum 0 [64,8]"].map(
      (part) => expect.stringContaining(part) as string,
    ),
  ); // of 4 × 4 × 4 × 8 windows
  // Another activation's gradient is no mask.
  expect(steps((x) => x.tanh()).map(({ label }) => label)).toContain("mul");
});

test("both gradients of a convolution in front of a max pool are made of what it sends back, if windows are large enough to save work", () => {
  const keys = (window: [number, number], strides = window): string[] =>
    planned({ x: [2, 9, 9, 16], w: [3, 3, 16, 8] }, ({ x, w }) =>
      gradients(
        maxPool2d(conv2d(x!, w!, { padding: "same" }), window, { strides })
          .square()
          .sum(),
        { dx: x!, dw: w! },
      ),
    ).steps.map(({ kernel }) => kernel.key);
  for (const name of ["unpoolConv2dInput", "unpoolConv2dFilter"])
    expect(keys([2, 2])).toContainEqual(expect.stringContaining(name));
  expect(keys([2, 2])).not.toContainEqual(expect.stringContaining("Scatter"));
  expect(keys([1, 2])).not.toContainEqual(expect.stringContaining("unpoolConv2d"));
  expect(keys([2, 2], [1, 1])).not.toContainEqual(expect.stringContaining("unpoolConv2d"));
});

test("zeros are looked for in what may hold many", () => {
  const keys = (of: (x: Tensor) => Tensor): string[] =>
    planned({ x: [32, 64], w: [64, 64] }, ({ x, w }) => ({
      y: of(x!.mul(2).tanh()).matmul(w!),
    })).steps.map(({ kernel }) => kernel.key);
  for (const of of [
    (x: Tensor) => x.relu(),
    (x: Tensor) => where(x.greater(0), x, tensor(0)).mul(2),
    (x: Tensor) => x.greater(0).cast("float32"),
  ])
    expect(keys(of)).toContainEqual(expect.stringContaining("sparse"));
  expect(keys((x) => x)).not.toContainEqual(expect.stringContaining("sparse"));
  expect(
    planned({ x: [32, 64], w: [64, 64] }, ({ x, w }) => ({ y: x!.matmul(w!) })).steps.map(
      ({ kernel }) => kernel.key,
    ),
  ).toContainEqual(expect.stringContaining("sparse"));
});

test("zeros are looked for behind thousands of operations, too", () => {
  const deep = planned({ x: [32, 64], w: [64, 64] }, ({ x, w }) => {
    let y = x!.tanh();
    for (let i = 0; i < 5000; i++) y = y.mul(w!.sum()).abs();
    return { y: y.matmul(w!) };
  });
  expect(deep.steps.map(({ kernel }) => kernel.key)).toContainEqual(
    expect.stringContaining("gemm"),
  );
});

test("images are passed on to their only reader, never to one of several", () => {
  const step = (also: (z: Tensor) => Record<string, Tensor>): string[] =>
    labels(
      planned({ x: [4, 8, 8, 3], w: [3, 3, 3, 8] }, ({ x, w }) => {
        const z = conv2d(x!, w!);
        return { y: maxPool2d(z, 2), ...also(z) };
      }),
    );
  expect(step(() => ({}))).toEqual(["conv2d argMaxPool2d"]);
  expect(step((z) => ({ z }))).toEqual(["conv2d", "argMaxPool2d"]);
  expect(step((z) => ({ sum: z.sum() }))).toEqual(["conv2d", "argMaxPool2d", "sum"]);
});

test("what becomes of a convolution's sums becomes of them image by image: its bias, its activation, what it is multiplied with", () => {
  const step = (also: (z: Tensor, y: Tensor) => Record<string, Tensor>): string[] =>
    labels(
      planned({ x: [64, 9, 9, 4], w: [3, 3, 4, 8], b: [8], m: [64, 7, 7, 8] }, ({ x, w, b, m }) => {
        const z = conv2d(x!, w!);
        const y = z.add(b!).relu().mul(m!);
        return { y, ...also(z, y) };
      }),
    );
  const one = step(() => ({}));
  expect(one.at(-1)).toMatch(/^conv2d .*mul$/);
  expect(one.filter((label) => label !== "conv2d")).toHaveLength(1);
  // Nobody reads the sums again, but somebody else may read what became of them.
  expect(
    step((_, y) => ({
      dense: y.reshape([64, 392]).matmul(y.reshape([64, 392]).transpose([1, 0])),
    })).filter((label) => /^conv2d ./.test(label)),
  ).toHaveLength(1);
  expect(step((z) => ({ z })).filter((label) => /^conv2d ./.test(label))).toEqual([]);
  // A loop over other images, or one that reads them in another order, is none of these.
  expect(
    step((z) => ({ y: z.transpose([3, 1, 2, 0]).mul(2) })).filter((label) =>
      /^conv2d ./.test(label),
    ),
  ).toEqual([]);
});

test("a batch norm between a convolution and a max pool sums over windows, and its gradient is made as it is spread", () => {
  const { steps } = planned(
    { x: [4, 7, 7, 8], w: [1, 1, 8, 8], gamma: [8], beta: [8] },
    ({ x, w, gamma, beta }) => {
      const z = conv2d(x!, w!);
      const centred = z.sub(z.mean([0, 1, 2]));
      const deviation = centred.square().mean([0, 1, 2]).add(1e-3).sqrt();
      const y = maxPool2d(centred.mul(gamma!.div(deviation)).add(beta!).relu(), 2);
      return {
        y,
        ...gradients(y.square().sum(), { dx: x!, dw: w!, dgamma: gamma!, dbeta: beta! }),
      };
    },
  );
  // Of what is as large as the image, nothing is written but the convolution and the gradients.
  const large = steps
    .filter(({ operands: [out] }) => out!.bytes >= 4 * 4 * 7 * 7 * 8)
    .map(({ label }) => label);
  expect(large).toEqual(["conv2d", "unpool2d add", "conv2dInput"]);
  // The mean and the variance look at the image; the two sums of the gradient at windows, where the
  // pool has taken the image along.
  const sums = steps
    .filter(({ label }) => label === "sum")
    .map(({ operands: [, from], kernel }) => ({
      image: from!.bytes >= 4 * 4 * 7 * 7 * 8,
      key: kernel.key,
    }));
  expect(sums.filter(({ image }) => image)).toHaveLength(2);
  expect(steps.map(({ label }) => label)).not.toContain("gatherPool2d");
});

test("both gradients of a convolution are made together, unless one is made of the other", () => {
  const conv = (step: (x: Record<string, Tensor>) => Record<string, Tensor>): string[] =>
    labels(planned({ x: [2, 6, 6, 8], w: [3, 3, 8, 8] }, step)).filter((label) =>
      label.startsWith("conv2d"),
    );
  const first = ({ x, w }: Record<string, Tensor>) =>
    gradients(conv2d(x!, w!).square().sum(), { dx: x!, dw: w! });
  expect([...new Set(conv(first))]).toEqual(["conv2d", "conv2d mul", "conv2dInput conv2dFilter"]);
  // Of a gradient's gradient.
  expect(
    conv((x) => gradients(first(x).dx!.square().sum(), { dx: x["x"]!, dw: x["w"]! })).length,
  ).toBeGreaterThan(4);
});

test("a convolution of which each output looks at one channel takes a path of its own, and so do its gradients", () => {
  const keys = (w: readonly number[], groups: number): string[] =>
    planned({ x: [2, 6, 6, 8], w }, ({ x, w }) =>
      gradients(conv2d(x!, w!, { groups }).square().sum(), { dx: x!, dw: w! }),
    ).steps.map(({ kernel }) => kernel.key);
  const depthwise = keys([3, 3, 1, 8], 8);
  for (const name of ["depthwise/", "depthwiseInput/", "depthwiseFilter/"])
    expect(depthwise).toContainEqual(expect.stringContaining(name));
  expect(depthwise).not.toContainEqual(expect.stringContaining("conv2d"));
  expect(keys([3, 3, 1, 16], 8)).not.toContainEqual(expect.stringContaining("depthwise"));
  // Work items belong to images, so what is made passes on to a pool.
  expect(
    labels(
      planned({ x: [4, 9, 9, 8], w: [3, 3, 1, 8] }, ({ x, w }) => ({
        y: maxPool2d(conv2d(x!, w!, { groups: 8 }), 2),
      })),
    ),
  ).toEqual(["conv2d argMaxPool2d"]);
});
