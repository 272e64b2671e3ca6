import { signOf } from "./signOf.js";

/**
 * The loops themselves, each over n numbers of arrays that begin at their own offsets.
 *
 * Scalars come by their place in `s`: a number handed over would be boxed, and a step must not
 * allocate.
 */
type F = Float32Array | Float64Array;

export function copy(o: F, at: number, x: F, i: number, n: number): void {
  for (let j = 0; j < n; j++) o[at + j] = x[i + j]!;
}
export function neg(o: F, at: number, x: F, i: number, n: number): void {
  for (let j = 0; j < n; j++) o[at + j] = -x[i + j]!;
}
export function sqrt(o: F, at: number, x: F, i: number, n: number): void {
  for (let j = 0; j < n; j++) o[at + j] = Math.sqrt(x[i + j]!);
}
export function square(o: F, at: number, x: F, i: number, n: number): void {
  for (let j = 0; j < n; j++) o[at + j] = x[i + j]! * x[i + j]!;
}
export function abs(o: F, at: number, x: F, i: number, n: number): void {
  for (let j = 0; j < n; j++) o[at + j] = Math.abs(x[i + j]!);
}
export function sign(o: F, at: number, x: F, i: number, n: number): void {
  for (let j = 0; j < n; j++) o[at + j] = signOf(x[i + j]!);
}

export function add(o: F, at: number, x: F, i: number, y: F, k: number, n: number): void {
  for (let j = 0; j < n; j++) o[at + j] = x[i + j]! + y[k + j]!;
}
export function sub(o: F, at: number, x: F, i: number, y: F, k: number, n: number): void {
  for (let j = 0; j < n; j++) o[at + j] = x[i + j]! - y[k + j]!;
}
export function mul(o: F, at: number, x: F, i: number, y: F, k: number, n: number): void {
  for (let j = 0; j < n; j++) o[at + j] = x[i + j]! * y[k + j]!;
}
export function div(o: F, at: number, x: F, i: number, y: F, k: number, n: number): void {
  for (let j = 0; j < n; j++) o[at + j] = x[i + j]! / y[k + j]!;
}
export function maximum(o: F, at: number, x: F, i: number, y: F, k: number, n: number): void {
  for (let j = 0; j < n; j++) o[at + j] = Math.max(x[i + j]!, y[k + j]!);
}
export function minimum(o: F, at: number, x: F, i: number, y: F, k: number, n: number): void {
  for (let j = 0; j < n; j++) o[at + j] = Math.min(x[i + j]!, y[k + j]!);
}

type S = Float64Array;
export function addScalar(o: F, at: number, x: F, i: number, s: S, k: number, n: number): void {
  const c = s[k]!;
  for (let j = 0; j < n; j++) o[at + j] = x[i + j]! + c;
}
export function subScalar(o: F, at: number, x: F, i: number, s: S, k: number, n: number): void {
  const c = s[k]!;
  for (let j = 0; j < n; j++) o[at + j] = x[i + j]! - c;
}
export function mulScalar(o: F, at: number, x: F, i: number, s: S, k: number, n: number): void {
  const c = s[k]!;
  for (let j = 0; j < n; j++) o[at + j] = x[i + j]! * c;
}
export function divScalar(o: F, at: number, x: F, i: number, s: S, k: number, n: number): void {
  const c = s[k]!;
  for (let j = 0; j < n; j++) o[at + j] = x[i + j]! / c;
}
export function maximumScalar(o: F, at: number, x: F, i: number, s: S, k: number, n: number): void {
  const c = s[k]!;
  for (let j = 0; j < n; j++) o[at + j] = Math.max(x[i + j]!, c);
}
export function minimumScalar(o: F, at: number, x: F, i: number, s: S, k: number, n: number): void {
  const c = s[k]!;
  for (let j = 0; j < n; j++) o[at + j] = Math.min(x[i + j]!, c);
}
export function scalarSub(o: F, at: number, x: F, i: number, s: S, k: number, n: number): void {
  const c = s[k]!;
  for (let j = 0; j < n; j++) o[at + j] = c - x[i + j]!;
}
export function scalarDiv(o: F, at: number, x: F, i: number, s: S, k: number, n: number): void {
  const c = s[k]!;
  for (let j = 0; j < n; j++) o[at + j] = c / x[i + j]!;
}

export function scaledSum(
  o: F,
  at: number,
  x: F,
  i: number,
  y: F,
  k: number,
  s: S,
  sk: number,
  sl: number,
  n: number,
): void {
  const c = s[sk]!;
  const d = s[sl]!;
  for (let j = 0; j < n; j++) o[at + j] = x[i + j]! * c + y[k + j]! * d;
}
export function scaledSquareSum(
  o: F,
  at: number,
  x: F,
  i: number,
  y: F,
  k: number,
  s: S,
  sk: number,
  sl: number,
  n: number,
): void {
  const c = s[sk]!;
  const d = s[sl]!;
  for (let j = 0; j < n; j++) {
    const g = y[k + j]!;
    o[at + j] = x[i + j]! * c + g * g * d;
  }
}
export function addScaled(
  o: F,
  at: number,
  x: F,
  i: number,
  y: F,
  k: number,
  s: S,
  sk: number,
  n: number,
): void {
  const c = s[sk]!;
  for (let j = 0; j < n; j++) o[at + j] = x[i + j]! + y[k + j]! * c;
}
export function overRoot(
  o: F,
  at: number,
  x: F,
  i: number,
  y: F,
  k: number,
  s: S,
  sk: number,
  sl: number,
  sp: number,
  sq: number,
  sr: number,
  n: number,
): void {
  const c = s[sk]!;
  const l = s[sl]!;
  const p = s[sp]!;
  const q = s[sq]!;
  const r = s[sr]!;
  for (let j = 0; j < n; j++)
    o[at + j] = ((x[i + j]! * c) / (Math.sqrt(y[k + j]! * l + p) + q)) * r;
}
export function addOverRoot(
  o: F,
  at: number,
  x: F,
  i: number,
  y: F,
  k: number,
  z: F,
  m: number,
  s: S,
  sk: number,
  sl: number,
  sp: number,
  sq: number,
  sr: number,
  n: number,
): void {
  const c = s[sk]!;
  const l = s[sl]!;
  const p = s[sp]!;
  const q = s[sq]!;
  const r = s[sr]!;
  for (let j = 0; j < n; j++)
    o[at + j] = z[m + j]! + ((x[i + j]! * c) / (Math.sqrt(y[k + j]! * l + p) + q)) * r;
}

export function expand(o: F, at: number, x: F, places: Int32Array, i: number, n: number): void {
  for (let j = 0; j < n; j++) o[at + j] = x[places[i + j]!]!;
}
export function sumInto(o: F, x: F, i: number, places: Int32Array, k: number, n: number): void {
  for (let j = 0; j < n; j++) o[places[k + j]!]! += x[i + j]!;
}
export function sum(s: S, out: number, x: F, i: number, n: number): void {
  let total = 0;
  for (let j = 0; j < n; j++) total += x[i + j]!;
  s[out]! += total;
}
