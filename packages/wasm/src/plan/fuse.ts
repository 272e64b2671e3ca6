import { sizeOf } from "@tenon/tensor";
import { isFusablePrologue } from "../kernels/pool/fusedInputs.js";
import { access, identity } from "./access.js";
import type { Ir } from "./ir.js";
import { joinPools, looksOnce, pairGradients, spreadInto } from "./joins.js";
import { costOf, isElementwise, isLeaf, isReduction, isView } from "./kinds.js";
import { loads, reachable } from "./walk.js";

/**
 * Work that becomes one kernel (or a few in a row): a fused loop, a reduction of a fused
 * expression, an operation with a kernel of its own, or a loop over what a max pool spreads.
 */
export interface Unit {
  readonly kind: "loop" | "reduction" | "operation" | "spread";
  /** The values it makes; a loop may make several of one shape. */
  results: Ir[];
  /** Those of them that somebody else reads. */
  stores: readonly Ir[];
  /** What it reads, other than what it makes itself: the base of each view. */
  reads: Set<Ir>;
  /** Of a spread: the gradient of a max pool that its expression reads while it is spread. */
  readonly from?: Ir;
}

/**
 * Which values get a buffer; all other elementwise ones are computed anew wherever they are read.
 */
export interface Fusion {
  readonly units: Unit[];
  isStored(x: Ir): boolean;
}

/** A value that costs at most this much is computed twice rather than stored and loaded. */
const cheap = 3;
/** Longer expressions and loops with more operands run out of registers. */
const longest = 64;
const widest = 14;

/**
 * Decides what is stored and groups the rest into loops.
 *
 * First every elementwise value is either stored or computed at each of its uses: stored if a
 * kernel or the caller needs it, if it is read in another order or shape than it is made, or if it
 * is dear and read more than once. Then loops of one shape of which one reads what the other makes
 * become one loop.
 */
export function fuse(outputs: readonly Ir[]): Fusion {
  const order = reachable(outputs);
  const joined = new Map([...joinPools(order), ...pairGradients(order)]);
  const needed = new Set(outputs.map((x) => access(x).base));
  const readers = new Map<Ir, number>();
  const taken = new Set([...joined.values()].flat());
  const pooled = new Set<Ir>();
  for (const x of order) {
    if (isView(x.op) || taken.has(x)) continue;
    const looks = looksOnce(x);
    const loop = isElementwise(x.op) || isReduction(x.op) || x.op === "allFinite" || looks;
    if (looks) pooled.add(access(x.inputs[0]!).base);
    // What is taken along is read as it lies, unless it is what the pool computes.
    for (const along of joined.get(x) ?? [])
      if (along.op === "takeAlong" && access(along.inputs[0]!).base !== access(x.inputs[0]!).base)
        needed.add(access(along.inputs[0]!).base);
    for (const input of new Set(x.inputs)) {
      const at = access(input);
      if (loop && identity(at, isElementwise(x.op) ? x.shape : input.shape))
        readers.set(at.base, (readers.get(at.base) ?? 0) + 1);
      else needed.add(at.base);
    }
  }

  const weights = new Map<Ir, { cost: number; size: number }>();
  const inlined = new Set<Ir>();
  const isStored = (x: Ir): boolean => !isView(x.op) && !isLeaf(x.op) && !inlined.has(x);
  for (const x of order) {
    if (!isElementwise(x.op)) continue;
    let cost = costOf(x.op);
    let size = 1;
    for (const input of new Set(x.inputs)) {
      const { base } = access(input);
      if (!inlined.has(base)) continue;
      cost += weights.get(base)!.cost;
      size += weights.get(base)!.size;
    }
    weights.set(x, { cost, size });
    if (pooled.has(x) && !isFusablePrologue({ shape: x.shape, inputs: loads(x, isStored) }))
      needed.add(x);
    if (!needed.has(x) && size < longest / 2 && (readers.get(x) === 1 || cost <= cheap))
      inlined.add(x);
  }

  const spreads = spreadInto(
    order.filter((x) => isStored(x) && !taken.has(x)),
    outputs,
    isStored,
  );
  for (const from of spreads.values()) taken.add(from);
  const units = order
    .filter((x) => isStored(x) && !taken.has(x))
    .map((x): Unit => {
      const results = [x, ...(joined.get(x) ?? [])];
      const from = spreads.get(x);
      const reads = new Set(
        [...results, ...(from ? [from] : [])]
          .flatMap((made) => loads(made, isStored))
          .map((at) => at.base)
          .filter((base) => base !== from && !results.includes(base)),
      );
      return {
        kind: from
          ? "spread"
          : isElementwise(x.op)
            ? "loop"
            : isReduction(x.op)
              ? "reduction"
              : "operation",
        results,
        stores: [x],
        reads,
        ...(from && { from }),
      };
    });
  return { units: merge(units, outputs, isStored), isStored };
}

