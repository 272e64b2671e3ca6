import type { Pass, Shape } from "@tenon/contracts";
import { input, type Tensor } from "@tenon/tensor";

/** `[28, 28, 1]` as people write it. */
export function show(shape: Shape): string {
  return `[${shape.join(", ")}]`;
}

export function sameShape(a: Shape, b: Shape): boolean {
  return a.length === b.length && a.every((n, i) => n === b[i]);
}

/** The number of elements. */
export function sizeOf(shape: Shape): number {
  return shape.reduce((size, n) => size * n, 1);
}

/** Throws unless `n` counts something: an integer of at least 1. */
export function checkCount(name: string, what: string, n: number): void {
  if (!Number.isInteger(n) || n < 1) throw new Error(`${name}: expected ${what} as an integer ≥ 1, got ${n}`);
}

/** Throws unless `x` lies between two bounds; NaN never does. The upper bound itself is refused. */
export function checkBetween(name: string, what: string, x: number, low: number, high: number): void {
  if (!(x >= low && x < high)) throw new Error(`${name}: expected ${what} in [${low}, ${high}), got ${x}`);
}

/** Throws unless `x` is a finite number. */
export function checkFinite(name: string, what: string, x: number): void {
  if (!Number.isFinite(x)) throw new Error(`${name}: expected ${what} as a finite number, got ${x}`);
}

/** Throws unless `x` is finite and above zero. */
export function checkPositive(name: string, what: string, x: number): void {
  if (!(x > 0 && x < Infinity)) throw new Error(`${name}: expected ${what} as a finite number > 0, got ${x}`);
}

/** Throws unless the input is one image. */
export function checkImage(name: string, shape: Shape): void {
  if (shape.length !== 3) throw new Error(`${name}: expected an image [height, width, channels], got ${show(shape)}; a reshape layer before it may help`);
}

/** The shape a function of a batch makes of one example: found by recording it, so that it cannot differ from what runs. */
export function outputOf(example: Shape, of: (x: Tensor) => Tensor): Shape {
  return of(input("x", { shape: [1, ...example] })).shape.slice(1);
}

/** A parameter that the layer's plan asked for. */
export function param(name: string, pass: Pass<Tensor>, key: string): Tensor {
  const value = pass.params[key];
  if (!value) throw new Error(`${name}: expected a parameter "${key}" in the pass, got ${Object.keys(pass.params).join(", ") || "none"}; start from initialize(layer.plan(shape), seed)`);
  return value;
}

/** A running statistic that the layer's plan asked for. */
export function stat(name: string, pass: Pass<Tensor>, key: string): Tensor {
  const value = pass.stats[key];
  if (!value) throw new Error(`${name}: expected a statistic "${key}" in the pass, got ${Object.keys(pass.stats).join(", ") || "none"}; start from initialize(layer.plan(shape), seed)`);
  return value;
}
