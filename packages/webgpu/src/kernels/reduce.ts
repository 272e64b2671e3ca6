import type { DType } from "@tenon/contracts";
import {
  operationCount,
  type FoldKind,
  type Loop,
  type LoopEpilogue,
  type Stages,
} from "@tenon/plan";
import { sizeOf } from "@tenon/tensor";
import { statements } from "./expression.js";
import { invocations, type Kernel, type Operand } from "./kernel.js";
import { inputTypes, storedCount, storing, storingTypes } from "./loop.js";
import { axesOf, isAligned, placesOf, sumOf, type Axis } from "./places.js";
import { float, integer } from "./wgsl.js";

interface Fold {
  readonly start: string;
  join(a: string, b: string): string;
}

/** The value of an empty reduction, and how a value is folded in. */
export function foldOf(kind: FoldKind, dtype: DType): Fold {
  const isInteger = dtype === "int32";
  const number = isInteger ? integer : float;
  switch (kind) {
    case "sum":
      return { start: number(0), join: (a, b) => `${a} + ${b}` };
    case "prod":
      return { start: number(1), join: (a, b) => `${a} * ${b}` };
    case "max":
      return isInteger
        ? { start: integer(-2147483648), join: (a, b) => `max(${a}, ${b})` }
        : { start: float(-Infinity), join: (a, b) => `largest(${a}, ${b})` };
    case "min":
      return isInteger
        ? { start: integer(2147483647), join: (a, b) => `min(${a}, ${b})` }
        : { start: float(Infinity), join: (a, b) => `smallest(${a}, ${b})` };
  }
}

/** This many invocations keep a large GPU busy. */
const enoughInvocations = 65536;
/** An invocation folds at least this many values before it shares the rest with others. */
const leastValues = 4;
/** More values for one invocation are folded in two stages. */
const mostValues = 32;

export interface ReduceSpec {
  /** The expression that is folded: its first output. */
  readonly loop: Loop;
  readonly axes: readonly number[];
  readonly kind: FoldKind;
  /** The loop that alone reads the results. */
  readonly epilogue?: LoopEpilogue | undefined;
}

/**
 * Folds the values of an expression along some axes: an order of additions that depends on shapes
 * only. Some invocations fold every so many values each, then each other's results as a tree; many
 * values for one result are cut into parts, whose results are folded by a second kernel. Operands:
 * the results, or what the epilogue stores, the inputs of the expression, those of the epilogue.
 */
export function reduce(spec: ReduceSpec): Kernel | Stages<Kernel> {
  const { loop, axes } = spec;
  const isFolded = (axis: number): boolean => axes.includes(axis);
  const results = sizeOf(loop.shape.filter((_, axis) => !isFolded(axis)));
  const values = sizeOf(loop.shape.filter((_, axis) => isFolded(axis)));
  const width = widthOf(results, values);
  const parts = Math.min(
    Math.ceil(values / (width * mostValues)),
    Math.max(1, Math.floor(enoughInvocations / Math.max(1, results * width))),
  );
  if (parts === 1) return folding(spec, { results, values, width, parts });
  const dtype = loop.body[loop.outputs[0]!]!.dtype;
  const partial: Loop = {
    shape: [results, parts],
    inputs: [{ strides: [parts, 1], offset: 0 }],
    body: [{ op: "load", input: 0, dtype }],
    outputs: [0],
  };
  const { kind, epilogue } = spec;
  const second = folding(
    { loop: partial, axes: [1], kind, epilogue },
    { results, values: parts, width: widthOf(results, parts), parts: 1 },
  );
  const stored = [...Array(storedCount(epilogue)).keys()];
  const inputs = loop.inputs.map((_, i) => stored.length + i);
  const others = second.operands.length - stored.length - 1;
  const behind = Array.from({ length: others }, (_, i) => stored.length + inputs.length + i);
  const temporary = stored.length + inputs.length + others;
  return {
    temporaries: [4 * results * parts],
    stages: [
      {
        kernel: folding({ loop, axes, kind }, { results, values, width, parts }),
        operands: [temporary, ...inputs],
      },
      { kernel: second, operands: [...stored, temporary, ...behind] },
    ],
  };
}

/** How many invocations share the values of one result: a power of two. */
function widthOf(results: number, values: number): number {
  let width = 1;
  while (
    width < invocations &&
    results * width < enoughInvocations &&
    2 * width * leastValues <= values
  )
    width *= 2;
  return width;
}

interface Shares {
  readonly results: number;
  readonly values: number;
  /** Invocations for each part. */
  readonly width: number;
  /** Parts for each result, stored one after the other. */
  readonly parts: number;
}