/** Whether steps lead from one unit to another. */
export function reaches(from: Unit, to: Unit, steps: (unit: Unit) => Iterable<Unit>): boolean {
  const seen = new Set<Unit>();
  const stack = [from];
  while (stack.length > 0) {
    const at = stack.pop()!;
    if (at === to) return true;
    if (seen.has(at)) continue;
    seen.add(at);
    stack.push(...steps(at));
  }
  return false;
}

/** Joins loops that make and read the same numbers, and drops the stores that nobody else reads. */
function merge(units: Unit[], outputs: readonly Ir[], isStored: (x: Ir) => boolean): Unit[] {
  const maker = new Map<Ir, Unit>();
  for (const unit of units) for (const x of unit.results) maker.set(x, unit);
  const makersOf = (unit: Unit): Set<Unit> => {
    const makers = new Set<Unit>();
    for (const x of unit.reads) {
      const from = maker.get(x);
      if (from && from !== unit) makers.add(from);
    }
    return makers;
  };
  const dependsOn = (unit: Unit, other: Unit): boolean => reaches(unit, other, makersOf);
  const sameLoop = (a: Unit, b: Unit): boolean => {
    const [x, y] = [a.results[0]!, b.results[0]!];
    return (
      a.kind === "loop" &&
      b.kind === "loop" &&
      x.shape.length === y.shape.length &&
      x.shape.every((n, i) => n === y.shape[i])
    );
  };

  const gone = new Set<Unit>();
  const join = (from: Unit, unit: Unit): boolean => {
    const results = [...from.results, ...unit.results];
    const both = new Set([...from.reads, ...unit.reads].filter((x) => !results.includes(x)));
    if (both.size > widest || results.length > widest) return false;
    unit.results = results;
    unit.reads = both;
    for (const x of from.results) maker.set(x, unit);
    gone.add(from);
    return true;
  };
  for (const unit of units) {
    if (unit.kind !== "loop") continue;
    for (let again = true; again;) {
      again = false;
      for (const from of makersOf(unit)) {
        if (!sameLoop(from, unit)) continue;
        // A loop sees only the element it stands at: everything of the other must be read as it
        // lies.
        const reads = unit.results
          .flatMap((x) => loads(x, isStored))
          .filter((at) => from.results.includes(at.base));
        if (!reads.every((at) => identity(at, unit.results[0]!.shape))) continue;
        if ([...makersOf(unit)].some((other) => other !== from && dependsOn(other, from))) continue;
        if (!join(from, unit)) continue;
        again = true;
        break;
      }
    }
  }

  // Neighbours that read the same arrays, such as a moment of Adam and the parameter it moves, read
  // them once.
  const loops = units.filter((unit) => unit.kind === "loop" && !gone.has(unit));
  for (const [i, unit] of loops.entries())
    for (const other of loops.slice(0, i)) {
      if (gone.has(other) || !sameLoop(other, unit)) continue;
      const shared = [...unit.reads].filter(
        (x) =>
          other.reads.has(x) &&
          sizeOf(x.shape) > 1 &&
          sizeOf(x.shape) === sizeOf(unit.results[0]!.shape),
      );
      if (shared.length >= 2 && !dependsOn(unit, other) && !dependsOn(other, unit))
        join(other, unit);
    }

  const left = units.filter((unit) => !gone.has(unit));
  const wanted = new Set(outputs.map((x) => access(x).base));
  for (const unit of left) for (const x of unit.reads) wanted.add(x);
  for (const unit of left) {
    if (unit.kind === "loop") unit.results.sort((a, b) => a.id - b.id);
    unit.stores = unit.results.filter((x) => wanted.has(x));
  }
  return left;
}
