import type { FoldKind } from "@tenon/plan";
import { sizeOf } from "@tenon/tensor";
import { workItemElements } from "../../machine.js";
import type { Kernel } from "../kernel.js";
import { collapse, keyOf, type Loop } from "../loop/loop.js";
import { kernelOf } from "../shared/kernelOf.js";
import { eachUnit } from "../shared/workItems.js";
import type { FoldOf, Reducing } from "./fold.js";
import { blockColumns } from "../shared/columnBlocks.js";
import { foldColumns } from "./foldColumns.js";
import { foldRows } from "./foldRows.js";

/**
 * An expression folded along some axes: its one output is what is folded. The result is contiguous
 * over the other axes.
 */
export interface Reduction extends Loop {
  readonly axes: readonly number[];
  /** Names the fold. */
  readonly kind: FoldKind;
  readonly foldOf: FoldOf;
}

/** Elements folded by a work item: each costs less than one that is also stored. */
const itemElements = 2 * workItemElements;

/**
 * out[kept axes] = fold over the other axes of an elementwise expression, in an order that depends
 * on the shape alone. Pointers: out, contiguous, then the expression's inputs, with any strides. A
 * work item is some results, or some blocks of columns where the last axis is kept.
 */
export function reduce({ axes, kind, foldOf, ...given }: Reduction): Kernel {
  const reducing = reducingOf(given, axes, foldOf);
  const { loop, kept, folded } = reducing;
  const { shape, inputs, body } = loop;
  const foldsLastAxis = folded.includes(shape.length - 1);
  const columns = foldsLastAxis ? 1 : shape[shape.length - 1]!;
  const outer = foldsLastAxis ? kept : kept.slice(0, -1);
  const rows = sizeOf(outer.map((axis) => shape[axis]!));
  const blocks = foldsLastAxis ? 1 : Math.ceil(columns / blockColumns);
  const foldedElements =
    sizeOf(folded.map((axis) => shape[axis]!)) * (foldsLastAxis ? 1 : blockColumns);
  const perItem = Math.max(1, Math.ceil(itemElements / Math.max(1, foldedElements)));
  const count = rows * blocks;
  const emitUnit = foldsLastAxis ? foldRows : foldColumns;
  return kernelOf(
    {
      key: `${kind} ${folded.join()} ${keyOf(loop)}`,
      pointers: 1 + inputs.length,
      workItems: Math.ceil(count / perItem),
      flops: sizeOf(shape) * (1 + body.filter((n) => "args" in n).length),
    },
    (f, [out, ...reads], range) =>
      eachUnit(f, range, { perItem, count }, (unit) => emitUnit(f, reducing, out!, reads, unit)),
  );
}

/** A reduction over fewer axes: neighbours that are both kept or both folded become one. */
function reducingOf(given: Loop, axes: readonly number[], foldOf: FoldOf): Reducing {
  const isFolded = given.shape.map((_, axis) => axes.includes(axis));
  const collapsed = collapse(given, (a, b) => isFolded[a] === isFolded[b]);
  // One element has no axis left.
  const { loop, axes: firstAxes } =
    collapsed.loop.shape.length === 0 ? { loop: given, axes: [...isFolded.keys()] } : collapsed;
  const axesWhere = (wanted: boolean): number[] =>
    firstAxes.flatMap((axis, k) => (isFolded[axis] === wanted ? [k] : []));
  const node = loop.outputs[0]!;
  const fold = foldOf(loop.body[node]!.dtype === "int32");
  return { loop, kept: axesWhere(false), folded: axesWhere(true), node, fold };
}
