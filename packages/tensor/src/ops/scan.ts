import type { ArraySpec, Tree } from "@tenon/contracts";
import { badArgument, callable, flag, known, shown } from "@tenon/guards";
import { sameTree } from "../feeds.js";
import { closed } from "../internal/closed.js";
import { checkTensor } from "../internal/guards.js";
import { scanOf, type ScanBody } from "../internal/scan.js";
import { show } from "../shapes.js";
import type { Tensor } from "../tensor.js";
import { placeholders } from "../trace.js";
import { leaves, mapLeaves } from "../tree.js";
import { zeros } from "./leaf.js";

export type { ScanAttrs, ScanBody, ScanResultAttrs } from "../internal/scan.js";

export interface ScanOptions {
  /** Whether the last entries come first; outputs stay at their entries. @defaultValue false */
  readonly reverse?: boolean;
  /** The number of steps, where there are no sequences. @defaultValue that of the entries */
  readonly length?: number;
}

/** What a step of a scan makes, and the scan as a whole. */
export interface ScanResult<S, Y> {
  readonly state: S;
  readonly outputs: Y;
}

/**
 * Repeats a step along the first axis of sequences: (stateₜ₊₁, yₜ) = step(stateₜ, xₜ), from the
 * initial state on. The result is the last state, and the outputs yₜ of all steps, stacked along a
 * new first axis.
 *
 * The step is traced once, whatever the number of steps, and engines compile it once; it may use
 * any other tensors, which are the same in every step. The state and the outputs are float32. The
 * gradient is a scan in the opposite direction, so it has gradients too; it reads values that the
 * forward scan keeps of each step.
 *
 * JAX `lax.scan`, TensorFlow `tf.scan`, Keras `rnn`.
 *
 * @param step a function of the state and of the entries of the sequences at one position, which
 *   returns the new state, of the same names and shapes, and outputs
 * @param initial a tensor, or tensors by name
 * @param sequences a tensor [steps, …], or tensors by name, which are read along their first axis
 * @throws RangeError if sequences differ in length, or the step does not return
 *   `{ state, outputs }`
 */
export function scan<S extends Tree<Tensor>, X extends Tree<Tensor>, Y extends Tree<Tensor>>(
  step: (state: S, entries: X) => ScanResult<S, Y>,
  initial: S,
  sequences: X,
  options: ScanOptions = {},
): ScanResult<S, Y> {
  const { reverse = false, length: given } = known("scan", options, "reverse length");
  callable("scan", "step", step);
  flag("scan", "reverse", reverse);
  const start = floats("initial", initial);
  const stacks = tensorsOf("sequences", sequences);
  const length = lengthOf(stacks, given);

  const state = placeholders(initial as Tree<ArraySpec>) as Tree<Tensor>;
  const entries = placeholders(
    mapLeaves(sequences, (x) => {
      const { shape, dtype } = x as unknown as Tensor;
      return { shape: shape.slice(1), dtype };
    }) as Tree<ArraySpec>,
  ) as Tree<Tensor>;
  const result = step(state as S, entries as X);
  const { state: after, outputs } = (result ?? {}) as Partial<ScanResult<S, Y>>;
  if (typeof after !== "object" || typeof outputs !== "object")
    throw badArgument("scan", "step to return { state, outputs }", shown(result), "return both");
  const next = sameTree("scan", initial as Tree<Tensor>, after as Tree<Tensor>);
  const values = floats("outputs", outputs);

  const [stateLeaves, entryLeaves] = [leavesOf(state), leavesOf(entries)];
  const { results, constants, captured } = closed(
    [...next, ...values],
    [...stateLeaves, ...entryLeaves],
  );
  const body: ScanBody = {
    state: stateLeaves,
    entries: entryLeaves,
    constants,
    next: results.slice(0, next.length),
    length,
    reverse,
  };
  const last =
    length > 0
      ? scanOf(body, [...start, ...stacks, ...captured], results.slice(next.length))
      : { state: start, stacks: values.map(({ shape }) => zeros([0, ...shape])) };
  return {
    state: treeOf(initial, last.state),
    outputs: treeOf(outputs as Y, last.stacks),
  };
}

const leavesOf = (tree: Tree<Tensor>): Tensor[] => leaves(tree).map(([, x]) => x);

/** The same tree with other leaves, given in its order. */
function treeOf<T>(tree: T, tensors: readonly Tensor[]): T {
  let i = 0;
  return mapLeaves(tree, () => tensors[i++]!) as T;
}

/** The tensors of a tree. */
function tensorsOf(what: string, tree: unknown): Tensor[] {
  if (typeof tree !== "object" || tree === null || Array.isArray(tree) || ArrayBuffer.isView(tree))
    throw badArgument("scan", `${what} as a tensor, or tensors by name`, shown(tree));
  return leaves<Tensor>(tree as Tree<Tensor>).map(([path, x]) => {
    checkTensor("scan", x, `${what} as tensors${path ? `, at "${path}" too` : ""}`);
    return x;
  });
}

function floats(what: string, tree: unknown): Tensor[] {
  const tensors = tensorsOf(what, tree);
  for (const { dtype, shape } of tensors)
    if (dtype !== "float32")
      throw badArgument("scan", `float32 ${what}`, `${dtype} ${show(shape)}`, "cast them");
  return tensors;
}

/** How many entries sequences have. */
function lengthOf(sequences: readonly Tensor[], given: number | undefined): number {
  const lengths = new Set(sequences.map(({ shape }) => shape[0]));
  if (given !== undefined) {
    if (!Number.isInteger(given) || given < 0)
      throw badArgument("scan", "length as an integer ≥ 0", shown(given));
    lengths.add(given);
  }
  const [length] = lengths;
  if (lengths.size !== 1 || length === undefined)
    throw badArgument(
      "scan",
      "sequences of one length, along their first axis",
      sequences.map(({ shape }) => show(shape)).join(", ") || "none",
      sequences.length === 0 ? "give a length" : "",
    );
  return length;
}
