import { golden } from "@tenon/golden";
import { goldenSuite, notCovered } from "@tenon/testkit";
import * as t from "../index.js";
import type { Tensor } from "../index.js";
import { runs, type OpRow, type Options } from "../internal/goldenOp.js";

const { argMax, argMin, erf, oneHot, pad, prod, slice, variance } = t;
const unary = (f: (x: Tensor) => Tensor) => runs(({ x }) => f(x!));
const binary = (f: (a: Tensor, b: Tensor) => Tensor) => runs(({ a, b }) => f(a!, b!));
const number = (options: Options, key: string, otherwise?: number): number => {
  const value = options[key] ?? otherwise;
  return typeof value === "number" ? value : notCovered(`${key} = ${JSON.stringify(value)}`);
};
const list = (options: Options, key: string): number[] =>
  ([] as number[]).concat(options[key] as number | number[]);
const axesOf = ({ dim }: Options): t.Axes | undefined =>
  dim === undefined || dim === null ? undefined : (dim as number | number[]);
const reduces = (
  f: (x: Tensor, axes: t.Axes | undefined, keepDims: boolean, options: Options) => Tensor,
  ...optionNames: string[]
) =>
  runs(
    ({ x }, options) => f(x!, axesOf(options), options["keepdim"] === true, options),
    "dim",
    "keepdim",
    ...optionNames,
  );
const correction = (options: Options): number => number(options, "correction", 1);
/** Without a dim the index is that in the flat tensor. */
const arg = (f: (x: Tensor, axis: number, keepDims: boolean) => Tensor) =>
  reduces((x, axes, keepDims) =>
    axes === undefined ? f(x.reshape([-1]), 0, false) : f(x, axes as number, keepDims),
  );
const joined = (f: (tensors: Tensor[], axis: number) => Tensor) =>
  runs(
    (inputs, options) =>
      f(
        Object.keys(inputs)
          .sort()
          .map((key) => inputs[key]!),
        number(options, "dim", 0),
      ),
    "dim",
  );
const named = (parts: readonly Tensor[]): Record<string, Tensor> =>
  Object.fromEntries(parts.map((part, i) => [`y${i}`, part]));

const softplus = (x: Tensor): Tensor =>
  t.where(x.greater(20), x, t.where(x.greater(20), 0, x).exp().log1p());

function padded(x: Tensor, options: Options): Tensor {
  const pairs = list(options, "pad");
  const mode = options["mode"] ?? "constant";
  // PyTorch counts from the last axis.
  const widths = x.shape.map((_, i): [number, number] => [
    pairs[2 * (x.shape.length - 1 - i)] ?? 0,
    pairs[2 * (x.shape.length - 1 - i) + 1] ?? 0,
  ]);
  if (pairs.some((n) => n < 0)) notCovered("negative padding");
  if (mode === "constant") return pad(x, widths, number(options, "value", 0));
  if (mode !== "reflect" && mode !== "replicate") notCovered(`padding by ${String(mode)}`);
  return t.padEdges(x, widths, mode);
}

