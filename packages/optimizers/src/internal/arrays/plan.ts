import type { Schedule } from "@tenon/contracts";
import { sizeOf } from "@tenon/guards";
import { isScalar, type Node } from "./graph.js";
import type { BinaryName, UnaryName } from "./instructions.js";
import { loopOf, type Loop } from "./loop.js";
import { allocate } from "./registers.js";
import { select, type Addresses } from "./select.js";
import { broadcastIndices } from "../shapes.js";
import { isBuffered, isSummed, loopInputs, type PlannedStage } from "./stage.js";
import { withStores } from "./stores.js";
import type { Whole } from "./wholeArrays.js";

/** What gives a scalar its value; `out`, `a` and `b` are the plan's scalars. */
export type ScalarStep =
  | { readonly name: "constant"; readonly out: number; readonly value: number }
  | { readonly name: "clock"; readonly out: number; readonly schedule: Schedule | number }
  | { readonly name: "array"; readonly out: number; readonly index: number }
  | {
      readonly name: UnaryName | BinaryName;
      readonly out: number;
      readonly operands: readonly number[];
    };

/** A function of whole arrays and scalars; places are scalars from 0 up, or arrays as ~index. */
export interface WholeStep {
  readonly compute: Whole;
  readonly out: number;
  readonly operands: readonly number[];
}

/**
 * What must be complete before the next stage begins: functions of what earlier stages gave first,
 * then scalars, then loops.
 */
export interface Stage {
  readonly wholes: readonly WholeStep[];
  readonly scalars: readonly ScalarStep[];
  readonly loops: readonly Loop[];
}

/** A traced step as data. Arrays are read by every stage and written only by the last. */
export interface Plan {
  readonly stages: readonly Stage[];
  /** How many scalars there are; the first two are 0 and 1. */
  readonly scalars: number;
  /** How many registers the largest loop needs. */
  readonly registers: number;
  /** Sizes of the buffers between stages, which are numbered after the arrays and start at zero. */
  readonly buffers: readonly number[];
  /** Tables of indices, for loops that gather or scatter. */
  readonly indices: readonly Int32Array[];
  /** Scalars that are written to arrays of one element, at the end. */
  readonly scalarStores: readonly { readonly scalar: number; readonly array: number }[];
}

/** A node whose value is written to an array. */
export interface Output {
  readonly node: Node;
  readonly array: number;
}

/**
 * Cuts a graph into stages: a sum must be complete before anything that uses it begins. In a stage,
 * elementwise nodes that share inputs are one loop, so that each element is read and written once.
 * What two stages need is computed twice and not stored, which costs less than the memory traffic.
 *
 * @param arrays the number of arrays
 */
export function plan(outputs: readonly Output[], arrays: number): Plan {
  const nodes = reachable(outputs.map(({ node }) => node));
  const { stageOf, last } = schedule(nodes);
  const { addresses, buffers, indices, scalarCount } = numbering(arrays);
  let registers = 0;
  const loopFor = (members: readonly Node[], stage: PlannedStage): Loop => {
    const drafts = withStores(select(members, stage, addresses), members, stage.roots, addresses);
    const allocated = allocate(drafts, addresses);
    registers = Math.max(registers, allocated.registers);
    const first = members.find((node) => !isSummed(node, stage))!;
    return loopOf(sizeOf(first.shape), allocated.instructions);
  };
  const stages = Array.from({ length: last + 1 }, (_, index): Stage => {
    const current = nodes.filter((node) => stageOf(node) === index);
    const wholes = current.flatMap((node) => wholeStep(node, addresses));
    const scalars = current
      .filter((node) => isScalar(node) && !isBuffered(node))
      .map((node) => scalarStep(node, addresses));
    const roots = rootsOf(index, nodes, stageOf, index === last ? outputs : []);
    const stage = { index, stageOf, roots };
    const loops = components(stage, nodes).map((members) => loopFor(members, stage));
    return { wholes, scalars, loops };
  });
  const scalarStores = outputs
    .filter(({ node }) => isScalar(node))
    .map(({ node, array }) => ({ scalar: addresses.scalar(node), array }));
  return { stages, scalars: scalarCount(), registers, buffers, indices, scalarStores };
}

/** Some nodes and all that they depend on, in the order of the graph. */
function reachable(roots: readonly Node[]): Node[] {
  const visited = new Set<Node>(roots);
  const pending = [...roots];
  for (let node = pending.pop(); node; node = pending.pop())
    for (const input of node.inputs) {
      if (visited.has(input)) continue;
      visited.add(input);
      pending.push(input);
    }
  return [...visited].sort((a, b) => a.id - b.id);
}

