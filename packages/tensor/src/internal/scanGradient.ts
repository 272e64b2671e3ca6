import type { Node } from "../op.js";
import { input, zeros } from "../ops/leaf.js";
import { sizeOf } from "../shapes.js";
import type { Tensor } from "../tensor.js";
import { topological } from "../topological.js";
import { closed, dependents } from "./closed.js";
import { numberOf } from "./elementwise.js";
import { factorsFirst } from "./factorsFirst.js";
import { pullBack } from "./pullBack.js";
import { scanOf, type ScanBody, type ScanAttrs } from "./scan.js";
import { substituted } from "./substituted.js";
import { sumOverSteps } from "./sumOverSteps.js";

/** The gradients of one step of a scan, as a step of another one. */
interface Backward {
  /** Placeholders of the gradients of the step's new state. */
  readonly dNext: readonly Tensor[];
  /** The placeholders of what changes from step to step, with the values of all steps. */
  readonly stacks: ReadonlyMap<Tensor, Tensor>;
  /** The gradient of a placeholder of the step; undefined if it is zero. */
  gradientOf(x: Tensor): Tensor | undefined;
}

/**
 * The gradients of a scan's inputs, given those of its results: a scan in the opposite direction,
 * whose state is the gradient of the state. Gradients of constants are sums over all steps: one
 * product or sum outside of the scan where that is possible (`sumOverSteps`), otherwise more state.
 */
export function scanGradient(
  node: Node<ScanAttrs>,
  grads: readonly (Tensor | undefined)[],
): (Tensor | undefined)[] {
  const { state, entries, constants, length, reverse } = node.attrs.body;
  const { dNext, stacks, gradientOf } = backwardOf(node, grads);
  const ofConstants = constants.map(gradientOf);
  const ofEntries = entries.map(gradientOf);
  const ofState = state.map((x) => gradientOf(x) ?? zeros(x.shape));

  // Values of the steps that sums are computed from when the scan is done: placeholders until then.
  const wanted = new Map<Tensor, Tensor>();
  const stack = (x: Tensor): Tensor => {
    const existing = stacks.get(x) ?? wanted.get(x);
    if (existing) return existing;
    const later = input("values of all steps", { shape: [length, ...x.shape] });
    wanted.set(x, later);
    return later;
  };
  const present = ofConstants.filter((x) => x !== undefined);
  const inside = dependents(present, [...dNext, ...stacks.keys()]);
  const sums = ofConstants.map((x) => x && sumOverSteps(x, { length, inside, stack }));
  const added = ofConstants.filter((x, i) => x !== undefined && sums[i] === undefined) as Tensor[];
  const addedSums = added.map((x) => input("sum of the steps so far", x));

  const outputs = [...ofEntries.filter((x) => x !== undefined), ...wanted.keys()];
  const {
    results,
    constants: used,
    captured,
  } = closed(
    [...ofState, ...added.map((x, i) => addedSums[i]!.add(x)), ...outputs],
    [...dNext, ...addedSums, ...stacks.keys()],
  );
  const states = ofState.length + added.length;
  const isRead = new Set(topological(results));
  const read = [...stacks.keys()].filter((x) => isRead.has(x));
  const backward: ScanBody = {
    state: [...dNext, ...addedSums],
    entries: read,
    constants: used,
    next: results.slice(0, states),
    length,
    reverse: !reverse,
  };
  const start = state.map((x, i) => grads[i] ?? zeros(x.shape));
  const last = scanOf(
    backward,
    [
      ...start,
      ...added.map((x) => zeros(x.shape)),
      ...read.map((x) => stacks.get(x)!),
      ...captured,
    ],
    results.slice(states),
  );
  const computed = new Map(outputs.map((x, i) => [x, last.stacks[i]!]));
  const known = new Map([...wanted].map(([x, later]) => [later, computed.get(x)!]));
  let next = states - added.length;
  return [
    ...last.state.slice(0, state.length),
    ...ofEntries.map((x) => x && computed.get(x)),
    ...ofConstants.map((x, i) =>
      sums[i] ? substituted([sums[i]], known)[0] : x && last.state[next++],
    ),
  ];
}

/**
 * The gradients of one step. What they are computed from in the forward step, such as the new state
 * before a nonlinearity, are further outputs of the forward scan.
 */
