import type { Floats } from "./floats.js";
import {
  instructions as definitions,
  type InstructionName,
  type Operations,
} from "./instructions.js";

/**
 * An instruction, of the table or one of three more: `sum` adds an operand to the sum `out`;
 * `gather` reads elements of a whole array, and `scatterAdd` adds an operand to them.
 *
 * Operands and `out` are places: registers from 0 up, or the current element of an array as ~index.
 */
export interface Instruction {
  readonly name: InstructionName | "sum" | "gather" | "scatterAdd";
  readonly out: number;
  readonly operands: readonly number[];
  readonly scalars: readonly number[];
  /** Of `gather` and `scatterAdd`: the plan's array and the plan's table of indices into it. */
  readonly indexed?: { readonly array: number; readonly indices: number };
}

/**
 * Instructions for each element of arrays of one size. Arrays, scalars and sums are counted from 0
 * within the loop, so that the same code may run on others.
 */
export interface Loop {
  readonly size: number;
  readonly instructions: readonly Instruction[];
  /** The plan's arrays that it uses element by element. */
  readonly arrays: readonly number[];
  /** Those of which it reads elements before it writes them, and those that it writes. */
  readonly reads: ReadonlySet<number>;
  readonly writes: ReadonlySet<number>;
  /** The plan's scalars that it reads; the first two are 0 and 1. */
  readonly scalars: readonly number[];
  /** The plan's scalars that it adds to. */
  readonly sums: readonly number[];
  /**
   * Loops of equal keys run the same code. Undefined if a loop cannot be compiled: it has indices,
   * or both sums and results.
   */
  readonly key: string | undefined;
}

/** A loop of instructions that count arrays, scalars and sums as the plan does. */
export function loopOf(size: number, planned: readonly Instruction[]): Loop {
  const arrays: number[] = [];
  const scalars = [0, 1];
  const sums: number[] = [];
  const reads = new Set<number>();
  const writes = new Set<number>();
  const indexIn = (list: number[], item: number): number =>
    list.includes(item) ? list.indexOf(item) : list.push(item) - 1;
  const placeOf = (place: number): number => (place < 0 ? ~indexIn(arrays, ~place) : place);
  const outOf = ({ name, out }: Instruction): number => {
    if (name === "sum") return indexIn(sums, out);
    if (name === "scatterAdd") return out;
    if (out < 0) writes.add(~out);
    return placeOf(out);
  };
  const instructions = planned.map((instruction): Instruction => {
    const { operands, scalars: used } = instruction;
    for (const place of operands) if (place < 0 && !writes.has(~place)) reads.add(~place);
    return {
      ...instruction,
      out: outOf(instruction),
      operands: operands.map(placeOf),
      scalars: used.map((scalar) => indexIn(scalars, scalar)),
    };
  });
  const compilable =
    !instructions.some(({ indexed }) => indexed) && (sums.length === 0 || writes.size === 0);
  const key = compilable ? keyOf(instructions) : undefined;
  return { size, instructions, arrays, reads, writes, scalars, sums, key };
}

/** Instructions as text: a character for each name, place and scalar. */
function keyOf(instructions: readonly Instruction[]): string {
  const names: readonly string[] = Object.keys(definitions);
  const codes = instructions.flatMap(({ name, out, operands, scalars }) => [
    names.indexOf(name), // −1 for `sum`
    out,
    ...operands,
    ...scalars,
  ]);
  return String.fromCharCode(...codes.map((code) => 64 + code));
}

/** A loop as a JavaScript function of `memory`, in which `arrays` are indices, and of scalars. */
export type Compiled = (
  memory: readonly Floats[],
  loop: Pick<Loop, "arrays" | "scalars" | "sums">,
  scalars: Float64Array,
  n: number,
) => void;

/** What a loop is compiled to: expressions T and statements of another language. */
export interface BackEnd<T> {
  readonly operations: Operations<T>;
  /** The loop's scalars. */
  readonly scalars: readonly T[];
  /** Binds a value to a name, so that it is computed once however often it is used. */
  letBind(value: T): T;
  /** Reads the current element of an array of the loop. */
  load(array: number): T;
  /** Writes the current element of array `out` or, in a loop with sums, adds to the sum `out`. */
  write(out: number, value: T): void;
}

/**
 * Emits the instructions of a loop that has a key, one after the other, for the current element.
 */
export function evaluate<T>({ instructions }: Loop, backEnd: BackEnd<T>): void {
  const valueAt = new Map<number, T>();
  const valueOf = (place: number): T => {
    const value = valueAt.get(place) ?? backEnd.letBind(backEnd.load(~place));
    valueAt.set(place, value);
    return value;
  };
  for (const { name, out, operands, scalars } of instructions) {
    const values = operands.map(valueOf);
    if (name === "sum") {
      backEnd.write(out, values[0]!);
      continue;
    }
    const { emit } = definitions[name as InstructionName];
    const constants = scalars.map((scalar) => backEnd.scalars[scalar]!);
    const result = backEnd.letBind(emit(backEnd.operations, values as never, constants as never));
    valueAt.set(out, result);
    if (out < 0) backEnd.write(~out, result);
  }
}
