import { access, isIdentity } from "../graph/access.js";
import type { Node } from "../graph/node.js";
import { costOf, isElementwise, isLeaf, isReduction, isView } from "../graph/opTraits.js";
import { loads, reachable } from "../graph/walk.js";
import { mergeLoops } from "./mergeLoops.js";
import type { SiblingGroup } from "./siblings.js";
import type { Prologue } from "./traits.js";
import type { Epilogues, Fusion, LoopsBehind, Unit } from "./unit.js";

/** What an engine's kernels can compute together. */
export interface FusionOptions {
  readonly limits: LoopLimits;
  readonly siblings: readonly SiblingGroup[];
  readonly prologues: readonly Prologue[];
  /** `epiloguesBy`: which loops are computed as the operation before them. @defaultValue none */
  readonly epilogues?: Epilogues;
  /** `loopsBehind`: what becomes of loops of several results, after they were merged. */
  readonly behind?: LoopsBehind;
}

export interface LoopLimits {
  /** Operations in one loop body: longer ones run out of registers. */
  readonly maxNodes: number;
  /** Arrays that one loop reads, and arrays that it writes. */
  readonly maxOperands: number;
  /** A value that costs at most this many additions is computed twice rather than stored. */
  readonly cheap: number;
}

/**
 * Decides what is stored and groups the rest into units.
 *
 * 1. Siblings are found: operations that one kernel computes together.
 * 2. Every elementwise node is either stored or computed at each of its uses: stored if a kernel or
 *    the caller needs it, if it is read in another order or shape than it is computed, or if it is
 *    expensive and read more than once.
 * 3. Loops that alone read what an operation computes become its epilogue.
 * 4. Every stored node is a unit, and loops of one shape that read each other, or the same arrays,
 *    are merged.
 * 5. Merged loops go behind operations, too, where the engine has kernels for that.
 */
export function fuse(outputs: readonly Node[], options: FusionOptions): Fusion {
  const graph = reachable(outputs);
  const members = siblingsOf(graph, options.siblings);
  const isMember = new Set([...members.values()].flat());
  const isStored = storedNodes(graph, outputs, members, isMember, options);
  const roots = graph.filter((x) => isStored(x) && !isMember.has(x));
  const grouped = new Set([...members.keys(), ...isMember]);
  const producers = options.epilogues?.(roots, outputs, isStored, grouped);
  const fused = new Set(producers?.values());
  const units = roots
    .filter((x) => !fused.has(x))
    .map((x) => unitOf([x, ...(members.get(x) ?? [])], producers?.get(x), isStored));
  const merged = mergeLoops(units, outputs, isStored, options.limits);
  return { units: options.behind?.(merged, outputs, isStored) ?? merged, isStored };
}

/** The members of each group by its anchor. */
function siblingsOf(
  graph: readonly Node[],
  groups: readonly SiblingGroup[],
): ReadonlyMap<Node, readonly Node[]> {
  const members = new Map<Node, readonly Node[]>();
  for (const group of groups)
    for (const anchor of graph) {
      if (anchor.op !== group.anchor) continue;
      const found = group.members(anchor, graph);
      if (found.length > 0) members.set(anchor, found);
    }
  return members;
}

/** How nodes are read, as far as it decides whether they are stored. */
interface Uses {
  /** Nodes that some kernel or the caller reads from memory. */
  readonly needed: Set<Node>;
  /** How many loops could compute a node as they read it. */
  readonly readers: Map<Node, number>;
  /** Nodes that a kernel could compute as it reads them only if their operands are read so. */
  readonly restricted: Map<Node, NonNullable<Prologue["reads"]>[]>;
}

function usesOf(
  graph: readonly Node[],
  outputs: readonly Node[],
  members: ReadonlyMap<Node, readonly Node[]>,
  isMember: ReadonlySet<Node>,
  prologues: readonly Prologue[],
): Uses {
  const needed = new Set(outputs.map((x) => access(x).base));
  const readers = new Map<Node, number>();
  const restricted: Uses["restricted"] = new Map();
  for (const x of graph) {
    if (isView(x.op) || isMember.has(x)) continue;
    const prologue = prologues.find(({ ops, fits }) => ops.includes(x.op) && (fits?.(x) ?? true));
    const { inputs: computed = [...x.inputs.keys()] } = prologue ?? {};
    const computes = (input: Node): boolean =>
      isElementwise(x.op) ||
      (prologue !== undefined &&
        x.inputs.every((other, i) => other !== input || computed.includes(i)));
    const bases = new Set(x.inputs.map((input) => access(input).base));
    // A member reads from memory what its anchor does not read or compute.
    for (const member of members.get(x) ?? [])
      for (const input of member.inputs) {
        const { base } = access(input);
        if (base !== x && !bases.has(base)) needed.add(base);
      }
    for (const input of new Set(x.inputs)) {
      const from = access(input);
      if (computes(input) && isIdentity(from, isElementwise(x.op) ? x.shape : input.shape))
        readers.set(from.base, (readers.get(from.base) ?? 0) + 1);
      else needed.add(from.base);
      if (prologue?.reads)
        restricted.set(from.base, [...(restricted.get(from.base) ?? []), prologue.reads]);
    }
  }
  return { needed, readers, restricted };
}

/** Decides which nodes are stored. */
function storedNodes(
  graph: readonly Node[],
  outputs: readonly Node[],
  members: ReadonlyMap<Node, readonly Node[]>,
  isMember: ReadonlySet<Node>,
  { prologues, limits }: FusionOptions,
): (x: Node) => boolean {
  const { needed, readers, restricted } = usesOf(graph, outputs, members, isMember, prologues);
  const expressions = new Map<Node, { readonly cost: number; readonly size: number }>();
  const inlined = new Set<Node>();
  const isStored = (x: Node): boolean => !isView(x.op) && !isLeaf(x.op) && !inlined.has(x);
  for (const x of graph) {
    if (!isElementwise(x.op)) continue;
    let cost = costOf(x.op);
    let size = 1;
    for (const input of new Set(x.inputs)) {
      const { base } = access(input);
      if (!inlined.has(base)) continue;
      const expression = expressions.get(base)!;
      cost += expression.cost;
      size += expression.size;
    }
    expressions.set(x, { cost, size });
    const fits =
      !needed.has(x) &&
      (restricted.get(x) ?? []).every((reads) => reads(x.shape, loads(x, isStored)));
    const pays = readers.get(x) === 1 || cost <= limits.cheap;
    if (fits && pays && size < limits.maxNodes / 2) inlined.add(x);
  }
  return isStored;
}

function unitOf(results: Node[], producer: Node | undefined, isStored: (x: Node) => boolean): Unit {
  const [x] = results as [Node];
  const computed = producer ? [...results, producer] : results;
  const reads = new Set(
    computed
      .flatMap((node) => loads(node, isStored).map(({ base }) => base))
      .filter((base) => !computed.includes(base)),
  );
  const kind = producer ? "epilogue" : kindOf(x.op);
  return { kind, results, stores: [x], reads, ...(producer && { producer }) };
}

function kindOf(op: string): Unit["kind"] {
  if (isElementwise(op)) return "loop";
  return isReduction(op) ? "reduction" : "operation";
}
