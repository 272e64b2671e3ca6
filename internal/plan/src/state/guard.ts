import type { Backend, PlannedKernel, Step } from "../backend.js";
import { loopOf } from "../fuse/loopOf.js";
import type { Fusion } from "../fuse/unit.js";
import { access, isIdentity } from "../graph/access.js";
import type { Node } from "../graph/node.js";
import { isLeaf } from "../graph/opTraits.js";
import { copyLoop } from "../loop.js";
import type { Buffer } from "../memory.js";
import type { Bounds } from "./bounds.js";

/** The nodes of a step that changes all of its state or nothing. */
export interface Guarded {
  /**
   * Three words (a `guard`): the first is 0 after the step if a new value was not finite, the
   * second if one was not calm; the third is 1 before it if old values are to be kept in any case.
   */
  readonly words: Node;
  /** New values that are checked as they are written. */
  readonly checked: readonly Node[];
  /**
   * New values that are finite if all that they are computed from is calm: checked only if it is
   * not.
   */
  readonly steady: readonly Node[];
  /** Whether all else is finite and calm, which is known before any state is replaced. */
  readonly first: Node;
  /** All state that is replaced. */
  readonly states: readonly Node[];
  readonly bounds: Bounds;
}

/** The values that must all be finite: loops check them as they compute or read them. */
export interface Guard<K> {
  /** The words that say whether they are. */
  readonly buffer: Buffer;
  /**
   * The positions in a loop's body of those values that no loop checks yet; from now on that loop
   * does.
   */
  checksIn(positionOf: (x: Node) => number | undefined): number[];
  /** Loops that check the remaining values. */
  remainingChecks(): Step<K>[];
  /**
   * Keeps copies of old values, if the new ones might not be finite: each is the first operand of
   * its step.
   */
  readonly keeps: readonly Step<K>[];
}

/** Operations whose result is not finite if an operand (of `div` the first) is not. */
const propagating = new Set(["add", "sub", "mul", "div", "neg", "abs", "square", "sqrt", "copy"]);

/**
 * Those of some values that need to be checked: if one of the others is not finite, one of these is
 * not either.
 */
export function determiningNodes(values: readonly Node[]): Node[] {
  const covered = new Set<Node>();
  // `where(allFinite, after, before)` is as finite as the value after the step.
  const newValue = (x: Node): Node => access(x.op === "where" ? x.inputs[1]! : x).base;
  const visit = (x: Node): void => {
    const operands = propagating.has(x.op) ? x.inputs.slice(0, x.op === "div" ? 1 : 2) : [];
    for (const operand of operands) {
      const from = access(operand);
      if (covered.has(from.base) || !isIdentity(from, x.shape)) continue;
      covered.add(from.base);
      visit(from.base);
    }
  };
  for (const x of values) visit(newValue(x));
  return values.filter((x) => x.dtype === "float32" && !covered.has(newValue(x)));
}

/** Where a loop has some of these values, which are taken out of the set. */
export function positionsOf(
  unchecked: Set<Node>,
  positionOf: (x: Node) => number | undefined,
): number[] {
  const positions = new Set<number>();
  for (const x of unchecked) {
    const position = positionOf(x);
    if (position === undefined) continue;
    positions.add(position);
    unchecked.delete(x);
  }
  return [...positions];
}

/** Prepares the checks of a guarded step. */
export function guardOf<K extends PlannedKernel>(
  { words, first, checked, steady, states }: Guarded,
  bufferOf: (x: Node) => Buffer,
  backend: Backend<K>,
): Guard<K> {
  const unchecked = new Set(determiningNodes(checked));
  const buffer = bufferOf(words);
  const determining = new Set(determiningNodes([...checked, ...steady]));
  const checkOf = (x: Node): Step<K> => {
    const kernel = backend.loop({ ...copyLoop(x), outputs: [], checks: [0] });
    return { kernel, operands: [bufferOf(x), buffer], writes: [1], label: "finite", fused: 1 };
  };
  const checkUnlessCalm = (x: Node): Step<K> => {
    const step = checkOf(x);
    return {
      ...step,
      kernel: backend.undo!.unlessCalm(step.kernel),
      operands: [...step.operands, bufferOf(first), buffer],
    };
  };
  return {
    buffer,
    checksIn: (positionOf) => positionsOf(unchecked, positionOf),
    remainingChecks: () => [
      ...[...unchecked].map(checkOf),
      ...steady.filter((x) => determining.has(x)).map(checkUnlessCalm),
    ],
    keeps: states.map((x) => ({
      kernel: backend.undo!.unlessCalm(backend.loop(copyLoop(x))),
      operands: [{ bytes: bufferOf(x).bytes }, ...[x, first, words].map(bufferOf)],
      writes: [0],
      label: "keep",
      fused: 0,
    })),
  };
}

/**
 * Those of the values that no unit stores and no loop computes or reads in its order: they must be
 * stored to be checked.
 */
export function uncheckedNodes(values: readonly Node[], { units, isStored }: Fusion): Node[] {
  const loops = units
    .filter(({ kind }) => kind === "loop")
    .map(({ results, stores }) => loopOf(results[0]!.shape, results, stores, isStored));
  const stored = new Set(units.flatMap(({ stores }) => stores));
  return values.filter((x) => {
    const { base } = access(x);
    return (
      !isLeaf(base.op) &&
      !stored.has(base) &&
      !loops.some(({ positionOf }) => positionOf(x) !== undefined)
    );
  });
}
