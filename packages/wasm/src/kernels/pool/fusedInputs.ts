import {
  i32,
  v128,
  type Address,
  type FunctionBuilder,
  type I32,
  type Local,
  type V128,
} from "@tenon/emit";
import { stridesOf } from "@tenon/tensor";
import type { Loop } from "../loop/loop.js";
import type { Cell } from "./poolWindows.js";

/** An elementwise expression that a pool evaluates at each cell instead of reading an image. */
type Inputs = Pick<Loop, "shape" | "inputs">;

/** How an input broadcasts to the image: not at all, over all cells of a channel, or over all. */
type Broadcast = "cell" | "channel" | "scalar";

/** Whether a loop may be the prologue of a max pool or the epilogue of an unpool. */
export function isFusablePrologue({ shape, inputs }: Inputs): boolean {
  return inputs.every(
    ({ strides, offset }) => broadcastOf(shape, strides) !== undefined && offset === 0,
  );
}

function broadcastOf(shape: readonly number[], strides: readonly number[]): Broadcast | undefined {
  const hasStrides = (expected: readonly number[]): boolean =>
    strides.every((stride, axis) => shape[axis] === 1 || stride === expected[axis]);
  if (hasStrides(stridesOf(shape))) return "cell";
  if (hasStrides([0, 0, 0, 1])) return "channel";
  return hasStrides([0, 0, 0, 0]) ? "scalar" : undefined;
}

/** The inputs that have an element for each cell and channel. */
export const inputsPerCell = ({ shape, inputs }: Inputs): number[] =>
  inputs.flatMap(({ strides }, k) => (broadcastOf(shape, strides) === "cell" ? [k] : []));

/** The expression that is the image itself. */
export const identity = (shape: readonly number[]): Loop => ({
  shape,
  inputs: [{ strides: stridesOf(shape), offset: 0 }],
  body: [{ op: "load", input: 0, dtype: "float32" }],
  outputs: [{ node: 0 }],
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
  const broadcasts = inputs.map(({ strides }) => broadcastOf(shape, strides)!);
  const cellAddress = (input: number, base: I32): Address =>
    i32.add(i32.add(arrays[input]!, base), channel);
  const starts = broadcasts.map((broadcast, input): Local<"address"> | undefined =>
    broadcast === "scalar"
      ? undefined
      : f.let(
          broadcast === "cell" ? cellAddress(input, firstBase) : i32.add(arrays[input]!, channel),
        ),
  );
  return (shift) => {
    const invariant = broadcasts.map((broadcast, input): V128 | undefined =>
      broadcast === "cell"
        ? undefined
        : f.let(
            broadcast === "scalar"
              ? v128.loadSplat(arrays[input]!)
              : v128.load(starts[input]!, shift),
          ),
    );
    return (input, { base, offset }) =>
      invariant[input] ??
      v128.load(base === firstBase ? starts[input]! : cellAddress(input, base), offset + shift);
  };
}
