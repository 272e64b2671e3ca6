import type { Shape } from "@tenon/contracts";
import {
  sizeOf,
  stridesOf,
  type ArgAttrs,
  type ConcatAttrs,
  type Conv2dAttrs,
  type MatmulAttrs,
  type PadAttrs,
  type Pool2dAttrs,
  type UniformAttrs,
} from "@tenon/tensor";
import { argReduce } from "../kernels/reduce/argReduce.js";
import { conv2d } from "../kernels/conv/im2col/conv2d.js";
import { conv2dFilter } from "../kernels/conv/im2col/conv2dFilter.js";
import { conv2dInput } from "../kernels/conv/im2col/conv2dInput.js";
import { depthwise, depthwiseFits, depthwiseInput } from "../kernels/conv/depthwise/depthwise.js";
import { depthwiseFilter } from "../kernels/conv/depthwise/depthwiseFilter.js";
import { elementwise } from "../kernels/loop/elementwise.js";
import type { ConvSpec } from "../kernels/conv/geometry.js";
import {
  gather,
  scatterAdd,
  scatterAlong,
  takeAlong,
  type GatherSpec,
} from "../kernels/index/gather.js";
import { gemm, type GemmSpec } from "../kernels/gemm/gemm.js";
import type { Kernel, Stages } from "../kernels/kernel.js";
import type { Loop } from "../kernels/loop/loop.js";
import { place } from "../kernels/index/place.js";
import { maxPool2d, type MaxPoolOptions } from "../kernels/pool/maxPool2d.js";
import type { PoolSpec } from "../kernels/pool/poolWindows.js";
import { sumPool2d, sumPool2dInput } from "../kernels/pool/sumPool2d.js";
import { unpool2d } from "../kernels/pool/unpool2d.js";
import { pooledConv2d, pooledConv2dFits } from "../kernels/conv/maxPool/pooledConv2d.js";
import type { Reduction } from "../kernels/reduce/reduce.js";
import { reduceInParts } from "../kernels/reduce/reduceInParts.js";
import { unpoolConv2dFilter } from "../kernels/conv/maxPool/unpoolConv2dFilter.js";
import { unpoolConv2dInput } from "../kernels/conv/maxPool/unpoolConv2dInput.js";
import { sparseGemm, sparseGemmFits } from "../kernels/gemm/sparseGemm.js";
import { uniform } from "../kernels/random/uniform.js";
import { winograd, winogradFits } from "../kernels/conv/winograd/winograd.js";
import { winogradBack } from "../kernels/conv/winograd/winogradBack.js";
import { winogradFilter, winogradFilterPays } from "../kernels/conv/winograd/winogradFilter.js";
import { winogradInput } from "../kernels/conv/winograd/winogradInput.js";
import { access } from "./access.js";
import { fused } from "./body.js";
import type { Fusion, Unit } from "./fuse.js";
import type { Ir } from "./ir.js";
import { poolOfScatter } from "./joins.js";
import type { Buffer } from "./memory.js";
import type { Step } from "./plan.js";
import { telling, type Guard } from "./guard.js";
import type { UnpoolConv2dAttrs } from "./unpool.js";

/** The kernels that do a unit's work, and what they work on. */
export function lower(
  unit: Unit,
  fusion: Fusion,
  bufferOf: (x: Ir) => Buffer,
  guard?: Guard,
): Step[] {
  const [x] = unit.results as [Ir];
  if (x.op === "argMaxPool2d") return pooled(x, unit, fusion, bufferOf);
  if (x.op === "conv2dInput" && unit.results.length > 1)
    return bothGradients(unit.results as [Ir, Ir], bufferOf);
  if (x.op === "allFinite") return allFinite(x, fusion, bufferOf);
  if (unit.from) return spread(unit.from, unit, fusion, bufferOf);
  if (unit.kind === "operation") return operation(x, bufferOf);
  if (unit.kind === "loop") {
    const { loop, inputs, nodeOf } = fused(x.shape, unit.results, unit.stores, fusion);
    const checks = guard?.checksIn(nodeOf) ?? [];
    return [
      {
        kernel: elementwise({ ...loop, ...(checks.length > 0 && { checks }) }),
        operands: [
          ...[...unit.stores, ...inputs].map(bufferOf),
          ...(checks.length > 0 ? [guard!.buffer] : []),
        ],
        label: unit.results.map((r) => r.op).join(" "),
        fused: operationsOf(loop),
      },
    ];
  }
  const [from] = x.inputs as [Ir];
  const { loop, inputs } = fused(from.shape, [], [from], fusion);
  const { axes } = x.attrs as { axes: readonly number[] };
  return staged(
    reduceInParts({ ...loop, axes, kind: x.op as Reduction["kind"] }),
    [x, ...inputs].map(bufferOf),
    x.op,
    1 + operationsOf(loop),
  );
}

