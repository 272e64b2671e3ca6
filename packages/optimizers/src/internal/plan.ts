import type { Schedule, Shape } from "@tenon/contracts";
import { emit, type Addresses } from "./emit.js";
import { isScalar, operandsOf } from "./operands.js";
import { placesOf, sizeOf, type BinaryName, type UnaryName, type Value } from "./tape.js";

/** One scalar made of others, or given. */
export type ScalarStep =
  | { readonly op: "constant"; readonly out: number; readonly value: number }
  | { readonly op: "clock"; readonly out: number; readonly of: Schedule | number }
  | { readonly op: "array"; readonly out: number; readonly index: number }
  | { readonly op: UnaryName; readonly out: number; readonly a: number }
  | { readonly op: BinaryName; readonly out: number; readonly a: number; readonly b: number };

/** Instructions that run over arrays of one size, chunk after chunk. */
export interface Loop {
  readonly size: number;
  /** `width` numbers each; see `code`. */
  readonly code: Int32Array;
}

/** What must be done before something else needs all of it: scalars first, then loops. */
export interface Stage {
  readonly scalars: readonly ScalarStep[];
  readonly loops: readonly Loop[];
}

/** A recorded update as data. Arrays are read by every stage and written only by the last. */
export interface Plan {
  readonly stages: readonly Stage[];
  /** How many; the first two are 0 and 1. */
  readonly scalars: number;
  readonly registers: number;
  /** Sizes of the buffers between stages, all zero when a run begins. */
  readonly buffers: readonly number[];
  readonly places: readonly Int32Array[];
  /** Scalars to be written to arrays of one number, at the end. */
  readonly scalarStores: readonly { readonly from: number; readonly array: number }[];
}

/** A value that is to be written to an array. */
export interface Output {
  readonly value: Value;
  readonly array: number;
}

/**
 * Cuts a record into stages: a sum must be complete before anything made of it begins. Within a
 * stage, whatever belongs together elementwise is one loop, so that each number is read and written
 * once. What two stages need is computed twice and not kept: it costs less than the memory.
 *
 * @param arrays how many there are; buffers lie behind them
 */
export function plan(outputs: readonly Output[], arrays: number): Plan {
  const needed = reach(outputs.map(({ value }) => value));
  const stageOf = new Map<Value, number>();
  const ready = (value: Value): number => stageOf.get(value)! + (value.origin.op === "sum" ? 1 : 0);
  for (const value of needed) {
    const inputs = value.inputs.map(ready);
    const later = value.origin.op === "expand" && value.inputs[0]!.origin.op !== "sum" ? 1 : 0;
    stageOf.set(value, Math.max(0, ...inputs) + later);
  }
  const last = Math.max(0, ...needed.map(ready));

  const scalarOf = new Map<Value, number>();
  const bufferOf = new Map<Value, number>();
  const buffers: number[] = [];
  const places: Int32Array[] = [];
  const placesKnown = new Map<string, number>();
  const addresses: Addresses = {
    scalar: (value) => 2 + numbered(scalarOf, value),
    array: (index) => ~index,
    buffer(value) {
      const known = bufferOf.get(value) ?? arrays + buffers.push(sizeOf(value.shape)) - 1;
      bufferOf.set(value, known);
      return ~known;
    },
    places(from: Shape, to: Shape) {
      const key = `${from.join()} ${to.join()}`;
      const known = placesKnown.get(key);
      if (known !== undefined) return known;
      placesKnown.set(key, places.push(placesOf(from, to)) - 1);
      return places.length - 1;
    },
  };

  let registers = 0;
  const stages = Array.from({ length: last + 1 }, (_, stage): Stage => {
    const scalars = needed
      .filter(
        (value) => isScalar(value) && value.origin.op !== "sum" && stageOf.get(value) === stage,
      )
      .map((value) => scalarStep(value, addresses.scalar));
    // the arrays it is stored in; none for sums and what goes to a buffer
    const roots = new Map<Value, number[]>();
    for (const value of needed) {
      if (value.origin.op === "sum" && stageOf.get(value) === stage) roots.set(value, []);
      if (
        value.origin.op === "expand" &&
        stageOf.get(value) === stage + 1 &&
        value.inputs[0]!.origin.op !== "sum"
      )
        roots.set(value.inputs[0]!, []);
    }
    if (stage === last) {
      for (const { value, array } of outputs)
        if (!isScalar(value)) roots.set(value, [...(roots.get(value) ?? []), array]);
    }
    const loops = components(roots, stage, (value) => stageOf.get(value)!, needed).map(
      (members) => {
        const emitted = emit(members, roots, stage, (value) => stageOf.get(value)!, addresses);
        registers = Math.max(registers, emitted.registers);
        return { size: emitted.size, code: emitted.code };
      },
    );
    return { scalars, loops };
  });
  const scalarStores = outputs
    .filter(({ value }) => isScalar(value))
    .map(({ value, array }) => ({ from: addresses.scalar(value), array }));
  return { stages, scalars: 2 + scalarOf.size, registers, buffers, places, scalarStores };
}

/** All that some values are made of, in the order of the tape. */
function reach(from: readonly Value[]): Value[] {
  const seen = new Set<Value>(from);
  const open = [...from];
  for (let value = open.pop(); value; value = open.pop()) {
    for (const input of value.inputs) {
      if (seen.has(input)) continue;
      seen.add(input);
      open.push(input);
    }
  }
  return [...seen].sort((a, b) => a.id - b.id);
}

function scalarStep(value: Value, at: (value: Value) => number): ScalarStep {
  const {
    origin,
    inputs: [a, b],
  } = value;
  const out = at(value);
  switch (origin.op) {
    case "constant":
      return { op: "constant", out, value: origin.value };
    case "clock":
      return { op: "clock", out, of: origin.of };
    case "array":
      return { op: "array", out, index: origin.index };
    case "add":
    case "sub":
    case "mul":
    case "div":
    case "maximum":
    case "minimum":
      return { op: origin.op, out, a: at(a!), b: at(b!) };
    case "neg":
    case "sqrt":
    case "square":
    case "abs":
    case "sign":
      return { op: origin.op, out, a: at(a!) };
    default:
      throw new Error(`plan: expected a scalar operation, got ${origin.op}`);
  }
}

/**
 * The roots of a stage with what they are made of, and what was in the arrays they are written to,
 * cut into groups that share nothing; each in the order of the tape.
 */
function components(
  roots: ReadonlyMap<Value, readonly number[]>,
  stage: number,
  stageOf: (value: Value) => number,
  needed: readonly Value[],
): Value[][] {
  const inArray = new Map(
    needed.flatMap((value) => (value.origin.op === "array" ? [[value.origin.index, value]] : [])),
  );
  const groupOf = new Map<Value, Set<Value>>();
  for (const root of roots.keys()) {
    const overwritten = roots.get(root)!.flatMap((array) => inArray.get(array) ?? []);
    const group = new Set<Value>();
    const open = [root, ...overwritten];
    for (let value = open.pop(); value; value = open.pop()) {
      if (group.has(value)) continue;
      group.add(value);
      for (const operand of operandsOf(value, roots.has(value), stage, stageOf)) open.push(operand);
    }
    for (const other of new Set([...group].map((value) => groupOf.get(value))))
      for (const value of other ?? []) group.add(value);
    for (const value of group) groupOf.set(value, group);
  }
  return [...new Set(groupOf.values())].map((group) => [...group].sort((a, b) => a.id - b.id));
}

function numbered(known: Map<Value, number>, value: Value): number {
  const before = known.get(value);
  if (before !== undefined) return before;
  known.set(value, known.size);
  return known.size - 1;
}
