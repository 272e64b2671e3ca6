import { sameShape, sizeOf } from "@tenon/tensor";
import { access, isContiguous } from "../graph/access.js";
import type { Node } from "../graph/node.js";
import { loads } from "../graph/walk.js";
import type { Epilogue } from "./traits.js";
import type { LoopsBehind, Unit } from "./unit.js";

/**
 * Puts loops that alone read what an operation computes behind it, after loops were merged: such as
 * the update of a parameter, its slots and itself, behind the sum that is its gradient.
 *
 * @param epilogues those whose kernels take loops of several results
 */
export const loopsBehind =
  (epilogues: readonly Epilogue[]): LoopsBehind =>
  (units, outputs, isStored) =>
    putBehind(units, outputs, isStored, epilogues);

function putBehind(
  units: readonly Unit[],
  outputs: readonly Node[],
  isStored: (x: Node) => boolean,
  epilogues: readonly Epilogue[],
): Unit[] {
  const leaving = new Set(outputs.map((x) => access(x).base));
  const remaining = new Set(units);
  const flags = units.filter(({ results: [x] }) => x!.op === "allFinite");
  const readersOf = (x: Node): Unit[] => [...remaining].filter(({ reads }) => reads.has(x));
  /**
   * Whether a unit is the only check of values, and reads a node as this loop does, which checks
   * it.
   */
  const isCheckedIn = (loop: Unit, x: Node, unit: Unit): boolean =>
    flags.length === 1 &&
    unit === flags[0] &&
    unit.results[0]!.inputs.every((input) => {
      const from = access(input);
      const { base } = from;
      if (base !== x) return isStored(base) || !loads(base, isStored).some((y) => y.base === x);
      const { shape } = loop.results[0]!;
      return sameShape(input.shape, shape) && isContiguous(from, shape);
    });
  const fits = ({ kind, results: [x, ...others] }: Unit): boolean =>
    kind !== "loop" &&
    kind !== "epilogue" &&
    others.length === 0 &&
    !leaving.has(x!) &&
    epilogues.some(({ op, fits }) => op === x!.op && fits(x!));
  const canPrecede = (producer: Unit, loop: Unit): boolean => {
    const [x] = producer.results as [Node];
    const { shape } = loop.results[0]!;
    if (sizeOf(shape) !== sizeOf(x.shape)) return false;
    return loop.results
      .flatMap((result) => loads(result, isStored))
      .filter(({ base }) => base === x)
      .every((from) => isContiguous(from, shape));
  };

  for (const producer of units) {
    if (!fits(producer)) continue;
    const [x] = producer.results as [Node];
    const readers = readersOf(x);
    const loop = readers.find(({ kind }) => kind === "loop");
    if (!loop || !canPrecede(producer, loop)) continue;
    if (!readers.every((unit) => unit === loop || isCheckedIn(loop, x, unit))) continue;
    const reads = [...loop.reads, ...producer.reads].filter((other) => other !== x);
    const behind: Unit = { ...loop, kind: "epilogue", reads: new Set(reads), producer: x };
    remaining.delete(producer);
    remaining.delete(loop);
    remaining.add(behind);
    // A check of the gradient now comes after the loop, which makes it.
    for (const flag of flags) if (flag.reads.delete(x)) flag.reads.add(loop.results[0]!);
  }
  return [...remaining];
}
