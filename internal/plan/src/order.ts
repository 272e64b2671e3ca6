import { reaches, type Fusion, type Unit } from "./fuse/unit.js";
import { access, isIdentity } from "./graph/access.js";
import type { Node } from "./graph/node.js";
import { loads } from "./graph/walk.js";
import type { Scans } from "./scanSteps.js";

/** A parameter, slot or statistic: the placeholder that is read, and its value after the step. */
export interface StateChange {
  readonly before: Node;
  readonly after: Node;
}

export interface Order {
  readonly units: readonly Unit[];
  /** Values that are written straight into the memory of the state they replace. */
  readonly inPlace: ReadonlyMap<Node, Node>;
  /** Changes whose old value is read after the new one is computed: copied at the end. */
  readonly copies: readonly StateChange[];
}

export interface OrderOptions {
  readonly scans?: Pick<Scans, "checkIndices">;
}

/** Operations that read or write an axis at indices, and which input or result has that axis. */
export const indexedAxis: Readonly<Record<string, "input" | "result">> = {
  gather: "input",
  takeAlong: "input",
  gatherPool2d: "input",
  scatterAdd: "result",
  scatterAlong: "result",
  unpool2d: "result",
};

/**
 * Units that end the step if an index is out of bounds, in the order of the trace, except those
 * whose indices an earlier unit checks.
 */
function indexChecks(units: readonly Unit[], scans: OrderOptions["scans"]): Set<Unit> {
  const checks = new Map<string, Unit>();
  for (const unit of [...units].sort((a, b) => a.results[0]!.id - b.results[0]!.id)) {
    const { id, op, shape, inputs } = unit.results[0]!;
    const indexed = indexedAxis[op];
    if (scans?.checkIndices(unit)) checks.set(`scan ${id}`, unit);
    if (!indexed) continue;
    const [x, indices] = inputs as [Node, Node];
    const { base, offset, strides } = access(indices);
    const bounded = (indexed === "input" ? x.shape : shape).slice(1, -1);
    const key = JSON.stringify([base.id, offset, indices.shape, strides, bounded]);
    if (base.op !== "argMaxPool2d" && !checks.has(key)) checks.set(key, unit);
  }
  return new Set(checks.values());
}

/**
 * Puts units in an order in which every value is computed before it is read and, wherever possible,
 * state is read for the last time before or while it is replaced, so that it can be replaced in
 * place. No state is replaced before all indices are checked: if one is out of bounds, the step
 * ends and the state is as it was.
 */
export function arrange(
  { units, isStored }: Fusion,
  changes: readonly StateChange[],
  { scans }: OrderOptions = {},
): Order {
  const producer = new Map<Node, Unit>();
  for (const unit of units) for (const x of unit.results) producer.set(x, unit);
  const predecessors = new Map<Unit, Set<Unit>>();
  for (const unit of units) {
    const producers = [...unit.reads].flatMap((x) => producer.get(x) ?? []);
    predecessors.set(unit, new Set(producers.filter((other) => other !== unit)));
  }
  const inPlace = new Map<Node, Node>();
  const checks = indexChecks(units, scans);
  const copies: StateChange[] = [];
  for (const change of changes) {
    const { before, after } = change;
    if (before === after) continue;
    const unit = producer.get(after);
    const earlier = units.filter(
      (other) => other !== unit && (other.reads.has(before) || checks.has(other)),
    );
    const possible =
      unit !== undefined &&
      !checks.has(unit) &&
      !inPlace.has(after) &&
      unit.stores.includes(after) &&
      mayOverwrite(unit, change, isStored) &&
      earlier.every((other) => !reaches(other, unit, (x) => predecessors.get(x)!));
    if (!possible) {
      copies.push(change);
      continue;
    }
    inPlace.set(after, before);
    // Index checks first, in the order of the trace: so the first index that is out of bounds is
    // the one that other engines report.
    predecessors.set(unit, new Set([...checks, ...predecessors.get(unit)!, ...earlier]));
  }
  return { units: sorted(units, predecessors), inPlace, copies };
}

/**
 * Whether a unit may overwrite a state with the value that it computes for it: if it reads the
 * state, only a loop that reads each element where it writes it.
 */
function mayOverwrite(
  unit: Unit,
  { before, after }: StateChange,
  isStored: (x: Node) => boolean,
): boolean {
  if (!unit.reads.has(before)) return true;
  return (
    unit.kind === "loop" &&
    unit.results
      .flatMap((x) => loads(x, isStored))
      .filter(({ base }) => base === before)
      .every((from) => isIdentity(from, after.shape))
  );
}

/** Each unit after its predecessors, otherwise in the order of the trace. */
function sorted(
  units: readonly Unit[],
  predecessors: ReadonlyMap<Unit, ReadonlySet<Unit>>,
): Unit[] {
  const rank = new Map(units.map((unit) => [unit, Math.max(...unit.results.map((x) => x.id))]));
  const queue = [...units].sort((a, b) => rank.get(a)! - rank.get(b)!);
  const result: Unit[] = [];
  const visited = new Set<Unit>();
  const visit = (unit: Unit): void => {
    if (visited.has(unit)) return;
    visited.add(unit);
    for (const other of predecessors.get(unit)!) visit(other);
    result.push(unit);
  };
  queue.forEach(visit);
  return result;
}
