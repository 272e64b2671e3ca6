import { sameShape, sizeOf, type Conv2dAttrs, type Pool2dAttrs } from "@tenon/tensor";
import { apart, poolable, tiling, type PoolSpec } from "../kernels/pool2d.js";
import { winogradBackFits } from "../kernels/winogradBack.js";
import { access, dense, identity, type Access } from "./access.js";
import type { Ir } from "./ir.js";
import { costOf, isElementwise, isLeaf, isReduction, isView } from "./kinds.js";

/** Work that becomes one kernel (or a few in a row): a fused loop, a reduction of a fused expression, an operation with a kernel of its own, or a loop over what a max pool spreads. */
export interface Unit {
  readonly kind: "loop" | "reduction" | "operation" | "spread";
  /** The values it makes; a loop may make several of one shape. */
  results: Ir[];
  /** Those of them that somebody else reads. */
  stores: readonly Ir[];
  /** What it reads, other than what it makes itself: the base of each view. */
  reads: Set<Ir>;
  /** Of a spread: the slope of a max pool that its expression reads while it is spread. */
  readonly from?: Ir;
}

/** Which values get a buffer; all other elementwise ones are computed anew wherever they are read. */
export interface Fusion {
  readonly units: Unit[];
  isStored(x: Ir): boolean;
}

/** A value that costs at most this much is computed twice rather than stored and loaded. */
const cheap = 3;
/** Longer expressions and loops with more operands run out of registers. */
const longest = 64, widest = 14;

/**
 * Decides what is stored and groups the rest into loops.
 *
 * First every elementwise value is either stored or computed at each of its uses: stored if a kernel or the caller needs it,
 * if it is read in another order or shape than it is made, or if it is dear and read more than once. Then loops of one shape
 * of which one reads what the other makes become one loop.
 */
export function fuse(outputs: readonly Ir[]): Fusion {
  const order = reachable(outputs);
  const joined = new Map([...joinPools(order), ...pairSlopes(order)]);
  const needed = new Set(outputs.map((x) => access(x).base));
  const readers = new Map<Ir, number>();
  const taken = new Set([...joined.values()].flat()), pooled = new Set<Ir>();
  for (const x of order) {
    if (isView(x.op) || taken.has(x)) continue;
    const looks = looksOnce(x), loop = isElementwise(x.op) || isReduction(x.op) || looks;
    if (looks) pooled.add(access(x.inputs[0]!).base);
    // What is taken along is read as it lies, unless it is what the pool computes.
    for (const along of joined.get(x) ?? []) if (along.op === "takeAlong" && access(along.inputs[0]!).base !== access(x.inputs[0]!).base) needed.add(access(along.inputs[0]!).base);
    for (const input of new Set(x.inputs)) {
      const at = access(input);
      if (loop && identity(at, isElementwise(x.op) ? x.shape : input.shape)) readers.set(at.base, (readers.get(at.base) ?? 0) + 1);
      else needed.add(at.base);
    }
  }

  const weights = new Map<Ir, { cost: number; size: number }>();
  const inlined = new Set<Ir>();
  const isStored = (x: Ir): boolean => !isView(x.op) && !isLeaf(x.op) && !inlined.has(x);
  for (const x of order) {
    if (!isElementwise(x.op)) continue;
    let cost = costOf(x.op), size = 1;
    for (const input of new Set(x.inputs)) {
      const { base } = access(input);
      if (!inlined.has(base)) continue;
      cost += weights.get(base)!.cost;
      size += weights.get(base)!.size;
    }
    weights.set(x, { cost, size });
    if (pooled.has(x) && !poolable({ shape: x.shape, inputs: loads(x, isStored) })) needed.add(x);
    if (!needed.has(x) && size < longest / 2 && (readers.get(x) === 1 || cost <= cheap)) inlined.add(x);
  }

  const spreads = spreadInto(order.filter((x) => isStored(x) && !taken.has(x)), outputs, isStored);
  for (const from of spreads.values()) taken.add(from);
  const units = order.filter((x) => isStored(x) && !taken.has(x)).map((x): Unit => {
    const results = [x, ...(joined.get(x) ?? [])], from = spreads.get(x);
    const reads = new Set([...results, ...(from ? [from] : [])].flatMap((made) => loads(made, isStored)).map((at) => at.base).filter((base) => base !== from && !results.includes(base)));
    return { kind: from ? "spread" : isElementwise(x.op) ? "loop" : isReduction(x.op) ? "reduction" : "operation", results, stores: [x], reads, ...(from && { from }) };
  });
  return { units: merge(units, outputs, isStored), isStored };
}

/** The largest under a window, where it lies, and what else is taken from there are found in one look: `takeAlong` of `argMaxPool2d` joins its operation. */
function joinPools(order: readonly Ir[]): Map<Ir, Ir[]> {
  const joined = new Map<Ir, Ir[]>();
  for (const x of order) {
    if (x.op !== "takeAlong") continue;
    const [image, positions] = x.inputs.map(access) as [Access, Access], finder = positions.base;
    if (finder.op !== "argMaxPool2d") continue;
    const [from] = finder.inputs as [Ir], [n, h, w, c] = from.shape;
    if (![n, h! * w!, c].every((size, i) => size === x.inputs[0]!.shape[i])) continue;
    const known = access(from).base === image.base;
    if (known || (looksOnce(finder) && dense(image, x.inputs[0]!.shape) && sameShape(image.base.shape, from.shape) && image.base.dtype === "float32" && !reachable([image.base]).includes(finder)))
      joined.set(finder, [...(joined.get(finder) ?? []), x]);
  }
  return joined;
}

