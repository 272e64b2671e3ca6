import type { FunctionBuilder, V128 } from "@tenon/emit";
import * as f32x4 from "@tenon/emit/f32x4";
import * as i32x4 from "@tenon/emit/i32x4";
import * as v128 from "@tenon/emit/v128";
import type { MaxPoolOptions, PoolSpec } from "@tenon/plan";
import { emitBody } from "../loop/body.js";
import { keyOf, type Loop } from "../loop/loop.js";
import { checkReadsAsImage, identity, inputsPerCell } from "./fusedInputs.js";
import type { Cell, Window } from "./poolWindows.js";

/**
 * What a max pool stores of each window, in this order: the maximum, further outputs of the
 * prologue at the argmax, the argmax index.
 */
export interface MaxPoolResults {
  readonly prologue: Loop;
  /** Which outputs of the prologue are stored. */
  readonly stored: readonly number[];
  readonly indices: boolean;
  /** How many arrays are written. */
  readonly count: number;
  /** Distinguishes the code of different results. */
  readonly key: string;
}

export function resultsOf(
  { x }: PoolSpec,
  { prologue = identity(x), values = true, indices = true }: MaxPoolOptions,
): MaxPoolResults {
  checkReadsAsImage(prologue);
  const stored = prologue.outputs.flatMap((_, k) => (k > 0 || values ? [k] : []));
  return {
    prologue,
    stored,
    indices,
    count: stored.length + Number(indices),
    key:
      (values ? "" : "/indices") +
      (indices ? "" : "/values") +
      (prologue.body.length > 1 ? ` ${keyOf(prologue)}` : ""),
  };
}

/**
 * Of the pointers of the results and of the prologue's inputs, those with a row per image of which
 * each image reads or writes only its own.
 */
export const imagePointersOf = ({ prologue, count }: MaxPoolResults): number[] => [
  ...Array.from({ length: count }, (_, k) => k),
  ...inputsPerCell(prologue).map((k) => count + k),
];

/** Emits the load of a prologue's input at a cell, the `ordinal`th of its window. */
export type PrologueReader = (
  input: number,
  cell: Pick<Cell, "base" | "offset">,
  ordinal: number,
) => V128;

/**
 * Emits the reduction of one window for four channels: gives the vectors to be stored. The first of
 * equal maxima wins, and the first NaN wins over all.
 */
export function reduceWindow(
  f: FunctionBuilder,
  { prologue: { body, outputs: nodes }, stored, indices }: MaxPoolResults,
  { first, cells }: Pick<Window, "first" | "cells">,
  load: PrologueReader,
): V128[] {
  const best = nodes.map(() => f.local("v128"));
  const argmax = f.local("v128");
  const keepsBest = f.local("v128");
  const firstIndex = f.local("v128");
  const evaluate = (
    cell: Pick<Cell, "base" | "offset">,
    ordinal: number,
  ): ((node: number) => V128) => emitBody(f, body, (input) => load(input, cell, ordinal), nodes);
  const start = evaluate({ base: first.base, offset: 0 }, 0);
  nodes.forEach((node, k) => f.set(best[k]!, start(node)));
  f.set(firstIndex, i32x4.splat(first.index));
  f.set(argmax, firstIndex);
  const maximum = best[0]!;
  const values = nodes.map(() => f.local("v128"));
  let ordinal = 0;
  cells((cell) => {
    const unrolled = cell.base === first.base;
    if (unrolled && cell.offset === 0) return; // the first cell
    const valueOf = evaluate(cell, ++ordinal);
    nodes.forEach((node, k) => f.set(values[k]!, valueOf(node)));
    f.set(keepsBest, v128.or(f32x4.ne(maximum, maximum), f32x4.le(values[0]!, maximum)));
    best.forEach((local, k) => f.set(local, v128.select(keepsBest, local, values[k]!)));
    if (!indices) return;
    const index = unrolled
      ? i32x4.add(firstIndex, i32x4.const(cell.indexOffset))
      : i32x4.splat(cell.baseIndex);
    f.set(argmax, v128.select(keepsBest, argmax, index));
  });
  return [...stored.map((k) => best[k]!), ...(indices ? [argmax] : [])];
}