goldenSuite("ops", golden<OpRow>("ops"), {
  "torch/torch.neg": unary((x) => x.neg()),
  "torch/torch.abs": unary((x) => x.abs()),
  "torch/torch.sign": unary((x) => x.sign()),
  "torch/torch.square": unary((x) => x.square()),
  "torch/torch.exp": unary((x) => x.exp()),
  "torch/torch.expm1": unary((x) => x.expm1()),
  "torch/torch.sin": unary((x) => t.sin(x)),
  "torch/torch.cos": unary((x) => t.cos(x)),
  "torch/torch.tan": unary(t.tan),
  "torch/torch.sinh": unary(t.sinh),
  "torch/torch.cosh": unary(t.cosh),
  "torch/torch.tanh": unary((x) => x.tanh()),
  "torch/torch.asin": unary(t.asin),
  "torch/torch.acos": unary(t.acos),
  "torch/torch.atan": unary(t.atan),
  "torch/torch.atanh": unary(t.atanh),
  "torch/torch.atan2": binary(t.atan2),
  "torch/torch.sigmoid": unary((x) => x.sigmoid()),
  "torch/torch.erf": unary((x) => erf(x)),
  "torch/torch.relu": unary((x) => x.relu()),
  "torch/torch.floor": unary((x) => t.floor(x)),
  "torch/torch.ceil": unary((x) => t.ceil(x)),
  "torch/torch.round": unary((x) => x.round()),
  "torch/torch.sqrt": unary((x) => x.sqrt()),
  "torch/torch.rsqrt": unary(t.rsqrt),
  "torch/torch.log": unary((x) => x.log()),
  "torch/torch.log1p": unary((x) => x.log1p()),
  "torch/torch.log2": unary(t.log2),
  "torch/torch.reciprocal": unary((x) => x.reciprocal()),
  "torch/torch.clamp": runs(
    ({ x }, options) =>
      x!.clamp(number(options, "min", -Infinity), number(options, "max", Infinity)),
    "min",
    "max",
  ),
  "torch/torch.softplus": unary(softplus),
  "torch/torch.nn.functional.softplus": unary(softplus),
  "torch/torch.nn.functional.gelu": unary((x) => x.mul(erf(x.div(Math.SQRT2)).add(1)).mul(0.5)),
  "torch/torch.nn.functional.silu": unary((x) => x.mul(x.sigmoid())),
  "torch/torch.nn.functional.elu": unary((x) =>
    t.where(x.greater(0), x, t.where(x.greater(0), 0, x).expm1()),
  ),
  "torch/torch.nn.functional.leaky_relu": unary((x) => t.where(x.greater(0), x, x.mul(0.01))),

  "torch/torch.add": binary((a, b) => a.add(b)),
  "torch/torch.sub": binary((a, b) => a.sub(b)),
  "torch/torch.mul": binary((a, b) => a.mul(b)),
  "torch/torch.div": binary((a, b) => a.div(b)),
  "torch/torch.maximum": binary((a, b) => a.maximum(b)),
  "torch/torch.minimum": binary((a, b) => a.minimum(b)),
  "torch/torch.remainder": binary((a, b) => a.remainder(b)),
  "torch/torch.pow": runs(
    ({ a, b }, options) => a!.pow(b ?? number(options, "exponent")),
    "exponent",
  ),
  "torch/torch.eq": binary((a, b) => a.equal(b)),
  "torch/torch.ne": binary((a, b) => a.notEqual(b)),
  "torch/torch.lt": binary((a, b) => a.less(b)),
  "torch/torch.le": binary((a, b) => a.lessEqual(b)),
  "torch/torch.gt": binary((a, b) => a.greater(b)),
  "torch/torch.ge": binary((a, b) => a.greaterEqual(b)),
  "torch/torch.where": runs(({ condition, a, b }) => t.where(condition!, a!, b!)),

  "torch/torch.sum": reduces((x, axes, keepDims) => x.sum(axes, keepDims)),
  "torch/torch.mean": reduces((x, axes, keepDims) => x.mean(axes, keepDims)),
  "torch/torch.amax": reduces((x, axes, keepDims) => x.max(axes, keepDims)),
  "torch/torch.amin": reduces((x, axes, keepDims) => x.min(axes, keepDims)),
  "torch/torch.prod": reduces((x, axes, keepDims) => prod(x, axes, keepDims)),
  "torch/torch.var": reduces(
    (x, axes, keepDims, options) => variance(x, axes, keepDims, correction(options)),
    "correction",
  ),
  "torch/torch.std": reduces(
    (x, axes, keepDims, options) => t.std(x, axes, keepDims, correction(options)),
    "correction",
  ),
  "torch/torch.logsumexp": reduces((x, axes, keepDims) => t.logSumExp(x, axes, keepDims)),
  "torch/torch.linalg.vector_norm": reduces(
    (x, axes, keepDims, options) =>
      number(options, "ord", 2) === 2
        ? t.norm(x, axes, keepDims)
        : notCovered(`norms of order ${String(options["ord"])}`),
    "ord",
  ),
  "torch/torch.any": reduces(t.any),
  "torch/torch.all": reduces(t.all),
  "torch/torch.argmax": arg((x, axis, keepDims) => argMax(x, axis, keepDims)),
  "torch/torch.argmin": arg((x, axis, keepDims) => argMin(x, axis, keepDims)),
  "torch/torch.softmax": runs(({ x }, options) => x!.softmax(number(options, "dim")), "dim"),
  "torch/torch.log_softmax": runs(({ x }, options) => x!.logSoftmax(number(options, "dim")), "dim"),
  "torch/torch.cumsum": runs(({ x }, options) => t.cumsum(x!, number(options, "dim")), "dim"),
  "torch/torch.cumprod": runs(({ x }, options) => t.cumprod(x!, number(options, "dim")), "dim"),
  "torch/torch.logcumsumexp": runs(
    ({ x }, options) => t.logCumSumExp(x!, number(options, "dim")),
    "dim",
  ),
  "torch/torch.matmul": binary((a, b) => a.matmul(b)),

  "torch/torch.permute": runs(({ x }, options) => x!.transpose(list(options, "dims")), "dims"),
  "torch/torch.transpose": runs(
    ({ x }, options) => {
      const order = x!.shape.map((_, i) => i);
      const rank = order.length;
      const [i, j] = ["dim0", "dim1"].map((key) => (number(options, key) + rank) % rank) as [
        number,
        number,
      ];
      [order[i], order[j]] = [j, i];
      return x!.transpose(order);
    },
    "dim0",
    "dim1",
  ),
  "torch/torch.reshape": runs(({ x }, options) => x!.reshape(list(options, "shape")), "shape"),
  "torch/torch.unsqueeze": runs(({ x }, options) => x!.expandDims(number(options, "dim")), "dim"),
  "torch/torch.flip": runs(({ x }, options) => t.flip(x!, list(options, "dims")), "dims"),
  "torch/torch.roll": runs(
    ({ x }, options) =>
      Array.isArray(options["dims"]) || options["dims"] === undefined
        ? notCovered("rolling several axes at once")
        : t.roll(x!, number(options, "shifts"), number(options, "dims")),
    "shifts",
    "dims",
  ),
  "torch/torch.tile": runs(({ x }, options) => t.tile(x!, list(options, "dims")), "dims"),
  "torch/torch.repeat_interleave": runs(
    ({ x }, options) => t.repeat(x!, number(options, "repeats"), number(options, "dim")),
    "repeats",
    "dim",
  ),
  "torch/torch.expand": runs(({ x }, options) => x!.broadcastTo(list(options, "sizes")), "sizes"),
  "torch/torch.slice": runs(
    ({ x }, options) => {
      const axis = number(options, "axis");
      const perAxis = (here: number, elsewhere: number): number[] =>
        x!.shape.map((_, i) => (i === axis ? here : elsewhere));
      return slice(
        x!,
        perAxis(number(options, "start"), 0),
        x!.shape.map((n, i) => (i === axis ? number(options, "stop") : n)),
        perAxis(number(options, "step"), 1),
      );
    },
    "axis",
    "start",
    "stop",
    "step",
  ),
  "torch/torch.chunk": runs(
    ({ x }, options) => {
      const axis = number(options, "dim");
      const n = x!.shape[axis < 0 ? axis + x!.shape.length : axis]!;
      const size = Math.ceil(n / number(options, "chunks"));
      return named(
        t.split(
          x!,
          Array.from({ length: Math.ceil(n / size) }, (_, i) => Math.min(size, n - i * size)),
          axis,
        ),
      );
    },
    "chunks",
    "dim",
  ),
  "torch/torch.split": runs(
    ({ x }, options) =>
      Array.isArray(options["split_size"])
        ? named(t.split(x!, list(options, "split_size"), number(options, "dim", 0)))
        : notCovered("splitting by one size"),
    "split_size",
    "dim",
  ),
  "torch/torch.pad": runs(({ x }, options) => padded(x!, options), "pad", "mode", "value"),
  "torch/torch.diagonal": runs(
    ({ x }, options) => {
      const rank = x!.shape.length;
      const [i, j] = [number(options, "dim1", 0), number(options, "dim2", 1)].map(
        (axis) => (axis + rank) % rank,
      ) as [number, number];
      return t.diagonal(
        x!.transpose([
          ...x!.shape.map((_, axis) => axis).filter((axis) => axis !== i && axis !== j),
          i,
          j,
        ]),
        number(options, "offset", 0),
      );
    },
    "dim1",
    "dim2",
    "offset",
  ),
  "torch/torch.triu": runs(
    ({ x }, options) => t.triu(x!, number(options, "diagonal", 0)),
    "diagonal",
  ),
  "torch/torch.tril": runs(
    ({ x }, options) => t.tril(x!, number(options, "diagonal", 0)),
    "diagonal",
  ),
  "torch/torch.cat": joined(t.concat),
  "torch/torch.stack": joined(t.stack),
  "torch/torch.index_select": runs(
    ({ x, index }, options) => x!.gather(index!, number(options, "dim")),
    "dim",
  ),
  "torch/torch.gather": runs(({ x, index }, options) => {
    // PyTorch lets the indices be fewer along the other axes too.
    const axis = number(options, "dim");
    return slice(
      x!,
      [],
      x!.shape.map((n, i) => (i === axis ? n : index!.shape[i]!)),
    ).takeAlong(index!, axis);
  }, "dim"),
  "torch/torch.scatter_add": runs(({ x, index, src }, options) => {
    const axis = number(options, "dim");
    const sums = t.scatterAlong(slice(src!, [], index!.shape), index!, x!.shape[axis]!, axis);
    return x!.add(
      pad(
        sums,
        x!.shape.map((n, i) => [0, n - sums.shape[i]!]),
      ),
    );
  }, "dim"),
  "torch/torch.einsum": runs(
    (inputs, options) =>
      t.einsum(
        String(options["equation"]),
        ...Object.keys(inputs)
          .sort()
          .map((key) => inputs[key]!),
      ),
    "equation",
  ),
  "torch/torch.sort": runs(
    ({ x }, options) => {
      const order = {
        axis: number(options, "dim", -1),
        descending: options["descending"] === true,
      };
      return { values: t.sort(x!, order), indices: t.argSort(x!, order) };
    },
    "dim",
    "descending",
  ),
  "torch/torch.topk": runs(
    ({ x }, options) => ({
      ...t.topK(x!, number(options, "k"), {
        axis: number(options, "dim", -1),
        largest: options["largest"] !== false,
      }),
    }),
    "k",
    "dim",
    "largest",
  ),
  "torch/torch.nn.functional.one_hot": runs(
    (inputs, options) => oneHot(Object.values(inputs)[0]!, number(options, "num_classes")),
    "num_classes",
  ),
  "torch/torch.nn.functional.embedding": runs(({ weight, input }) => weight!.gather(input!)),
});
