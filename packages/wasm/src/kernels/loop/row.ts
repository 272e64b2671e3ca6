import type { FunctionBuilder, Index, Local, V128 } from "@tenon/emit";
import * as i32 from "@tenon/emit/i32";
import * as i32x4 from "@tenon/emit/i32x4";
import * as v128 from "@tenon/emit/v128";
import { advance, stridedLoads } from "./addressing.js";
import { emitBody } from "./body.js";
import { hoist } from "./hoist.js";
import type { BodyNode } from "./loop.js";

/** What a row of a loop computes, and from where. */
export interface Row {
  readonly body: readonly BodyNode[];
  /** Nodes whose values are written, in the order of `writes`. */
  readonly results: readonly number[];
  /** Nodes whose values are checked. */
  readonly checks: readonly number[];
  /**
   * The largest magnitudes of checked values so far, one or more vectors: the bits of float32
   * without their sign are in order as integers, with NaN after infinity.
   */
  readonly largest: readonly Local<"v128">[];
  /** The inputs' strides along the row. */
  readonly strides: readonly number[];
  /** Where the row's next elements are. */
  readonly writes: readonly Local<"address">[];
  readonly reads: readonly Local<"address">[];
}

/** These are computed in float64, each as two vectors next to each other. */
const inFloat64: ReadonlySet<string> = new Set([
  "sin",
  "cos",
  "pow",
  "remainder",
  "erfc",
  "normalCdf",
]);

/**
 * How many vectors are computed next to each other: more hide more latency, until registers run
 * out. Chosen by `bench/elementwise`.
 */
export function vectorsAtOnce(body: readonly BodyNode[]): number {
  const cost = body.filter((node) => node.op !== "constant").length;
  return cost <= 8 && !body.some(({ op }) => inFloat64.has(op)) ? 4 : 2;
}

/**
 * A row for which the value of a condition is known: only that branch of each choice is computed.
 */
function specialized(row: Row, condition: number, value: boolean): Row {
  const replacement = row.body.map((_, k) => k);
  row.body.forEach((node, k) => {
    if (node.op === "where" && node.args[0] === condition)
      replacement[k] = replacement[node.args[value ? 1 : 2]!]!;
  });
  const replaced = (nodes: readonly number[]): number[] => nodes.map((k) => replacement[k]!);
  return {
    ...row,
    body: row.body.map((node) => ("args" in node ? { ...node, args: replaced(node.args) } : node)),
    results: replaced(row.results),
    checks: replaced(row.checks),
  };
}

/**
 * Emits a row of `n` elements. A condition that is the same along the row, such as whether a loss
 * is finite, is tested once.
 */
export function emitRow(f: FunctionBuilder, n: Index, row: Row): void {
  const hoisted = hoist(f, row.body, row.strides, row.reads);
  const conditions = new Set(
    row.body.flatMap((node) =>
      node.op === "where" && hoisted.has(node.args[0]!) ? node.args[0]! : [],
    ),
  );
  // Each further condition would double the code.
  if (conditions.size !== 1) return emitElements(f, n, row, hoisted);
  const [condition] = conditions;
  const branch = (value: boolean) => (): void =>
    emitElements(f, n, specialized(row, condition!, value), hoisted);
  f.if(v128.any(hoisted.get(condition!)!), branch(true), branch(false));
}

/**
 * Emits most elements of a row in blocks of vectors, then single vectors, and the last elements one
 * at a time with the same instructions.
 */
function emitElements(
  f: FunctionBuilder,
  n: Index,
  row: Row,
  hoisted: ReadonlyMap<number, V128>,
): void {
  const constant = typeof n === "number" ? n : undefined;
  const unroll = vectorsAtOnce(row.body);
  const i = f.local("i32");
  const { reads, strides } = row;
  const elements = (from: Index, size: number, until: Index, single: boolean): void =>
    f.loop(i, from, until, size, () => {
      f.interleave(
        Array.from({ length: Math.ceil(size / 4) }, (_, k) => () => {
          const load = stridedLoads(reads, strides, { element: 4 * k, single });
          emitVector(f, row, hoisted, load, { single, offset: 16 * k });
        }),
      );
      row.writes.forEach((pointer) => f.bump(pointer, 4 * size));
      advance(f, reads, strides, size);
    });
  const wholeBlocks = (size: number): Index =>
    constant === undefined ? i32.and(n, -size) : constant - (constant % size);
  const block = 4 * unroll;
  if (constant === undefined || constant >= block) elements(0, block, wholeBlocks(block), false);
  if (unroll > 1 && (constant === undefined || constant % block >= 4))
    elements(wholeBlocks(block), 4, wholeBlocks(4), false);
  if (constant === undefined || constant % 4 > 0) elements(wholeBlocks(4), 1, n, true);
}

/** The elements of a row that are computed together. */
export interface Elements {
  /** Whether it is one element, not four. */
  readonly single: boolean;
  /** Bytes from where the row's next elements are written. */
  readonly offset: number;
}

/** Emits four elements of a row, or one; `load` gives those of an input. */
export function emitVector(
  f: FunctionBuilder,
  { body, results, checks, largest, writes }: Row,
  hoisted: ReadonlyMap<number, V128>,
  load: (input: number) => V128,
  { single, offset }: Elements,
): void {
  const valueOf = emitBody(f, body, load, [...results, ...checks], hoisted);
  // All results are computed before any is written: an output may be in an input's place.
  const computed = results.map((node) =>
    results.length > 1 ? f.local("v128", valueOf(node)) : valueOf(node),
  );
  for (const node of checks) {
    const sum = largest[(offset / 16) % largest.length]!;
    const magnitude = i32x4.shl(valueOf(node), 1);
    // The other lanes of a single element are not part of the row.
    const checked = single ? v128.and(magnitude, i32x4.lanes(-1, 0, 0, 0)) : magnitude;
    f.set(sum, i32x4.maxU(sum, checked));
  }
  computed.forEach((value, k) =>
    single ? f.storeLane(writes[k]!, 0, value, offset) : f.store("v128", writes[k]!, value, offset),
  );
}
