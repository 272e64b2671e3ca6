import { access, identity } from "./access.js";
import { reaches, type Fusion, type Unit } from "./fuse.js";
import type { Ir } from "./ir.js";
import { loads } from "./walk.js";

/**
 * A parameter, slot or statistic: the placeholder that is read, and the value it has after the
 * step.
 */
export interface StateChange {
  readonly before: Ir;
  readonly after: Ir;
}

export interface Order {
  readonly units: readonly Unit[];
  /** Values that are written straight into the memory of the state they replace. */
  readonly inPlace: ReadonlyMap<Ir, Ir>;
  /** Changes whose old value is still read when the new one is made: copied at the end. */
  readonly copies: readonly StateChange[];
}

/**
 * Operations that end the program where an index is none, as recorded, but for those whose indices
 * an earlier one looks at.
 */
function indexChecks(units: readonly Unit[]): Set<Unit> {
  const first = new Map<string, Unit>();
  for (const unit of [...units].sort((a, b) => a.results[0]!.id - b.results[0]!.id)) {
    const {
      op,
      shape,
      inputs: [x, indices],
    } = unit.results[0]!;
    const picks = op === "gather" || op === "takeAlong";
    if (!picks && op !== "scatterAdd" && op !== "scatterAlong") continue;
    const { base, offset, strides } = access(indices!);
    const key = JSON.stringify([
      base.id,
      offset,
      indices!.shape,
      strides,
      picks ? x!.shape[1] : shape[1],
    ]);
    if (base.op !== "argMaxPool2d" && !first.has(key)) first.set(key, unit);
  }
  return new Set(first.values());
}

/**
 * Puts units in an order in which everything is made before it is read, and, wherever possible,
 * state is read for the last time before or while it is replaced, so that it can be replaced in
 * place. Nothing is replaced before all indices are known to be good: where one is not, the step
 * ends and the state is as it was.
 */
export function arrange({ units, isStored }: Fusion, changes: readonly StateChange[]): Order {
  const maker = new Map<Ir, Unit>();
  for (const unit of units) for (const x of unit.results) maker.set(x, unit);
  const before = new Map<Unit, Set<Unit>>(
    units.map((unit) => [
      unit,
      new Set([...unit.reads].flatMap((x) => maker.get(x) ?? []).filter((from) => from !== unit)),
    ]),
  );
  const inPlace = new Map<Ir, Ir>();
  const checks = indexChecks(units);
  const copies: StateChange[] = [];
  for (const change of changes) {
    const { before: old, after } = change;
    if (old === after) continue;
    const unit = maker.get(after);
    const others = units.filter(
      (other) => other !== unit && (other.reads.has(old) || checks.has(other)),
    );
    const free =
      unit !== undefined &&
      !checks.has(unit) &&
      !inPlace.has(after) &&
      unit.stores.includes(after) &&
      readsAsItLies(unit, old, after, isStored) &&
      others.every((other) => !reaches(other, unit, (at) => before.get(at)!));
    if (!free) {
      copies.push(change);
      continue;
    }
    inPlace.set(after, old);
    // Indices first, in the order of the record: so the first that is none is the one that other
    // engines name.
    before.set(unit, new Set([...checks, ...before.get(unit)!, ...others]));
  }
  return { units: sorted(units, before), inPlace, copies };
}

/**
 * Whether a unit may overwrite a value it reads: only a loop that reads each element where it
 * writes it.
 */
function readsAsItLies(unit: Unit, old: Ir, after: Ir, isStored: (x: Ir) => boolean): boolean {
  if (!unit.reads.has(old)) return true;
  return (
    unit.kind === "loop" &&
    unit.results
      .flatMap((x) => loads(x, isStored))
      .filter((at) => at.base === old)
      .every((at) => identity(at, after.shape))
  );
}

/** Each unit after those it must follow, otherwise as recorded. */
function sorted(units: readonly Unit[], before: ReadonlyMap<Unit, ReadonlySet<Unit>>): Unit[] {
  const rank = new Map(units.map((unit) => [unit, Math.max(...unit.results.map((x) => x.id))]));
  const queue = [...units].sort((a, b) => rank.get(a)! - rank.get(b)!);
  const result: Unit[] = [];
  const done = new Set<Unit>();
  const visit = (unit: Unit): void => {
    if (done.has(unit)) return;
    done.add(unit);
    for (const other of before.get(unit)!) visit(other);
    result.push(unit);
  };
  queue.forEach(visit);
  return result;
}
