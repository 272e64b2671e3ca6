import { f32x4, f64x2, i32, i32x4, v128, type FunctionBuilder, type FunctionIndex, type Local, type ModuleBuilder, type V128 } from "@tenon/emit";
import { code, width } from "./codes.js";

/** How many operands, then how many scalars, an instruction has; undefined if it is not for vectors. */
function signatureOf(what: number): readonly [operands: number, scalars: number] | undefined {
  if (what <= code.sign || what === code.sum) return [1, 0];
  if (what <= code.minimum) return [2, 0];
  if (what <= code.scalarDiv) return [1, 1];
  if (what <= code.scaledSquareSum) return [2, 2];
  if (what === code.addScaled) return [2, 1];
  return what === code.overRoot ? [2, 5] : what === code.addOverRoot ? [3, 5] : undefined;
}

/** An instruction whose scalars and arrays are counted from 0 within its loop. Places: registers from 0 up, arrays as ~number. */
interface Step {
  readonly what: number;
  readonly out: number;
  readonly operands: readonly number[];
  readonly scalars: readonly number[];
}

/** A loop that vectors can do, with what it touches. */
export interface VectorLoop {
  /** Loops of the same key are the same code. */
  readonly key: string;
  readonly steps: readonly Step[];
  /** The plan's numbers of the arrays it touches, of those it reads as they were, and of those it writes. */
  readonly arrays: readonly number[];
  readonly reads: ReadonlySet<number>;
  readonly writes: ReadonlySet<number>;
  /** The plan's scalars that it reads, and those that it adds to. */
  readonly scalars: readonly number[];
  readonly sums: readonly number[];
}

/** Where a function finds what it works on: addresses at 0, then scalars, then its sums; 16 bytes each but for the addresses. */
export interface Frame {
  readonly scalars: number;
  readonly sums: number;
}

/** Reads a loop's instructions; undefined if there is one that vectors cannot do. */
export function vectorLoop(words: Int32Array): VectorLoop | undefined {
  const arrays: number[] = [], scalars: number[] = [], sums: number[] = [], steps: Step[] = [];
  const reads = new Set<number>(), writes = new Set<number>();
  const numberOf = (list: number[], item: number): number => (list.includes(item) ? list.indexOf(item) : list.push(item) - 1);
  const placeOf = (place: number): number => (place < 0 ? ~numberOf(arrays, ~place) : place);
  for (let w = 0; w < words.length; w += width) {
    const what = words[w]!, out = words[w + 1]!, signature = signatureOf(what);
    if (!signature) return undefined;
    const operands = [...words.subarray(w + 2, w + 2 + signature[0])];
    for (const place of operands) if (place < 0 && !writes.has(~place)) reads.add(~place);
    if (what !== code.sum && out < 0) writes.add(~out);
    steps.push({
      what, out: what === code.sum ? numberOf(sums, out) : placeOf(out), operands: operands.map(placeOf),
      scalars: [...words.subarray(w + 5, w + 5 + signature[1])].map((scalar) => numberOf(scalars, scalar)),
    });
  }
  if (sums.length > 0 && writes.size > 0) return undefined; // never so: a sum is complete before anything made of it is stored
  const key = steps.map(({ what, out, operands, scalars: k }) => `${what}:${out},${operands.join()},${k.join()}`).join(" ");
  return { key, steps, arrays, reads, writes, scalars, sums };
}

/** So many numbers are computed in one turn of a loop: arrays must have room for as many behind their end. */
export const turn = 8;

/**
 * Emits `(n)`, which does a loop over n numbers of float32: four at a time in float32, or, where they are added up, two at a
 * time in float64.
 */