/** Loops that are the only readers of what a max pool spreads, and read all else cell by cell: they compute as it is spread. */
function spreadInto(stored: readonly Ir[], outputs: readonly Ir[], isStored: (x: Ir) => boolean): Map<Ir, Ir> {
  const readers = new Map<Ir, Set<Ir | undefined>>();
  const read = (base: Ir, by?: Ir): void => { if (base.op === "scatterAlong") readers.set(base, (readers.get(base) ?? new Set()).add(by)); };
  for (const x of stored) for (const at of loads(x, isStored)) read(at.base, x);
  for (const x of outputs) read(access(x).base);
  const found = new Map<Ir, Ir>();
  for (const [from, by] of readers) {
    const [x] = by, pool = poolOfScatter(from);
    if (by.size > 1 || !x || !isElementwise(x.op) || found.has(x) || !pool || !tiling(pool) || !sameShape(x.shape, pool.x)) continue;
    const inputs = loads(x, isStored), own = inputs.filter(({ base }) => base === from);
    if (own.every((at) => dense(at, x.shape)) && poolable({ shape: x.shape, inputs })) found.set(x, from);
  }
  return found;
}

/** The max pool whose slope a scatter spreads. */
export function poolOfScatter(x: Ir): PoolSpec | undefined {
  const { base } = access(x.inputs[1]!);
  if (base.op !== "argMaxPool2d") return undefined;
  const spec: PoolSpec = { x: base.inputs[0]!.shape, attrs: base.attrs as Pool2dAttrs }, [n, h, w, c] = spec.x;
  return apart(spec) && [n, h! * w!, c].every((size, i) => size === x.shape[i]) ? spec : undefined;
}

/** Both slopes of a convolution are made in one go where that is quicker, unless one is made of the other. */
function pairSlopes(order: readonly Ir[]): Map<Ir, Ir[]> {
  const pairs = new Map<Ir, Ir[]>();
  for (const x of order) {
    if (x.op !== "conv2dInput" || !winogradBackFits({ x: x.shape, w: x.inputs[1]!.shape, attrs: x.attrs as Conv2dAttrs })) continue;
    const other = order.find((y) => y.op === "conv2dFilter" && y.inputs[1] === x.inputs[0] && y.attrs === x.attrs && sameShape(y.shape, x.inputs[1]!.shape) && sameShape(y.inputs[0]!.shape, x.shape));
    if (other && !reachable([other]).includes(x) && !reachable([x]).includes(other)) pairs.set(x, [other]);
  }
  return pairs;
}

/** Whether this is a max pool that looks at each cell once: then what it looks at may be computed as it looks. */
function looksOnce(x: Ir): boolean {
  return x.op === "argMaxPool2d" && apart({ x: x.inputs[0]!.shape, attrs: x.attrs as Pool2dAttrs });
}

/** Everything the outputs are made of, inputs first. */
function reachable(outputs: readonly Ir[]): Ir[] {
  const seen = new Set<Ir>();
  const stack = [...outputs];
  while (stack.length > 0) {
    const x = stack.pop()!;
    if (seen.has(x)) continue;
    seen.add(x);
    stack.push(...x.inputs);
  }
  return [...seen].sort((a, b) => a.id - b.id);
}

/** Every place in memory that the expression of a stored value reads. */
export function loads(x: Ir, isStored: (x: Ir) => boolean): Access[] {
  const found: Access[] = [];
  const seen = new Set<Ir>();
  const visit = (of: Ir): void => {
    for (const input of of.inputs) {
      const at = access(input);
      if (at.base.op === "fill") continue;
      if (isLeaf(at.base.op) || isStored(at.base)) found.push(at);
      else if (!seen.has(at.base)) {
        seen.add(at.base);
        visit(at.base);
      }
    }
  };
  visit(x);
  return found;
}

/** Whether steps lead from one unit to another. */
export function reaches(from: Unit, to: Unit, steps: (unit: Unit) => Iterable<Unit>): boolean {
  const seen = new Set<Unit>(), stack = [from];
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
    return a.kind === "loop" && b.kind === "loop" && x.shape.length === y.shape.length && x.shape.every((n, i) => n === y.shape[i]);
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
        // A loop sees only the element it stands at: everything of the other must be read as it lies.
        const reads = unit.results.flatMap((x) => loads(x, isStored)).filter((at) => from.results.includes(at.base));
        if (!reads.every((at) => identity(at, unit.results[0]!.shape))) continue;
        if ([...makersOf(unit)].some((other) => other !== from && dependsOn(other, from))) continue;
        if (!join(from, unit)) continue;
        again = true;
        break;
      }
    }
  }

  // Neighbours that read the same arrays, such as a moment of Adam and the parameter it moves, read them once.
  const loops = units.filter((unit) => unit.kind === "loop" && !gone.has(unit));
  for (const [i, unit] of loops.entries()) for (const other of loops.slice(0, i)) {
    if (gone.has(other) || !sameLoop(other, unit)) continue;
    const shared = [...unit.reads].filter((x) => other.reads.has(x) && sizeOf(x.shape) > 1 && sizeOf(x.shape) === sizeOf(unit.results[0]!.shape));
    if (shared.length >= 2 && !dependsOn(unit, other) && !dependsOn(other, unit)) join(other, unit);
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
