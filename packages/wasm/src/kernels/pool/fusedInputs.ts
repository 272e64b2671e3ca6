import {
  i32,
  v128,
  type Address,
  type FunctionBuilder,
  type I32,
  type Local,
  type V128,
} from "@tenon/emit";
import { imageAccess } from "@tenon/plan";
import { stridesOf } from "@tenon/tensor";
import type { Loop } from "../loop/loop.js";
import type { Cell } from "./poolWindows.js";

/** An elementwise expression that a pool evaluates at each cell instead of reading an image. */
type Inputs = Pick<Loop, "shape" | "inputs">;

/** The inputs that have an element for each cell and channel. */
export const inputsPerCell = ({ shape, inputs }: Inputs): number[] =>
  inputs.flatMap((input, k) => (imageAccess(shape, input) === "element" ? [k] : []));

/** The expression that is the image itself. */
export const identity = (shape: readonly number[]): Loop => ({
  shape,
  inputs: [{ strides: stridesOf(shape), offset: 0 }],
  body: [{ op: "load", input: 0, dtype: "float32" }],
  outputs: [0],
});

/** Emits the load of an input at a cell. */
export type CellReader = (input: number, cell: Pick<Cell, "base" | "offset">) => V128;

/** What a reader of a window's channels needs. */
export interface ReaderOptions {
  /** The inputs' addresses. */
  readonly arrays: readonly Address[];
  /** The first channel, in bytes. */
  readonly channel: I32;
  /** The base of the window's first cell: cells with this base are read at a constant offset. */
  readonly firstBase: I32;
}

/**
 * Emits the addresses of the inputs of an expression at the first of several vectors of channels;
 * the result emits, for the vector `shift` bytes on, its loads. What does not depend on the cell is
 * loaded once.
 */
export function inputReader(
  f: FunctionBuilder,
  { shape, inputs }: Inputs,
  { arrays, channel, firstBase }: ReaderOptions,
): (shift: number) => CellReader {
  const accesses = inputs.map((input) => imageAccess(shape, input)!);
  const cellAddress = (input: number, base: I32): Address =>
    i32.add(i32.add(arrays[input]!, base), channel);
  const starts = accesses.map((access, input): Local<"address"> | undefined =>
    access === "scalar"
      ? undefined
      : f.let(
          access === "element" ? cellAddress(input, firstBase) : i32.add(arrays[input]!, channel),
        ),
  );
  return (shift) => {
    const invariant = accesses.map((access, input): V128 | undefined =>
      access === "element"
        ? undefined
        : f.let(
            access === "scalar" ? v128.loadSplat(arrays[input]!) : v128.load(starts[input]!, shift),
          ),
    );
    return (input, { base, offset }) =>
      invariant[input] ??
      v128.load(base === firstBase ? starts[input]! : cellAddress(input, base), offset + shift);
  };
}
