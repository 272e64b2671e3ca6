import { operationCount, type Loop, type LoopEpilogue, type Stages } from "@tenon/plan";
import type { Kernel, Operand } from "./kernel.js";
import { partOf, slicesOf, tileVectors, type Cut, type ProductSize, type Tile } from "./tiles.js";
import { tileBody } from "./tileCode.js";
import { loop as loopKernel, operandTypes, storedCount, storing, storingTypes } from "./loop.js";

/**
 * How elements of a factor are found, as the bodies of WGSL functions. What depends on the row (or
 * column of the other factor) alone is computed once for all products of a sum, what depends on k
 * once for four rows.
 */
export interface Factor {
  /** Whether neighbours along k are neighbours in memory; else those along rows or columns are. */
  readonly alongK: boolean;
  /** `(b: u32, i: u32) -> vec3u`, for a row or column in range. */
  readonly ofRow: string;
  /** `(b: u32, k: u32) -> vec3u`, for k in range. */
  readonly ofK: string;
  /** `(row: vec3u, k: vec3u) -> f32` of what the other two give, in range or not. */
  element(operand: Operand): string;
}

/**
 * Sums of products: y[b, i, j] = Σ_k A(b, i, k) B(b, j, k), which is stored at `i · rowStride + b ·
 * batchStride + j`.
 */
export interface ProductSpec extends ProductSize {
  readonly name: string;
  readonly a: Factor;
  readonly b: Factor;
  readonly rowStride: number;
  readonly batchStride: number;
}

/**
 * A product, with the loop that alone reads it. Operands: the loop's outputs or the product, then A
 * and B, then the loop's other inputs.
 */
export function product(
  spec: ProductSpec,
  { tile, parts }: Cut,
  epilogue?: LoopEpilogue,
): Kernel | Stages<Kernel> {
  const first = tiled(spec, tile, parts, parts === 1 ? epilogue : undefined);
  if (parts === 1) return first;
  const { batch, m, n, k } = spec;
  const size = batch * m * n;
  const used = Math.ceil(k / partOf(k, parts, tile));
  const { loop, input } = epilogue ?? copyOf(size);
  const second = sumOfParts(loop, input, size, used);
  const outputs = loop.outputs.map((_, i) => i);
  const [a, b] = [outputs.length, outputs.length + 1];
  // The loop's other inputs and the words of its checks, then the parts.
  const others = operandTypes(loop).length - outputs.length - 1;
  const temporary = b + 1 + others;
  const inputs = Array.from({ length: others }, (_, i) => b + 1 + i);
  inputs.splice(input, 0, temporary);
  return {
    temporaries: [4 * size * used],
    stages: [
      { kernel: first, operands: [temporary, a, b] },
      { kernel: second, operands: [...outputs, ...inputs] },
    ],
  };
}

const copyOf = (size: number): LoopEpilogue => ({
  loop: {
    shape: [size],
    inputs: [{ strides: [1], offset: 0 }],
    body: [{ op: "load", input: 0, dtype: "float32" }],
    outputs: [0],
  },
  input: 0,
});

/** A loop one of whose inputs is the sum of parts, `size` elements apart. */
function sumOfParts(loop: Loop, input: number, size: number, parts: number): Kernel {
  const kernel = loopKernel(loop);
  const span = kernel.span!;
  const position = loop.outputs.length + input;
  const summed = ({ load, store }: Operand): Operand => ({
    store,
    load: (index) =>
      Array.from({ length: parts }, (_, part) =>
        load(part === 0 ? index : `${index} + ${part * size}u`),
      ).reduce((sum, term) => `(${sum} + ${term})`),
  });
  const withSums = (operands: readonly Operand[]): Operand[] =>
    operands.map((operand, i) => (i === position ? summed(operand) : operand));
  return {
    ...kernel,
    name: `sum of ${parts} parts, ${kernel.name}`,
    flops: kernel.flops + parts * size,
    body: (operands, prefix) => kernel.body(withSums(operands), prefix),
    span: {
      ...span,
      areAligned: (rows, elements) =>
        span.areAligned(rows, elements).map((isAligned, i) => isAligned && i !== position),
      body: (operands, begin, end) => span.body(withSums(operands), begin, end),
    },
  };
}

/** A factor without elements: its code would divide by sizes that are 0. */
const nothing: Factor = {
  alongK: false,
  ofRow: "return vec3u();",
  ofK: "return vec3u();",
  element: () => "return 0.0f;",
};

/** The product itself; with several parts, each stores its sums after those of the part before. */
function tiled(spec: ProductSpec, tile: Tile, parts: number, epilogue?: LoopEpilogue): Kernel {
  const { name, batch, m, n, k } = spec;
  const perPart = partOf(k, parts, tile);
  const used = Math.max(1, Math.ceil(k / perPart));
  const [across, down] = [Math.ceil(n / tile.n), Math.ceil(m / tile.m)];
  const float = "float32" as const;
  const types = storingTypes(epilogue, float, [float, float]);
  const strides = { a: tile.m / 4 + 1, b: tile.n / 4 + 1 };
  const slices = slicesOf(tile);
  return {
    name: `${name} ${batch}×${m}×${n}×${k}, tiles ${tile.m}×${tile.n}${used > 1 ? `, ${used} parts` : ""}`,
    scratch: 0,
    flops: 2 * batch * m * n * k + (epilogue ? batch * m * n * operationCount(epilogue.loop) : 0),
    operands: types,
    ...(epilogue?.loop.checks && { clears: types.length - 1 }),
    workgroups: batch * across * down * used,
    tiles: tileVectors(tile),
    functions: (operands, prefix) => {
      const outputs = storedCount(epilogue);
      const [a, b] = [operands[outputs]!, operands[outputs + 1]!];
      return [
        factorFunctions(`${prefix}a`, k === 0 ? nothing : spec.a, m, m % tile.m === 0, a),
        factorFunctions(`${prefix}b`, k === 0 ? nothing : spec.b, n, n % tile.n === 0, b),
        `fn ${prefix}put(i: u32, value: f32) {\n${storing(epilogue, operands, 2, "value", "i")}\n}`,
      ].join("\n");
    },
    body: (_, prefix) =>
      tileBody({ spec, tile, across, down, used, perPart, slices, strides, prefix }),
  };
}

/**
 * The functions of a factor: outside its range its elements are 0.
 *
 * @param isWhole whether no tile goes beyond `size` rows
 */
const factorFunctions = (
  name: string,
  { ofRow, ofK, element }: Factor,
  size: number,
  isWhole: boolean,
  operand: Operand,
): string =>
  `fn ${name}_row(b: u32, i: u32) -> vec3u {\n${ofRow}\n}
fn ${name}_k(b: u32, k: u32) -> vec3u {\n${ofK}\n}
fn ${name}_in(row: vec3u, k: vec3u) -> f32 {\n${element(operand)}\n}
// A load under a condition would keep the next one waiting: all are loaded, some are dropped.
fn ${name}(row: vec3u, i: u32, k: vec3u, isInside: bool) -> f32 {
  return select(0.0f, ${name}_in(row, k), isInside && ${isWhole ? "true" : `i < ${size}u`});
}`;
