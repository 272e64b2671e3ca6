import type { Shape } from "@tenon/contracts";
import type { Tensor } from "@tenon/tensor";

/** `[2, 3]` as people write it. */
export function show(shape: Shape): string {
  return `[${shape.join(", ")}]`;
}

export function sameShape(a: Shape, b: Shape): boolean {
  return a.length === b.length && a.every((n, i) => n === b[i]);
}

/** Throws unless both have one shape: broadcasting [n, 1] against [n] would silently compare everything with everything. */
export function checkSame(name: string, predictions: Tensor, targets: Tensor): void {
  if (!sameShape(predictions.shape, targets.shape))
    throw new Error(`${name}: expected predictions and targets of one shape, got ${show(predictions.shape)} and ${show(targets.shape)}; reshape one of them`);
}

/** Throws unless `x` is finite and above zero. */
export function checkPositive(name: string, what: string, x: number): void {
  if (!(x > 0 && x < Infinity)) throw new Error(`${name}: expected ${what} as a finite number > 0, got ${x}`);
}

/** Throws unless `x` is finite and not below zero. */
export function checkNotNegative(name: string, what: string, x: number): void {
  if (!(x >= 0 && x < Infinity)) throw new Error(`${name}: expected ${what} as a finite number ≥ 0, got ${x}`);
}

/** Throws unless `x` is a share: in [0, 1]. */
export function checkShare(name: string, what: string, x: number): void {
  if (!(x >= 0 && x <= 1)) throw new Error(`${name}: expected ${what} in [0, 1], got ${x}`);
}

/** An axis counted from the front. */
export function axisOf(name: string, axis: number, { shape }: Tensor): number {
  const at = axis < 0 ? axis + shape.length : axis;
  if (!Number.isInteger(axis) || at < 0 || at >= shape.length) throw new Error(`${name}: expected an axis of ${show(shape)}, got ${axis}`);
  return at;
}
