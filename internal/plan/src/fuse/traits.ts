import { stridesOf } from "@tenon/tensor";
import type { Node } from "../graph/node.js";
import { reductions } from "../graph/opTraits.js";
import { isExactCover, isNonOverlapping, poolSpecOf, argmaxOf } from "../graph/pool.js";
import type { LoopInput } from "../loop.js";

/**
 * How an operand is read by a kernel that visits an image cell by cell, four channels at a time.
 */
export type ImageAccess = "element" | "channel" | "scalar";

/**
 * How an operand with these strides is read at the cells of an image of this shape: an element for
 * each, one for each channel, or one for all. Undefined if it is read in another way.
 */
export function imageAccess(
  shape: readonly number[],
  { strides, offset }: LoopInput,
): ImageAccess | undefined {
  const equals = (wanted: readonly number[]): boolean =>
    strides.every((step, axis) => shape[axis] === 1 || step === wanted[axis]);
  // No cell is read: any strides fit.
  if (shape.includes(0)) return "element";
  if (offset !== 0) return undefined;
  if (equals(stridesOf(shape))) return "element";
  if (equals([0, 0, 0, 1])) return "channel";
  return equals([0, 0, 0, 0]) ? "scalar" : undefined;
}

/** Whether an expression over an image reads all its operands in one of these ways. */
export const readsAsImage = (shape: readonly number[], inputs: readonly LoopInput[]): boolean =>
  inputs.every((input) => imageAccess(shape, input) !== undefined);

/**
 * That the kernel of an operation can compute an elementwise expression in place of its inputs, as
 * it reads them, so that the expression is not stored.
 */
export interface Prologue {
  readonly ops: readonly string[];
  /** Positions of the inputs that the kernel can compute. @defaultValue all */
  readonly inputs?: readonly number[];
  /** Whether it can for this node. @defaultValue for every one */
  fits?(x: Node): boolean;
  /** Whether the expression may read its operands like this. @defaultValue with any strides */
  reads?(shape: readonly number[], inputs: readonly LoopInput[]): boolean;
}

/** A reduction of an expression: each element is computed when it is reduced. */
export const reductionPrologue: Prologue = { ops: reductions };

/** Summaries of an expression of contiguous arrays: each element is computed when it is read. */
export const summaryPrologue: Prologue = {
  ops: ["summary"],
  reads: (shape, inputs) => inputs.every((input) => imageAccess(shape, input) === "element"),
};

/** A check of an expression: each element is computed when it is checked. */
export const finitePrologue: Prologue = { ops: ["allFinite"] };

/** The argmax of an expression under windows that read each cell once. */
export const maxPoolPrologue: Prologue = {
  ops: ["argMaxPool2d"],
  fits: (argmax) => isNonOverlapping(poolSpecOf(argmax)),
  reads: readsAsImage,
};

/**
 * That the kernel of an operation can compute the loop that alone reads its result, as it makes
 * that result, so that the result is not stored.
 */
export interface Epilogue {
  readonly op: string;
  /** Whether it can for this node. */
  fits(x: Node): boolean;
  /** Whether the loop may read its other operands like this. */
  reads(shape: readonly number[], inputs: readonly LoopInput[]): boolean;
}

/** A loop over the gradient of a max pool's image is computed as that is unpooled. */
export const unpoolEpilogue: Epilogue = {
  op: "unpool2d",
  fits(x) {
    const argmax = argmaxOf(x);
    return argmax !== undefined && isExactCover(poolSpecOf(argmax));
  },
  reads: readsAsImage,
};