const operationsOf = ({ body }: Loop): number => body.filter((node) => "args" in node).length;

/**
 * The largest of each window of an image, or of an expression that nobody stores, and what lies
 * there in other images.
 */
function pooled(
  x: Ir,
  { results: [, ...taken], stores }: Unit,
  fusion: Fusion,
  bufferOf: (x: Ir) => Buffer,
): Step[] {
  const [from] = x.inputs as [Ir];
  const spec: PoolSpec = { x: from.shape, attrs: x.attrs as Pool2dAttrs };
  const imageOf = (y: Ir): Ir => access(y.inputs[0]!).base;
  const own = taken.find((y) => imageOf(y) === access(from).base);
  const others = taken.filter((y) => y !== own);
  const { loop, inputs } = fused(from.shape, [], [from, ...others.map(imageOf)], fusion);
  const positions = !own || stores.includes(x);
  const results = [...(own ? [own] : []), ...others, ...(positions ? [x] : [])];
  const options: MaxPoolOptions = { prologue: loop, values: own !== undefined, indices: positions };
  const fuseProducer: Kernel["fuseProducer"] = ({ conv }, pointer) =>
    conv && pointer >= results.length && pooledConv2dFits(conv, spec)
      ? pooledConv2d(conv, spec, options, pointer - results.length)
      : undefined;
  return [
    {
      kernel: { ...maxPool2d(spec, options), fuseProducer },
      operands: [...results, ...inputs].map(bufferOf),
      label: x.op,
      fused: results.length + operationsOf(loop),
    },
  ];
}

/** A loop that reads the gradient of a max pool while it is spread. */
function spread(
  from: Ir,
  { results: [x], stores }: Unit,
  fusion: Fusion,
  bufferOf: (x: Ir) => Buffer,
): Step[] {
  const { loop, inputs } = fused(x!.shape, [x!], stores, fusion);
  const at = inputs.indexOf(from);
  const [numbers, positions] = from.inputs as [Ir, Ir];
  const kernel = unpool2d(poolOfScatter(from)!, { loop, input: at });
  return [
    {
      kernel,
      operands: [x!, numbers, positions, ...inputs.filter((_, i) => i !== at)].map(bufferOf),
      label: `${from.op} ${x!.op}`,
      fused: 1 + operationsOf(loop),
    },
  ];
}

/** The gradients of a convolution's image and kernel, made together. */
function bothGradients([dx, dw]: readonly [Ir, Ir], bufferOf: (x: Ir) => Buffer): Step[] {
  const [g, w] = dx.inputs as [Ir, Ir];
  const [x] = dw.inputs as [Ir];
  return staged(
    winogradBack({ x: dx.shape, w: w.shape, attrs: dx.attrs as Conv2dAttrs }),
    [dx, dw, g, w, x].map(bufferOf),
    "conv2dInput conv2dFilter",
    2,
  );
}

/**
 * Two words that are 1 (an array is longer than its numbers), and a loop over each of some numbers
 * that makes the first 0 where one is not finite, the second where one is large.
 */
