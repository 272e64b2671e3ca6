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
  const loops = loopMerger(units, maxOperands);
  for (const unit of units) if (unit.kind === "loop") while (mergeProducer(unit, loops, isStored));
  mergeNeighbours(loops);
  const remaining = loops.remaining();
  dropStores(remaining, outputs);
  return remaining;
}

/** Units while some are merged into others. */
interface LoopMerger {
  /** The units that compute what a unit reads. */
  producersOf(unit: Unit): ReadonlySet<Unit>;
  dependsOn(unit: Unit, other: Unit): boolean;
  /** Merges one loop into another, unless they have too many operands together. */
  merge(source: Unit, target: Unit): boolean;
  isMerged(unit: Unit): boolean;
  /** The units that were not merged into others. */
  remaining(): Unit[];
}

function loopMerger(units: readonly Unit[], maxOperands: number): LoopMerger {
  const producer = new Map<Node, Unit>();
  for (const unit of units) for (const x of unit.results) producer.set(x, unit);
  const merged = new Set<Unit>();
  const producersOf = (unit: Unit): Set<Unit> => {
    const producers = new Set<Unit>();
    for (const x of unit.reads) {
      const other = producer.get(x);
      if (other && other !== unit) producers.add(other);
    }
    return producers;
  };
  return {
    producersOf,
    dependsOn: (unit, other) => reaches(unit, other, producersOf),
    merge(source, target) {
      const results = [...source.results, ...target.results];
      const reads = [...source.reads, ...target.reads].filter((x) => !results.includes(x));
      const distinct = new Set(reads);
      if (distinct.size > maxOperands || results.length > maxOperands) return false;
      target.results = results;
      target.reads = distinct;
      for (const x of source.results) producer.set(x, target);
      merged.add(source);
      return true;
    },
    isMerged: (unit) => merged.has(unit),
    remaining: () => units.filter((unit) => !merged.has(unit)),
  };
}

const areLoopsOfOneShape = (a: Unit, b: Unit): boolean =>
  a.kind === "loop" && b.kind === "loop" && sameShape(a.results[0]!.shape, b.results[0]!.shape);

/** Merges one of the loops that compute what this loop reads into it, if one can be. */
function mergeProducer(unit: Unit, loops: LoopMerger, isStored: (x: Node) => boolean): boolean {
  for (const producer of loops.producersOf(unit)) {
    if (!areLoopsOfOneShape(producer, unit)) continue;
    // A loop computes one element at a time: it must read the producer's results in their order.
    const inOrder = unit.results
      .flatMap((x) => loads(x, isStored))
      .filter(({ base }) => producer.results.includes(base))
      .every((from) => isIdentity(from, unit.results[0]!.shape));
    if (!inOrder) continue;
    const others = [...loops.producersOf(unit)].filter((other) => other !== producer);
    if (others.some((other) => loops.dependsOn(other, producer))) continue;
    if (loops.merge(producer, unit)) return true;
  }
  return false;
}

/**
 * Loops that read the same arrays, such as a moment of Adam and the parameter that it updates, read
 * them once.
 */
function mergeNeighbours(loops: LoopMerger): void {
  const neighbours = loops.remaining().filter(({ kind }) => kind === "loop");
  for (const [i, unit] of neighbours.entries())
    for (const other of neighbours.slice(0, i)) {
      if (loops.isMerged(other) || !areLoopsOfOneShape(other, unit)) continue;
      const size = sizeOf(unit.results[0]!.shape);
      const shared = [...unit.reads].filter(
        (x) => other.reads.has(x) && sizeOf(x.shape) > 1 && sizeOf(x.shape) === size,
      );
      if (shared.length >= 2 && !loops.dependsOn(unit, other) && !loops.dependsOn(other, unit))
        loops.merge(other, unit);
    }
}

/** Leaves only the stores that another unit or the caller reads. */
function dropStores(units: readonly Unit[], outputs: readonly Node[]): void {
  const wanted = new Set(outputs.map((x) => access(x).base));
  for (const unit of units) for (const x of unit.reads) wanted.add(x);
  for (const unit of units) {
    if (unit.kind === "loop") unit.results.sort((a, b) => a.id - b.id);
    unit.stores = unit.results.filter((x) => wanted.has(x));
  }
}