function backwardOf(
  { inputs, attrs }: Node<ScanAttrs>,
  grads: readonly (Tensor | undefined)[],
): Backward {
  const { body, outputs } = attrs;
  const { state, entries, constants, next } = body;
  const sequences = inputs.slice(state.length, state.length + entries.length);
  const captured = inputs.slice(state.length + entries.length);
  const dNext = next.map((x) => input("gradient of the state", x));
  const stacks = new Map(entries.map((x, i) => [x, sequences[i]!]));
  const upstream = [...dNext];
  const seeds = new Map<Tensor, Tensor>();
  const seed = (x: Tensor, grad: Tensor): void =>
    void seeds.set(x, seeds.get(x)?.add(grad) ?? grad);
  next.forEach((x, i) => seed(x, dNext[i]!));
  outputs.forEach((x, i) => {
    const stack = grads[next.length + i];
    if (!stack) return;
    const entry = input("gradient of an output", x);
    stacks.set(entry, stack);
    upstream.push(entry);
    seed(x, entry);
  });
  const targets = [...state, ...entries, ...constants].filter(({ dtype }) => dtype === "float32");
  const pulled = pullBack(seeds, new Set(targets));
  const reached = targets.filter((x) => pulled.has(x));
  const wanted = factorsFirst(
    reached.map((x) => pulled.get(x)!),
    upstream,
  );

  const kept = keptValues(wanted, attrs);
  const keptStacks = scanOf(body, inputs, [...outputs, ...kept]).stacks.slice(outputs.length);
  const replacements = new Map(constants.map((x, i) => [x, captured[i]!]));
  kept.forEach((x, i) => {
    const entry = input("kept value", x);
    stacks.set(entry, keptStacks[i]!);
    replacements.set(x, entry);
  });
  const replaced = substituted(wanted, replacements);
  const gradients = new Map(reached.map((x, i) => [x, replaced[i]!]));
  return {
    dNext,
    stacks,
    gradientOf: (x) => gradients.get(x),
  };
}

/** Views, which are made again where they are read. */
const views = new Set(["reshape", "broadcastTo", "transpose", "slice"]);

/** Operations that take longer than it takes to keep their result. */
const costly = new Set([
  "exp",
  "expm1",
  "log",
  "log1p",
  "sin",
  "cos",
  "tanh",
  "sigmoid",
  "erf",
  "erfc",
  "normalCdf",
  "pow",
]);

/**
 * The values of the forward step that gradients are computed from: they are kept, except views and
 * integers, which are computed again from what is. What gradients compute of such values alone,
 * such as the derivative of a sigmoid, is computed in the forward step and kept if it is costly.
 */
function keptValues(grads: readonly Tensor[], { body, outputs }: ScanAttrs): Tensor[] {
  const { state, entries, constants, next } = body;
  const forward = new Set(topological([...next, ...outputs, ...state]));
  const given = new Set([...entries, ...constants]);
  const early = costlyValues(grads, forward);
  const kept = new Set<Tensor>();
  const isKept = (x: Tensor): boolean => {
    if (given.has(x)) return true;
    const isNumber = x.inputs.length === 0 && !state.includes(x);
    const isKnown = early.has(x) || (forward.has(x) && !isNumber && !views.has(x.op.name));
    if (!isKnown || x.dtype !== "float32") return false;
    kept.add(x);
    return true;
  };
  topological(grads, isKept);
  return [...kept];
}

/**
 * Values that are computed of known ones and numbers, with a costly operation among others, and
 * that are not larger than what they are computed from.
 */
function costlyValues(grads: readonly Tensor[], known: ReadonlySet<Tensor>): ReadonlySet<Tensor> {
  const isCostly = new Map<Tensor, boolean>();
  for (const x of topological(grads, (node) => known.has(node))) {
    const inputs = x.inputs.filter((input) => numberOf(input) === undefined);
    const size = Math.max(...inputs.map((input) => sizeOf(input.shape)));
    if (sizeOf(x.shape) <= size && inputs.every((input) => known.has(input) || isCostly.has(input)))
      isCostly.set(x, costly.has(x.op.name) || inputs.some((input) => isCostly.get(input)));
  }
  return new Set([...isCostly].flatMap(([x, is]) => (is ? [x] : [])));
}