function allFinite(x: Ir, fusion: Fusion, bufferOf: (x: Ir) => Buffer): Step[] {
  const ones = elementwise({
    shape: [2],
    inputs: [],
    body: [{ op: "constant", value: 1, dtype: "int32" }],
    outputs: [{ node: 0 }],
  });
  const looks = telling(x.inputs).map((from): Step => {
    const {
      loop: { outputs, ...loop },
      inputs,
    } = fused(from.shape, [], [from], fusion);
    return {
      kernel: elementwise({ ...loop, outputs: [], checks: outputs.map(({ node }) => node) }),
      operands: [...inputs, x].map(bufferOf),
      label: x.op,
      fused: 1 + operationsOf({ ...loop, outputs }),
    };
  });
  return [{ kernel: ones, operands: [bufferOf(x)], label: x.op, fused: 0 }, ...looks];
}

/** Kernels in a row, with memory for what they pass on. `arrays`: the result, then the inputs. */
function staged(
  { temporaries, stages }: Stages,
  arrays: readonly Buffer[],
  label: string,
  fused = 1,
): Step[] {
  const places = [...arrays, ...temporaries.map((bytes): Buffer => ({ bytes }))];
  // the others prepare for it and tidy up
  const main = Math.max(...stages.map(({ kernel }) => kernel.flops));
  return stages.map(({ kernel, operands }) => ({
    kernel,
    operands: operands.map((at) => places[at]!),
    label,
    fused: kernel.flops === main ? fused : 0,
  }));
}

/** A plain copy of a whole array. */
export function copyKernel(shape: Shape): Kernel {
  return elementwise({
    shape,
    inputs: [{ strides: stridesOf(shape), offset: 0 }],
    body: [{ op: "load", input: 0, dtype: "float32" }],
    outputs: [{ node: 0 }],
  });
}

