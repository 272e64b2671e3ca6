import type { Local } from "@tenon/emit";
import { sizeOf } from "@tenon/tensor";
import { workItemElements } from "../../machine.js";
import type { Kernel } from "../kernel.js";
import { collapse, keyOf, type Loop } from "../loop/loop.js";
import { kernelOf } from "../shared/kernelOf.js";
import { eachUnit } from "../shared/workItems.js";
import { foldOf, type FoldKind, type Reducing } from "./fold.js";
import { blockColumns } from "../shared/columnBlocks.js";
import { foldColumns } from "./foldColumns.js";
import { foldRows } from "./foldRows.js";

/**
 * Expressions folded along some axes: the outputs are what is folded, each in its way. The results
 * are contiguous over the other axes.
 */
export interface Reduction extends Loop {
  readonly axes: readonly number[];
  readonly kinds: readonly FoldKind[];
}

/** Elements folded by a work item: each costs less than one that is also stored. */
const itemElements = 2 * workItemElements;

/** The arrays of a reduction: its results and its inputs. */
export interface FoldArguments {
  readonly outs: readonly Local<"address">[];
  readonly reads: readonly Local<"address">[];
}

/**
 * out[kept axes] = fold over the other axes of an elementwise expression, in an order that depends
 * on the shape alone; several of them in one pass. Pointers: the results, contiguous, then the
 * inputs of all expressions, with any strides. A work item is some results, or some blocks of
 * columns where the last axis is kept.
 */
export function reduce({ axes, kinds, ...given }: Reduction): Kernel {
  const reducing = reducingOf(given, axes, kinds);
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
      key: `${kinds.join("+")} ${folded.join()} ${keyOf(loop)}`,
      pointers: kinds.length + inputs.length,
      workItems: Math.ceil(count / perItem),
      flops: sizeOf(shape) * (kinds.length + body.filter((n) => "args" in n).length),
    },
    (f, pointers, range) => {
      const outs = pointers.slice(0, kinds.length);
      const reads = pointers.slice(kinds.length);
      eachUnit(f, range, { perItem, count }, (unit) =>
        emitUnit(f, reducing, { outs, reads }, unit),
      );
    },
  );
}

/** A reduction over fewer axes: neighbours that are both kept or both folded become one. */
function reducingOf(given: Loop, axes: readonly number[], kinds: readonly FoldKind[]): Reducing {
  const isFolded = given.shape.map((_, axis) => axes.includes(axis));
  const { loop, axes: firstAxes } = collapse(given, (a, b) => isFolded[a] === isFolded[b]);
  const folds = loop.outputs.map((node, i) => ({
    node,
    fold: foldOf(kinds[i]!, loop.body[node]!.dtype === "int32"),
  }));
  if (loop.shape.length > 0) {
    const axesWhere = (wanted: boolean): number[] =>
      firstAxes.flatMap((axis, k) => (isFolded[axis] === wanted ? [k] : []));
    return { loop, kept: axesWhere(false), folded: axesWhere(true), folds };
  }
  // Without any axis left, one element is folded alone.
  const inputs = loop.inputs.map(({ offset }) => ({ offset, strides: [0] }));
  return { loop: { ...loop, shape: [1], inputs }, kept: [], folded: [0], folds };
}
