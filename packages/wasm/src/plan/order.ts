import { identity } from "./access.js";
import { reaches, type Fusion, type Unit } from "./fuse.js";
import type { Ir } from "./ir.js";
import { loads } from "./walk.js";

/** A parameter, slot or statistic: the placeholder that is read, and the value it has after the step. */
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
 * Puts units in an order in which everything is made before it is read, and, wherever possible, state is read for the last
 * time before or while it is replaced, so that it can be replaced in place.
 */
export function arrange({ units, isStored }: Fusion, changes: readonly StateChange[]): Order {
  const maker = new Map<Ir, Unit>();
  for (const unit of units) for (const x of unit.results) maker.set(x, unit);
  const before = new Map<Unit, Set<Unit>>(units.map((unit) => [unit, new Set([...unit.reads].flatMap((x) => maker.get(x) ?? []).filter((from) => from !== unit))]));
  const inPlace = new Map<Ir, Ir>();
  const copies: StateChange[] = [];
  for (const change of changes) {
    const { before: old, after } = change;
    if (old === after) continue;
    const unit = maker.get(after);
    const others = units.filter((other) => other !== unit && other.reads.has(old));
    const free = unit !== undefined && !inPlace.has(after) && unit.stores.includes(after) && readsAsItLies(unit, old, after, isStored) && others.every((other) => !reaches(other, unit, (at) => before.get(at)!));
    if (!free) { copies.push(change); continue; }
    inPlace.set(after, old);
    for (const other of others) before.get(unit)!.add(other);
  }
  return { units: sorted(units, before), inPlace, copies };
}

/** Whether a unit may overwrite a value it reads: only a loop that reads each element where it writes it. */
function readsAsItLies(unit: Unit, old: Ir, after: Ir, isStored: (x: Ir) => boolean): boolean {
  if (!unit.reads.has(old)) return true;
  return unit.kind === "loop" && unit.results.flatMap((x) => loads(x, isStored)).filter((at) => at.base === old).every((at) => identity(at, after.shape));
}

/** Each unit after those it must follow, otherwise as recorded. */
function sorted(units: readonly Unit[], before: ReadonlyMap<Unit, ReadonlySet<Unit>>): Unit[] {
  const rank = new Map(units.map((unit) => [unit, Math.max(...unit.results.map((x) => x.id))]));
  const queue = [...units].sort((a, b) => rank.get(a)! - rank.get(b)!);
  const result: Unit[] = [], done = new Set<Unit>();
  const visit = (unit: Unit): void => {
    if (done.has(unit)) return;
    done.add(unit);
    for (const other of before.get(unit)!) visit(other);
    result.push(unit);
  };
  queue.forEach(visit);
  return result;
}