/** Operations with kernels of their own; their inputs lie dense. */
function operation(x: Ir, bufferOf: (x: Ir) => Buffer): Step[] {
  const {
    op,
    shape,
    inputs: [a, b],
  } = x as Ir & { inputs: readonly [Ir, Ir] };
  const step = (
    kernel: Kernel,
    results: readonly Ir[] = [x],
    inputs: readonly Ir[] = x.inputs,
  ): Step[] => [{ kernel, operands: [...results, ...inputs].map(bufferOf), label: op, fused: 1 }];
  switch (op) {
    case "matmul": {
      const { transposeA, transposeB } = x.attrs as MatmulAttrs;
      const [m, n] = shape.slice(-2) as [number, number];
      const k = a.shape[a.shape.length - (transposeA ? 2 : 1)]!;
      const spec: GemmSpec = { m, n, k, batch: sizeOf(shape.slice(0, -2)), transposeA, transposeB };
      return sparseGemmFits(spec) && mayBeSparse(a)
        ? staged(sparseGemm(spec), [x, a, b].map(bufferOf), op)
        : step(gemm(spec));
    }
    case "conv2d": {
      const spec: ConvSpec = { x: a.shape, w: b.shape, attrs: x.attrs as Conv2dAttrs };
      return winogradFits(spec)
        ? staged(winograd(spec), [x, a, b].map(bufferOf), op)
        : step(depthwiseFits(spec) ? depthwise(spec) : conv2d(spec));
    }
    case "conv2dInput": {
      const spec: ConvSpec = { x: shape, w: b.shape, attrs: x.attrs as Conv2dAttrs };
      return winogradFits(spec)
        ? staged(winogradInput(spec), [x, a, b].map(bufferOf), op)
        : step(depthwiseFits(spec) ? depthwiseInput(spec) : conv2dInput(spec));
    }
    case "conv2dFilter": {
      const spec: ConvSpec = { x: a.shape, w: shape, attrs: x.attrs as Conv2dAttrs };
      return staged(
        winogradFilterPays(spec)
          ? winogradFilter(spec)
          : depthwiseFits(spec)
            ? depthwiseFilter(spec)
            : conv2dFilter(spec),
        [x, a, b].map(bufferOf),
        op,
      );
    }
    case "unpoolConv2dInput":
    case "unpoolConv2dFilter": {
      const { conv, pool } = x.attrs as UnpoolConv2dAttrs;
      const toImage = op === "unpoolConv2dInput";
      return staged(
        (toImage ? unpoolConv2dInput : unpoolConv2dFilter)(conv, pool),
        [x, ...x.inputs].map(bufferOf),
        `scatterAlong ${toImage ? "conv2dInput" : "conv2dFilter"}`,
        2,
      );
    }
    case "sumPool2d":
      return step(sumPool2d({ x: a.shape, attrs: x.attrs as Pool2dAttrs }));
    case "sumPool2dInput":
      return step(sumPool2dInput({ x: shape, attrs: x.attrs as Pool2dAttrs }));
    case "argMax":
    case "argMin": {
      const { axis } = x.attrs as ArgAttrs;
      return step(
        argReduce({
          outer: sizeOf(a.shape.slice(0, axis)),
          n: a.shape[axis]!,
          inner: sizeOf(a.shape.slice(axis + 1)),
          kind: op,
          dtype: a.dtype,
        }),
      );
    }
    case "uniform":
      return step(uniform({ length: sizeOf(shape), stream: (x.attrs as UniformAttrs).stream }));
    case "gather":
      return step(gather(rows(a.shape, shape)));
    case "scatterAdd":
      return staged(scatterAdd(rows(shape, a.shape)), [x, a, b].map(bufferOf), op);
    case "takeAlong":
      return step(takeAlong(rows(a.shape, shape)));
    case "scatterAlong": {
      // Back to where the largest of each window lay: quick if windows do not overlap, and few meet
      // at one place if they do.
      const pool = poolOfScatter(x);
      if (pool) return step(unpool2d(pool));
      return staged(
        scatterAlong(rows(shape, a.shape), access(b).base.op === "argMaxPool2d" || undefined),
        [x, a, b].map(bufferOf),
        op,
      );
    }
    case "pad": {
      const { low, interior, value } = x.attrs as PadAttrs;
      const strides = stridesOf(shape);
      const part = {
        shape: a.shape,
        strides: strides.map((s, i) => s * (interior[i]! + 1)),
        offset: low.reduce((sum, n, i) => sum + n * strides[i]!, 0),
      };
      return step(place({ size: sizeOf(shape), dtype: x.dtype, fill: value, parts: [part] }));
    }
    case "concat": {
      const { axis } = x.attrs as ConcatAttrs;
      const strides = stridesOf(shape);
      let at = 0;
      const parts = x.inputs.map((input) => {
        const part = { shape: input.shape, strides, offset: at * strides[axis]! };
        at += input.shape[axis]!;
        return part;
      });
      return step(place({ size: sizeOf(shape), dtype: x.dtype, parts }));
    }
    default:
      throw new Error(
        `wasm: expected an operation with a kernel, got "${op}"; run this step on the ` +
          "reference engine",
      );
  }
}

/** Operations behind which zeros may be many. */
const zerosMade = new Set([
  "input",
  "constant",
  "relu",
  "where",
  "maximum",
  "minimum",
  "equal",
  "notEqual",
  "less",
  "lessEqual",
  "greater",
  "greaterEqual",
  "sign",
  "pad",
]);
/** Operations that keep them. */
const zerosKept = new Set([
  "mul",
  "div",
  "copy",
  "cast",
  "takeAlong",
  "square",
  "abs",
  "neg",
  "concat",
]);

/**
 * Whether a value may hold many zeros, from what makes it: data, what is behind a ReLU or dropout,
 * one-hot rows.
 */
function mayBeSparse(x: Ir): boolean {
  // What is added while the set is walked is walked, too; a row of thousands of values is no stack
  // of calls.
  const seen = new Set([access(x).base]);
  for (const { op, inputs } of seen) {
    if (zerosMade.has(op)) return true;
    if (zerosKept.has(op)) for (const input of inputs) seen.add(access(input).base);
  }
  return false;
}

/** [outer, n, inner] and [outer, m, inner]. */
function rows([outer, n, inner]: Shape, [, m]: Shape): GatherSpec {
  return { outer: outer!, n: n!, m: m!, inner: inner! };
}