/** The first stage in which each node can be computed, and the last stage of all. */
function schedule(nodes: readonly Node[]): {
  readonly stageOf: (node: Node) => number;
  readonly last: number;
} {
  const stages = new Map<Node, number>();
  /**
   * The first stage in which a node's value can be used: that of a sum only when it is complete.
   */
  const available = (node: Node): number => stages.get(node)! + (node.op.name === "sum" ? 1 : 0);
  for (const node of nodes) {
    const delayed = (input: Node): number => available(input) + (copiesInput(node, input) ? 1 : 0);
    stages.set(node, Math.max(0, ...node.inputs.map(delayed)));
  }
  return {
    stageOf: (node) => stages.get(node)!,
    last: Math.max(0, ...nodes.map(available)),
  };
}

/**
 * Whether a node reads a whole array that a loop, or a step of scalars, has to complete before: all
 * but what is in a buffer anyway.
 */
function copiesInput({ op }: Node, input: Node): boolean {
  return (op.name === "expand" || op.name === "whole") && !isBuffered(input);
}

/** The nodes that leave a stage, with the arrays of the outputs. */
function rootsOf(
  stage: number,
  nodes: readonly Node[],
  stageOf: (node: Node) => number,
  outputs: readonly Output[],
): Map<Node, number[]> {
  const roots = new Map<Node, number[]>();
  for (const node of nodes) {
    if (node.op.name === "sum" && stageOf(node) === stage) roots.set(node, []);
    for (const input of node.inputs)
      if (copiesInput(node, input) && !isScalar(input) && stageOf(node) === stage + 1)
        roots.set(input, roots.get(input) ?? []);
  }
  for (const { node, array } of outputs)
    if (!isScalar(node)) roots.set(node, [...(roots.get(node) ?? []), array]);
  return roots;
}

/** Numbers scalars, buffers and tables of indices in the order of their first use. */
function numbering(arrays: number): {
  readonly addresses: Addresses;
  readonly buffers: readonly number[];
  readonly indices: readonly Int32Array[];
  readonly scalarCount: () => number;
} {
  const scalarOf = new Map<Node, number>();
  const bufferOf = new Map<Node, number>();
  const tableOf = new Map<string, number>();
  const buffers: number[] = [];
  const indices: Int32Array[] = [];
  const addresses: Addresses = {
    scalar: (node) => memoized(scalarOf, node, () => 2 + scalarOf.size),
    array: (index) => ~index,
    buffer: (node) =>
      ~memoized(bufferOf, node, () => arrays + buffers.push(sizeOf(node.shape)) - 1),
    indices: (source, to) =>
      memoized(
        tableOf,
        `${source.join()} ${to.join()}`,
        () => indices.push(broadcastIndices(source, to)) - 1,
      ),
  };
  return { addresses, buffers, indices, scalarCount: () => 2 + scalarOf.size };
}

function memoized<K>(indices: Map<K, number>, key: K, make: () => number): number {
  const index = indices.get(key) ?? make();
  indices.set(key, index);
  return index;
}

function wholeStep(node: Node, { scalar, buffer }: Addresses): WholeStep[] {
  const { op, inputs } = node;
  if (op.name !== "whole") return [];
  const place = (part: Node): number => (isScalar(part) ? scalar(part) : buffer(part));
  return [{ compute: op.compute, out: place(node), operands: inputs.map(place) }];
}

function scalarStep(node: Node, { scalar }: Addresses): ScalarStep {
  const { op, inputs } = node;
  const out = scalar(node);
  switch (op.name) {
    case "constant":
    case "clock":
    case "array":
      return { ...op, out };
    case "expand":
    case "sum":
    case "whole":
      throw new Error(`plan: expected a scalar operation, got ${op.name}`);
    default:
      return { name: op.name, out, operands: inputs.map(scalar) };
  }
}

/**
 * The roots of a stage with the nodes that their loops compute, and what was in the arrays that
 * they are stored in, divided into groups without common nodes or arrays; each in the order of the
 * graph.
 */
function components(stage: PlannedStage, nodes: readonly Node[]): Node[][] {
  const arrayNodes = new Map(
    nodes.flatMap((node) => (node.op.name === "array" ? [[node.op.index, node]] : [])),
  );
  const groupOf = new Map<Node, Set<Node>>();
  for (const [root, arrays] of stage.roots) {
    const group = new Set<Node>();
    const pending = [root, ...arrays.flatMap((array) => arrayNodes.get(array) ?? [])];
    for (let node = pending.pop(); node; node = pending.pop()) {
      if (group.has(node)) continue;
      group.add(node);
      pending.push(...loopInputs(node, stage));
    }
    for (const other of new Set([...group].map((node) => groupOf.get(node))))
      for (const node of other ?? []) group.add(node);
    for (const node of group) groupOf.set(node, group);
  }
  return [...new Set(groupOf.values())].map((group) => [...group].sort((a, b) => a.id - b.id));
}