function folding(
  { loop, axes, kind, epilogue }: ReduceSpec,
  { results, values, width, parts }: Shares,
): Kernel {
  const { shape, inputs, body, outputs } = loop;
  const dtype = body[outputs[0]!]!.dtype;
  const kept = axesOf(shape, inputs, (axis) => !axes.includes(axis));
  const folded = axesOf(shape, inputs, (axis) => axes.includes(axis));
  const perGroup = invocations / width;
  /** Rows are cut along axes before the first one that is folded. */
  const firstFolded = shape.findIndex((size, axis) => size > 1 && axes.includes(axis));
  const mostRows = sizeOf(firstFolded < 0 ? shape : shape.slice(0, firstFolded));
  const partials = results * parts;
  const perPart = Math.ceil(values / parts);
  const types = storingTypes(epilogue, dtype, inputTypes(loop));
  const stored = storedCount(epilogue);
  const others = epilogue?.loop.inputs.filter((_, i) => i !== epilogue.input) ?? [];
  return {
    name: `${kind} [${shape.join()}]`,
    scratch: 0,
    flops:
      results * values * (1 + operationCount(loop)) +
      (epilogue ? results * operationCount(epilogue.loop) : 0),
    operands: types,
    ...(epilogue?.loop.checks && { clears: types.length - 1 }),
    workgroups: Math.ceil(partials / perGroup),
    cells: width > 1 ? 1 : 0,
    ...(parts === 1 && {
      span: {
        results,
        areAligned: (rows, elements) => [
          ...Array<boolean>(stored).fill(results % rows === 0),
          ...inputs.map(
            (input, i) => rows <= mostRows && isAligned(shape, input, rows, elements[stored + i]!),
          ),
          ...others.map((input, i) =>
            isAligned(epilogue!.loop.shape, input, rows, elements[stored + inputs.length + i]!),
          ),
          ...(epilogue?.loop.checks ? [false] : []),
        ],
        body: (operands, begin, end) =>
          `for (var base = ${begin}; base < ${end}; base += ${perGroup}u) {
${bodyFrom(operands, "base", end)}
}`,
      },
    }),
    body: (operands) => bodyFrom(operands, `g * ${perGroup}u`, `${partials}u`),
  };

  function bodyFrom(operands: readonly Operand[], base: string, last: string): string {
    const fold = foldOf(kind, dtype);
    const type = dtype === "int32" ? "i32" : "f32";
    const neighbors = lanesAlong(kept, folded, inputs.length);
    const slot = neighbors === "values" ? `t / ${width}u` : `t % ${perGroup}u`;
    const lane = neighbors === "values" ? `t % ${width}u` : `t / ${perGroup}u`;
    const result = parts === 1 ? "o" : `(o / ${parts}u)`;
    const begin = parts === 1 ? "0u" : `(o % ${parts}u) * ${perPart}u`;
    const end = parts === 1 ? `${values}u` : `min(${values}u, begin + ${perPart}u)`;
    const shares: Tree = {
      ...{ width, type, distance: neighbors === "values" ? 1 : perGroup },
      fold: (other) => `total = ${fold.join("total", other!)};`,
    };
    const outer = placesOf(kept, result, "o");
    const inner = placesOf(folded, "r", "r");
    const load = (input: number): string =>
      operands[stored + input]!.load(
        sumOf([...outer.termsOf(input), ...inner.termsOf(input)], inputs[input]!.offset),
      );
    return `let slot = ${slot};
let lane = ${lane};
let o = ${base} + slot;
let begin = ${begin};
let end = ${end};
var total: ${type} = ${fold.start};
${
  // A place among no values would be a division by 0.
  values === 0
    ? ""
    : `if (o < ${last}) {
${outer.code}
for (var r = begin + lane; r < end; r += ${width}u) {
${inner.code}
${statements(body, load)}
total = ${fold.join("total", `v${outputs[0]!}`)};
}
}`
}
${width > 1 ? tree(["total"], shares) : ""}
if (lane == 0u && o < ${last}) {
${storing(epilogue, operands, inputs.length, "total", "o")}
}`;
  }
}

/** Along which axes neighbouring invocations read neighbouring elements. */
function lanesAlong(
  kept: readonly Axis[],
  folded: readonly Axis[],
  inputs: number,
): "values" | "results" {
  const contiguous = (axes: readonly Axis[]): number =>
    Array.from({ length: inputs }, (_, i) => axes.at(-1)?.strides[i]).filter((s) => s === 1).length;
  return contiguous(kept) > contiguous(folded) ? "results" : "values";
}

/** The `k`-th word of an invocation in the memory that its workgroup shares. */
export const cellAt = (invocation: string, k = 0): string =>
  `cells[${invocation}${k === 0 ? "" : ` + ${k * invocations}u`}]`;

/** How the values of some invocations become one. */
export interface Tree {
  /** Invocations that share a result, a power of two, and how far apart they are. */
  readonly width: number;
  readonly distance: number;
  /** @defaultValue "f32" */
  readonly type?: "f32" | "i32" | "u32";
  /**
   * The statements that fold the values of another invocation, as expressions, into the variables.
   */
  fold(...others: readonly string[]): string;
}

/**
 * Folds variables of each invocation into those of the first one that shares their result; all
 * invocations of the workgroup take part, with a word for each variable.
 */
export function tree(
  variables: readonly string[],
  { width, distance, type = "f32", fold }: Tree,
): string {
  const store = variables.map((name, k) => `${cellAt("t", k)} = bitcast<u32>(${name});`).join(" ");
  const lines = [store, "workgroupBarrier();"];
  for (let half = width / 2; half >= 1; half /= 2) {
    const others = variables.map(
      (_, k) => `bitcast<${type}>(${cellAt(`t + ${half * distance}u`, k)})`,
    );
    lines.push(`if (lane < ${half}u) { ${fold(...others)} ${store} }`, "workgroupBarrier();");
  }
  return lines.join("\n");
}
