import { conv2d, gradients, maxPool2d, summary, tensor, where, type Tensor } from "@tenon/tensor";
import { describe, expect, test } from "vitest";
import { kernelNames, labels, planned } from "../testing/planned.js";

type Tensors = Record<string, Tensor>;

describe("max pools", () => {
  const convReluPool = (activation: (x: Tensor) => Tensor) =>
    planned({ x: [4, 8, 8, 8], w: [1, 1, 8, 8], b: [8] }, ({ x, w, b }) => {
      const y = maxPool2d(activation(conv2d(x!, w!).add(b!)), 2);
      return { y, ...gradients(y.square().sum(), { dw: w!, db: b! }) };
    });

  test("compute a ReLU as they read it, and apply and sum its mask before unpooling", () => {
    const { steps } = convReluPool((x) => x.relu());
    const computing = steps.filter(({ fused }) => fused > 0);
    expect(computing.map(({ label }) => label)).toEqual([
      "conv2d argMaxPool2d",
      "where",
      "unpool2d conv2dFilter",
      "sum",
    ]);
    expect(kernelNames({ steps: computing })).toEqual([
      "pooledConv2d",
      "loop",
      "unpoolConv2dFilter",
      "sum",
    ]);
    // The mask and the sum are over 4 × 4 × 4 × 8 windows, not over cells.
    const [, mask, , sum] = computing;
    expect(mask!.operands[0]!.bytes).toBe(4 * 512);
    expect(sum!.operands[1]!.bytes).toBe(4 * 512);
  });

  test("leave the gradient of other activations to a loop over the image", () => {
    expect(labels(convReluPool((x) => x.tanh()))).toContain("mul");
  });

  test("are fused into both gradients of a convolution, if windows are large enough", () => {
    const names = (window: [number, number], strides = window): string[] =>
      kernelNames(
        planned({ x: [2, 9, 9, 16], w: [3, 3, 16, 8] }, ({ x, w }) =>
          gradients(
            maxPool2d(conv2d(x!, w!, { padding: "same" }), window, { strides })
              .square()
              .sum(),
            { dx: x!, dw: w! },
          ),
        ),
      );
    const fused = ["unpoolConv2dInput", "unpoolConv2dFilter"];
    expect(names([2, 2])).toEqual(expect.arrayContaining(fused));
    expect(names([2, 2])).not.toContain("unpool2d");
    for (const others of [names([1, 2]), names([2, 2], [1, 1])])
      for (const name of fused) expect(others).not.toContain(name);
  });

  test("turn sums of a batch norm's gradient into sums over windows", () => {
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
    const imageBytes = 4 * 4 * 7 * 7 * 8;
    // Of arrays as large as the image, only the convolution and the gradients are written.
    const large = steps.filter(({ operands: [result] }) => result!.bytes >= imageBytes);
    expect(large.map(({ label }) => label)).toEqual(["conv2d", "unpool2d add", "conv2dInput"]);
    // The mean and the variance read the image; the two sums of the gradient read windows, at whose
    // argmax indices the pool has gathered the image.
    const sums = steps.filter(({ label }) => label === "sum");
    const overImage = sums.filter(({ operands: [, read] }) => read!.bytes >= imageBytes);
    expect(overImage).toHaveLength(2);
    expect(steps.map(({ label }) => label)).not.toContain("gatherPool2d");
  });
});

describe("matrix products", () => {
  const names = (left: (x: Tensor) => Tensor): string[] =>
    kernelNames(planned({ x: [32, 64], w: [64, 64] }, ({ x, w }) => ({ y: left(x!).matmul(w!) })));

  test.each<[string, (x: Tensor) => Tensor]>([
    ["an input", (x) => x],
    ["a ReLU", (x) => x.tanh().relu()],
    ["a selection", (x) => where(x.greater(0), x.tanh(), tensor(0)).mul(2)],
    ["a comparison", (x) => x.tanh().greater(0).cast("float32")],
    ["thousands of operations on a ReLU", (x) => repeated(x.relu())],
  ])("are sparse if the left factor is %s", (_, left) => {
    expect(names(left)).toContain("sparse gemm");
    expect(names(left)).not.toContain("gemm");
  });

  test.each<[string, (x: Tensor) => Tensor]>([
    ["a tanh", (x) => x.mul(2).tanh()],
    ["thousands of operations on a tanh", (x) => repeated(x.tanh())],
  ])("are dense if it is %s", (_, left) => {
    expect(names(left)).toContain("gemm");
    expect(names(left)).not.toContain("sparse gemm");
  });

  function repeated(x: Tensor): Tensor {
    let y = x;
    for (let i = 0; i < 2500; i++) y = y.mul(y.sum()).abs();
    return y;
  }
});

