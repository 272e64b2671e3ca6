import { code, width } from "./codes.js";

/**
 * How many operands, then how many scalars, an instruction has; undefined if it looks elsewhere
 * than at its own place in each array.
 */
function signatureOf(what: number): readonly [operands: number, scalars: number] | undefined {
  if (what <= code.sign || what === code.sum) return [1, 0];
  if (what <= code.minimum) return [2, 0];
  if (what <= code.scalarDiv) return [1, 1];
  if (what <= code.scaledSquareSum) return [2, 2];
  if (what === code.addScaled) return [2, 1];
  return what === code.overRoot ? [2, 5] : what === code.addOverRoot ? [3, 5] : undefined;
}

/**
 * An instruction whose scalars and arrays are counted from 0 within its loop. Places: registers
 * from 0 up, arrays as ~number.
 */
interface Step {
  readonly what: number;
  readonly out: number;
  readonly operands: readonly number[];
  readonly scalars: readonly number[];
}

/**
 * A loop that takes each place of its arrays on its own, with what it touches: it can be compiled.
 */
export interface Steps {
  /** Loops of the same key are the same code: their instructions, a character a number. */
  readonly key: string;
  readonly steps: readonly Step[];
  /**
   * The plan's numbers of the arrays it touches, of those it reads as they were, and of those it
   * writes.
   */
  readonly arrays: readonly number[];
  readonly reads: ReadonlySet<number>;
  readonly writes: ReadonlySet<number>;
  /** The plan's scalars that it reads, after 0 and 1, and those that it adds to. */
  readonly scalars: readonly number[];
  readonly sums: readonly number[];
}

/** Reads a loop's instructions; undefined if there is one that looks at other places. */
export function stepsOf(words: Int32Array): Steps | undefined {
  const arrays: number[] = [];
  const scalars = [0, 1];
  const sums: number[] = [];
  const steps: Step[] = [];
  const reads = new Set<number>();
  const writes = new Set<number>();
  const numberOf = (list: number[], item: number): number =>
    list.includes(item) ? list.indexOf(item) : list.push(item) - 1;
  const placeOf = (place: number): number => (place < 0 ? ~numberOf(arrays, ~place) : place);
  for (let w = 0; w < words.length; w += width) {
    const what = words[w]!;
    const out = words[w + 1]!;
    const signature = signatureOf(what);
    if (!signature) return undefined;
    const operands = [...words.subarray(w + 2, w + 2 + signature[0])];
    for (const place of operands) if (place < 0 && !writes.has(~place)) reads.add(~place);
    if (what !== code.sum && out < 0) writes.add(~out);
    steps.push({
      what,
      out: what === code.sum ? numberOf(sums, out) : placeOf(out),
      operands: operands.map(placeOf),
      scalars: [...words.subarray(w + 5, w + 5 + signature[1])].map((scalar) =>
        numberOf(scalars, scalar),
      ),
    });
  }
  // never so: a sum is complete before anything made of it is stored
  if (sums.length > 0 && writes.size > 0) return undefined;
  const key = String.fromCharCode(
    ...steps
      .flatMap(({ what, out, operands, scalars: k }) => [what, out, ...operands, ...k])
      .map((number) => 64 + number),
  );
  return { key, steps, arrays, reads, writes, scalars, sums };
}

/**
 * The arithmetic of a language that loops are compiled to: expressions of one number, or of several
 * at once.
 */
export interface Expressions<T>
  extends
    Readonly<Record<"add" | "sub" | "mul" | "div" | "min" | "max", (a: T, b: T) => T>>,
    Readonly<Record<"neg" | "sqrt" | "abs" | "sign", (x: T) => T>> {
  /** Gives an expression a name, so that it is computed once. */
  readonly name: (value: T) => T;
}

/**
 * The instructions one after the other, on one place of each array; what is written or summed goes
 * to `put`.
 */
export function follow<T>(
  { steps }: Steps,
  language: Expressions<T>,
  scalars: readonly T[],
  load: (array: number) => T,
  put: (to: number, value: T) => void,
): void {
  const known = new Map<number, T>();
  const at = (place: number): T => {
    const value = known.get(place) ?? language.name(load(~place));
    known.set(place, value);
    return value;
  };
  for (const { what, out, operands, scalars: k } of steps) {
    const [x, y, z] = operands.map(at);
    if (what === code.sum) put(out, x!);
    else {
      const made = language.name(
        compute(
          language,
          scalars,
          what,
          x!,
          y!,
          z!,
          k.map((scalar) => scalars[scalar]!),
        ),
      );
      known.set(out, made);
      if (out < 0) put(~out, made);
    }
  }
}

function compute<T>(
  { add, sub, mul, div, min, max, abs, neg, sqrt, sign }: Expressions<T>,
  [zero, one]: readonly T[],
  what: number,
  x: T,
  y: T,
  z: T,
  [k, l, p, q, r]: readonly T[],
): T {
  const times = (a: T, b: T): T => (b === one ? a : mul(a, b));
  const plus = (a: T, b: T): T => (b === zero ? a : add(a, b));
  const overRoot = (): T => times(div(times(x, k!), plus(sqrt(plus(times(y, l!), p!)), q!)), r!);
  switch (what) {
    case code.copy:
      return x;
    case code.neg:
      return neg(x);
    case code.sqrt:
      return sqrt(x);
    case code.square:
      return mul(x, x);
    case code.abs:
      return abs(x);
    case code.sign:
      return sign(x);
    case code.add:
      return add(x, y);
    case code.sub:
      return sub(x, y);
    case code.mul:
      return mul(x, y);
    case code.div:
      return div(x, y);
    case code.maximum:
      return max(x, y);
    case code.minimum:
      return min(x, y);
    case code.addScalar:
      return add(x, k!);
    case code.subScalar:
      return sub(x, k!);
    case code.mulScalar:
      return mul(x, k!);
    case code.divScalar:
      return div(x, k!);
    case code.maximumScalar:
      return max(x, k!);
    case code.minimumScalar:
      return min(x, k!);
    case code.scalarSub:
      return sub(k!, x);
    case code.scalarDiv:
      return div(k!, x);
    case code.scaledSum:
      return add(mul(x, k!), mul(y, l!));
    case code.scaledSquareSum:
      return add(mul(x, k!), mul(mul(y, y), l!));
    case code.addScaled:
      return add(x, mul(y, k!));
    case code.overRoot:
      return overRoot();
    case code.addOverRoot:
      return add(z, overRoot());
    default:
      throw new Error(`steps: unknown instruction ${what}`);
  }
}
