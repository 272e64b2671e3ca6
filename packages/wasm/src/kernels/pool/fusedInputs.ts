import type { Address, FunctionBuilder, I32, Local, V128 } from "@tenon/emit";
import * as i32 from "@tenon/emit/i32";
import * as v128 from "@tenon/emit/v128";
import { imageAccess, readsAsImage } from "@tenon/plan";
import { checkFits } from "../shared/checkFits.js";
import { copyLoop, keyOf, type Loop } from "../loop/loop.js";
import type { Cell } from "./poolWindows.js";

/** An elementwise expression that a pool evaluates at each cell instead of reading an image. */
type Inputs = Pick<Loop, "shape" | "inputs">;

/** The inputs that have an element for each cell and channel. */
export const inputsPerCell = ({ shape, inputs }: Inputs): number[] =>
  inputs.flatMap((input, k) => (imageAccess(shape, input) === "element" ? [k] : []));

/** The expression that is the image itself. */
export const identity = (shape: readonly number[]): Loop => copyLoop({ shape, dtype: "float32" });

/** Throws unless inputs have an element for each cell, for each channel, or one. */
export const checkReadsAsImage = (loop: Loop): void =>
  checkFits(readsAsImage(loop.shape, loop.inputs), "an expression of images", keyOf(loop));

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