describe("convolutions", () => {
  test("are chained to their only reader, never to one of several", () => {
    const step = (also: (z: Tensor) => Tensors): string[] =>
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

  test("are chained to all of their readers where others only summarize what they read", () => {
    const step = (n: number, figures: (z: Tensor) => Tensors): string[] =>
      labels(
        planned({ x: [n, 18, 18, 3], w: [3, 3, 3, 16], b: [16] }, ({ x, w, b }) => {
          const z = conv2d(x!, w!).add(b!);
          return { y: maxPool2d(z.relu(), 2), ...figures(z) };
        }),
      );
    const summaries = (z: Tensor): Tensors => {
      const columns = z.reshape([16, -1, 16]);
      return { before: summary(columns), after: summary(columns.relu()) };
    };
    expect(step(32, () => ({}))).toEqual(["conv2d argMaxPool2d"]);
    expect(step(32, summaries)).toEqual(["conv2d add argMaxPool2d summary summary"]);
    // A part of a summary must be whole images.
    expect(step(24, summaries)).toHaveLength(4);
  });

  test("are chained to the loop of their bias and activation, image by image", () => {
    const step = (also: (z: Tensor, y: Tensor) => Tensors): string[] =>
      labels(
        planned(
          { x: [64, 9, 9, 4], w: [3, 3, 4, 8], b: [8], m: [64, 7, 7, 8] },
          ({ x, w, b, m }) => {
            const z = conv2d(x!, w!);
            const y = z.add(b!).relu().mul(m!);
            return { y, ...also(z, y) };
          },
        ),
      );
    const isChained = (label: string): boolean => label.startsWith("conv2d ");
    const chained = step(() => ({}));
    expect(chained.at(-1)).toBe("conv2d mul");
    expect(chained.filter((label) => label !== "conv2d")).toHaveLength(1);
    // Other kernels may read the loop's result, but not the convolution's.
    const product = step((_, y) => {
      const rows = y.reshape([64, 392]);
      return { product: rows.matmul(rows.transpose([1, 0])) };
    });
    expect(product.filter(isChained)).toHaveLength(1);
    expect(step((z) => ({ z })).filter(isChained)).toEqual([]);
    // A loop in another order has no images to be chained by.
    const transposed = step((z) => ({ y: z.transpose([3, 1, 2, 0]).mul(2) }));
    expect(transposed.filter(isChained)).toEqual([]);
  });

  const bothGradients = ({ x, w }: Tensors): { dx: Tensor; dw: Tensor } =>
    gradients(conv2d(x!, w!).square().sum(), { dx: x!, dw: w! });
  const convLabels = (step: (x: Tensors) => Tensors): string[] =>
    labels(planned({ x: [2, 6, 6, 8], w: [3, 3, 8, 8] }, step)).filter((label) =>
      label.startsWith("conv2d"),
    );

  test("have both gradients computed together, unless one is computed from the other", () => {
    expect([...new Set(convLabels(bothGradients))]).toEqual([
      "conv2d",
      "conv2d mul",
      "conv2dInput conv2dFilter",
    ]);
    const second = (x: Tensors): Tensors =>
      gradients(bothGradients(x).dx.square().sum(), { dx: x["x"]!, dw: x["w"]! });
    const filterGradients = convLabels(second).filter((label) => label.endsWith("conv2dFilter"));
    expect(filterGradients.length).toBeGreaterThan(1);
  });

  test("read a stored input in both gradients, without the convolution itself, too", () => {
    const { steps } = planned({ x: [2, 6, 6, 8], w: [3, 3, 8, 8] }, ({ x, w }) =>
      gradients(conv2d(x!.mul(2), w!).sum(), { dx: x!, dw: w! }),
    );
    const together = steps.filter(({ label }) => label === "conv2dInput conv2dFilter");
    expect(together.length).toBeGreaterThan(0);
    const stored = steps.find(({ label }) => label === "mul");
    expect(together.flatMap(({ operands }) => operands)).toContain(stored?.operands[0]);
  });

  test("of one channel for each output have depthwise kernels, in gradients, too", () => {
    const names = (w: readonly number[], groups: number): string[] =>
      kernelNames(
        planned({ x: [2, 6, 6, 8], w }, ({ x, w }) =>
          gradients(conv2d(x!, w!, { groups }).square().sum(), { dx: x!, dw: w! }),
        ),
      );
    const depthwise = names([3, 3, 1, 8], 8);
    expect(depthwise).toEqual(expect.arrayContaining(["depthwiseInput", "depthwiseFilter"]));
    expect(depthwise.filter((name) => name.includes("conv2d"))).toEqual([]);
    expect(names([3, 3, 1, 16], 8).filter((name) => name.includes("depthwise"))).toEqual([]);
    // Their work items belong to images, so they are chained to a pool.
    const pooled = planned({ x: [4, 9, 9, 8], w: [3, 3, 1, 8] }, ({ x, w }) => ({
      y: maxPool2d(conv2d(x!, w!, { groups: 8 }), 2),
    }));
    expect(labels(pooled)).toEqual(["conv2d argMaxPool2d"]);
  });
});