export function emitVectors(module: ModuleBuilder, loop: VectorLoop, frame: Frame): FunctionIndex {
  return module.func("loop", ["i32"], (f, n) => {
    const adds = loop.sums.length > 0;
    const pointers = loop.arrays.map((_, i) => f.local("i32", i32.load(0, 4 * i)));
    const scalars = loop.scalars.map((_, i) => f.local("v128", v128.load(0, frame.scalars + 16 * i)));
    const advance = (numbers: number): void => pointers.forEach((pointer) => f.bump(pointer, 4 * numbers));
    const i = f.local("i32");
    if (!adds) {
      f.loop(i, 0, n!, turn, () => {
        f.interleave([0, 16].map((ahead) => () => body(f, loop, f32x4, scalars, (array) => v128.load(pointers[array]!, ahead), (array, value) => f.store("v128", pointers[array]!, value, ahead))));
        advance(turn);
      });
      return;
    }
    const totals = [0, 8].map(() => loop.sums.map(() => f.local("v128")));
    const addTo = (total: Local<"v128">, value: V128): void => f.set(total, f64x2.add(total, value));
    const whole = f.local("i32", i32.and(n!, -4));
    f.loop(i, 0, whole, 4, () => {
      f.interleave(totals.map((sums, k) => () => body(f, loop, f64x2, scalars, (array) => f64x2.promoteLow(v128.load(pointers[array]!, 8 * k)), (sum, value) => addTo(sums[sum]!, value))));
      advance(4);
    });
    const lower = f.local("v128", i32x4.lanes(-1, -1, 0, 0));
    f.loop(i, whole, n!, 1, () => {
      body(f, loop, f64x2, scalars, (array) => f64x2.promoteLow(v128.loadZero(pointers[array]!)), (sum, value) => addTo(totals[0]![sum]!, v128.and(value, lower)));
      advance(1);
    });
    loop.sums.forEach((_, sum) => f.store("v128", 0, f64x2.add(totals[0]![sum]!, totals[1]![sum]!), frame.sums + 16 * sum));
  });
}

type Lanes = Pick<typeof f64x2, "add" | "sub" | "mul" | "div" | "min" | "max" | "abs" | "neg" | "sqrt" | "lt" | "gt" | "const">;

/** The instructions one after the other, on one vector of each array; what is written or summed goes to `put`. */
function body(
  f: FunctionBuilder, { steps }: VectorLoop, lanes: Lanes, scalars: readonly V128[], load: (array: number) => V128, put: (to: number, value: V128) => void,
): void {
  const known = new Map<number, V128>();
  const at = (place: number): V128 => {
    const before = known.get(place);
    if (before) return before;
    const loaded = f.local("v128", load(~place));
    known.set(place, loaded);
    return loaded;
  };
  for (const { what, out, operands, scalars: k } of steps) {
    const [x, y, z] = operands.map(at);
    if (what === code.sum) put(out, x!);
    else {
      const made = f.local("v128", compute(lanes, what, x!, y!, z!, k.map((scalar) => scalars[scalar]!)));
      known.set(out, made);
      if (out < 0) put(~out, made);
    }
  }
}

function compute({ add, sub, mul, div, min, max, abs, neg, sqrt, lt, gt, const: splat }: Lanes, what: number, x: V128, y: V128, z: V128, [k, l, p, q, r]: readonly V128[]): V128 {
  switch (what) {
    case code.copy: return x;
    case code.neg: return neg(x);
    case code.sqrt: return sqrt(x);
    case code.square: return mul(x, x);
    case code.abs: return abs(x);
    // Zeros and NaN stay, as with Math.sign.
    case code.sign: return v128.select(v128.or(gt(x, splat(0)), lt(x, splat(0))), v128.or(v128.and(x, splat(-0)), splat(1)), x);
    case code.add: return add(x, y);
    case code.sub: return sub(x, y);
    case code.mul: return mul(x, y);
    case code.div: return div(x, y);
    case code.maximum: return max(x, y);
    case code.minimum: return min(x, y);
    case code.addScalar: return add(x, k!);
    case code.subScalar: return sub(x, k!);
    case code.mulScalar: return mul(x, k!);
    case code.divScalar: return div(x, k!);
    case code.maximumScalar: return max(x, k!);
    case code.minimumScalar: return min(x, k!);
    case code.scalarSub: return sub(k!, x);
    case code.scalarDiv: return div(k!, x);
    case code.scaledSum: return add(mul(x, k!), mul(y, l!));
    case code.scaledSquareSum: return add(mul(x, k!), mul(mul(y, y), l!));
    case code.addScaled: return add(x, mul(y, k!));
    case code.overRoot: return mul(div(mul(x, k!), add(sqrt(add(mul(y, l!), p!)), q!)), r!);
    case code.addOverRoot: return add(z, mul(div(mul(x, k!), add(sqrt(add(mul(y, l!), p!)), q!)), r!));
    default: throw new Error(`vectors: unknown instruction ${what}`);
  }
}
