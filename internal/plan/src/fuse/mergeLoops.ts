import { sameShape, sizeOf } from "@tenon/tensor";
import { access, isIdentity } from "../graph/access.js";
import type { Node } from "../graph/node.js";
import { loads } from "../graph/walk.js";
import type { LoopLimits } from "./fuse.js";
import { reaches, type Unit } from "./unit.js";

/**
 * Merges loops of one shape of which one reads what the other computes, then those that read the
 * same arrays, and drops the stores that no other unit reads.
 */
export function mergeLoops(
  units: readonly Unit[],
  outputs: readonly Node[],
  isStored: (x: Node) => boolean,
  { maxOperands }: LoopLimits,
): Unit[] {
  const producer = new Map<Node, Unit>();
  for (const unit of units) for (const x of unit.results) producer.set(x, unit);
  const remaining = new Set(units);

  /** The units that compute what a unit reads. */
  const producersOf = (unit: Unit): Unit[] => {
    const producers = new Set([...unit.reads].flatMap((x) => producer.get(x) ?? []));
    return [...producers].filter((other) => other !== unit);
  };
  const dependsOn = (unit: Unit, other: Unit): boolean => reaches(unit, other, producersOf);

  /** Merges one loop into another, unless they have too many operands together. */
  const merge = (source: Unit, target: Unit): boolean => {
    const results = [...source.results, ...target.results];
    const reads = new Set([...source.reads, ...target.reads].filter((x) => !results.includes(x)));
    if (reads.size > maxOperands || results.length > maxOperands) return false;
    target.results = results;
    target.reads = reads;
    for (const x of source.results) producer.set(x, target);
    return remaining.delete(source);
  };

  /** Merges one of the loops that compute what this loop reads into it, if one can be. */
  const mergeProducer = (unit: Unit): boolean =>
    producersOf(unit).some(
      (source, _, producers) =>
        areLoopsOfOneShape(source, unit) &&
        // A loop computes one element at a time: it must read these results in their order.
        unit.results
          .flatMap((x) => loads(x, isStored))
          .filter(({ base }) => source.results.includes(base))
          .every((from) => isIdentity(from, unit.results[0]!.shape)) &&
        !producers.some((other) => other !== source && dependsOn(other, source)) &&
        merge(source, unit),
    );

  for (const unit of units) if (unit.kind === "loop") while (mergeProducer(unit));
  // Loops that read the same arrays, such as a moment of Adam and the parameter that it updates,
  // read them once.
  const neighbours = [...remaining];
  for (const [i, unit] of neighbours.entries())
    for (const other of neighbours.slice(0, i))
      if (
        remaining.has(other) &&
        areLoopsOfOneShape(other, unit) &&
        sharedArrays(unit, other) >= 2 &&
        !dependsOn(unit, other) &&
        !dependsOn(other, unit)
      )
        merge(other, unit);
  dropStores([...remaining], outputs);
  return [...remaining];
}

const areLoopsOfOneShape = (a: Unit, b: Unit): boolean =>
  a.kind === "loop" && b.kind === "loop" && sameShape(a.results[0]!.shape, b.results[0]!.shape);

/** How many arrays of their own size two loops both read. */
function sharedArrays(a: Unit, b: Unit): number {
  const size = sizeOf(a.results[0]!.shape);
  return [...a.reads].filter((x) => b.reads.has(x) && size > 1 && sizeOf(x.shape) === size).length;
}

/** Leaves only the stores that another unit or the caller reads. */
function dropStores(units: readonly Unit[], outputs: readonly Node[]): void {
  const wanted = new Set([
    ...outputs.map((x) => access(x).base),
    ...units.flatMap(({ reads }) => [...reads]),
  ]);
  for (const unit of units) {
    if (unit.kind === "loop") unit.results.sort((a, b) => a.id - b.id);
    unit.stores = unit.results.filter((x) => wanted.has(x));
  }
}
