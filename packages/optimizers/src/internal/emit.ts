import type { Shape } from "@tenon/contracts";
import { code, width } from "./codes.js";
import { isScalar, operandsOf } from "./operands.js";
import { sizeOf, type BinaryName, type UnaryName, type Value } from "./tape.js";

/** Where scalars, memory (as ~index) and tables of places lie. */
export interface Addresses {
  scalar(value: Value): number;
  array(index: number): number;
  buffer(value: Value): number;
  places(from: Shape, to: Shape): number;
}

/**
 * What makes a value, before registers are given out: a `Value` among the operands is wherever that
 * value is, a number an address.
 */
interface Instruction {
  readonly code: number;
  readonly out: Value | number;
  readonly operands: readonly (Value | number)[];
  readonly scalars?: readonly number[];
}

type Codes = Readonly<Record<BinaryName, number>>;

// Made by calls that bundlers may drop: they keep what reads a property, for fear of getters.
const ofTwo = /* @__PURE__ */ ((c: typeof code): Codes => ({
  add: c.add,
  sub: c.sub,
  mul: c.mul,
  div: c.div,
  maximum: c.maximum,
  minimum: c.minimum,
}))(code);
const withScalar = /* @__PURE__ */ ((c: typeof code): Codes => ({
  add: c.addScalar,
  sub: c.subScalar,
  mul: c.mulScalar,
  div: c.divScalar,
  maximum: c.maximumScalar,
  minimum: c.minimumScalar,
}))(code);
const ofScalar = /* @__PURE__ */ ((c: typeof code): Codes => ({
  ...withScalar,
  sub: c.scalarSub,
  div: c.scalarDiv,
}))(code);

/**
 * The instructions of one loop, which computes `members` (in the order of the tape) for the sake of
 * the roots among them.
 */
export function emit(
  members: readonly Value[],
  roots: ReadonlyMap<Value, readonly number[]>,
  stage: number,
  stageOf: (value: Value) => number,
  at: Addresses,
): { readonly size: number; readonly code: Int32Array; readonly registers: number } {
  const summedHere = (value: Value): boolean =>
    value.origin.op === "sum" && roots.has(value) && stageOf(value) === stage;
  const uses = new Map<Value, number>();
  for (const value of members)
    for (const operand of operandsOf(value, roots.has(value), stage, stageOf))
      uses.set(operand, (uses.get(operand) ?? 0) + 1);
  /** Nothing else wants it, so it may vanish into the instruction that does. */
  const only = (value: Value): boolean => uses.get(value) === 1 && !roots.has(value);

  // Backwards, so that an instruction is chosen before the operands that it may swallow.
  const instructions: Instruction[] = [];
  const swallowed = new Set<Value>();
  for (let i = members.length - 1; i >= 0; i--) {
    const value = members[i]!;
    if (swallowed.has(value)) continue;
    if (summedHere(value)) instructions.push(summing(value, at));
    else {
      // A root that is neither summed nor stored is one because a later stage repeats it along
      // axes.
      if (roots.get(value)?.length === 0)
        instructions.push({ code: code.copy, out: at.buffer(value), operands: [value] });
      if (!residence(value, at)) instructions.push(computing(value, only, swallowed, at));
    }
  }
  const first = members.find((value) => !summedHere(value))!;
  return {
    size: sizeOf(first.shape),
    ...allocate(withStores(instructions.reverse(), members, roots, at), at),
  };
}

/**
 * Where a value lies already: an array, or the buffer of an earlier stage's sum. 0 if it has to be
 * computed.
 */
function residence(value: Value, at: Addresses): number {
  const { origin } = value;
  if (origin.op === "array") return at.array(origin.index);
  return origin.op === "sum" ? at.buffer(value) : 0;
}

function summing(value: Value, at: Addresses): Instruction {
  const [x] = value.inputs;
  const { origin } = value;
  if (isScalar(value)) return { code: code.sum, out: at.scalar(value), operands: [x!] };
  return {
    code: code.sumInto,
    out: at.buffer(value),
    operands: [x!, at.places((origin as { kept: Shape }).kept, x!.shape)],
  };
}

/**
 * The instruction that computes a value, with as much of what is before it as one instruction can
 * do.
 */
function computing(
  value: Value,
  only: (value: Value) => boolean,
  swallowed: Set<Value>,
  at: Addresses,
): Instruction {
  const {
    origin,
    inputs: [a, b],
  } = value;
  const { op } = origin;
  if (op === "expand")
    return {
      code: code.expand,
      out: value,
      operands: [at.buffer(a!), at.places(a!.shape, value.shape)],
    };
  if (!b) return { code: code[op as UnaryName], out: value, operands: [a!] };
  const name = op as BinaryName;
  const made = (
    what: number,
    operands: readonly Value[],
    ...scalars: readonly number[]
  ): Instruction => ({ code: what, out: value, operands, scalars });
  const swallow = (...values: readonly Value[]): void => {
    for (const one of values) swallowed.add(one);
  };

  if (name === "add" && !isScalar(a!) && !isScalar(b) && a !== b) {
    const ratio = overRoot(b, only) ?? overRoot(a!, only);
    if (ratio) {
      swallow(...ratio.parts);
      return made(
        code.addOverRoot,
        [ratio.x, ratio.y, ratio.parts.includes(b) ? a! : b],
        ...ratio.scalars.map((s) => (typeof s === "number" ? s : at.scalar(s))),
      );
    }
    const left = scaled(a!, only);
    const right = scaled(b, only);
    if (left && right) {
      swallow(a!, b);
      const isSquare = ({ x }: Scaled): boolean => x.origin.op === "square" && only(x);
      const [plain, squared] = isSquare(right) ? [left, right] : [right, left];
      if (!isSquare(squared))
        return made(code.scaledSum, [left.x, right.x], at.scalar(left.k), at.scalar(right.k));
      swallow(squared.x);
      return made(
        code.scaledSquareSum,
        [plain.x, squared.x.inputs[0]!],
        at.scalar(plain.k),
        at.scalar(squared.k),
      );
    }
    const one = right ?? left;
    if (one) {
      swallow(right ? b : a!);
      return made(code.addScaled, [right ? a! : b, one.x], at.scalar(one.k));
    }
  }
  const ratio = overRoot(value, (part) => part === value || only(part));
  if (ratio) {
    swallow(...ratio.parts.filter((part) => part !== value));
    return made(
      code.overRoot,
      [ratio.x, ratio.y],
      ...ratio.scalars.map((s) => (typeof s === "number" ? s : at.scalar(s))),
    );
  }
  if (isScalar(b)) return made(withScalar[name], [a!], at.scalar(b));
  if (isScalar(a!)) return made(ofScalar[name], [b], at.scalar(a!));
  return made(ofTwo[name], [a!, b]);
}

/** x·k, with a scalar k. */
interface Scaled {
  readonly x: Value;
  readonly k: Value;
}

/** A value as x·k, if it is one and wanted nowhere else. */
function scaled(product: Value, only: (value: Value) => boolean): Scaled | undefined {
  const [x, k] = product.inputs;
  if (product.origin.op !== "mul" || !only(product)) return undefined;
  return isScalar(k!) ? { x: x!, k: k! } : isScalar(x!) ? { x: k!, k: x! } : undefined;
}

/** A value as x + p, with a scalar p, if it is one and wanted nowhere else. */
function shifted(
  sum: Value,
  only: (value: Value) => boolean,
): { readonly x: Value; readonly p: Value } | undefined {
  const [x, p] = sum.inputs;
  return sum.origin.op === "add" && only(sum) && isScalar(p!) ? { x: x!, p: p! } : undefined;
}

/**
 * A value as x·k / (√(y·l + p) + q)·r, where any scalar may be missing, if it is one and its parts
 * are wanted nowhere else.
 */
function overRoot(
  value: Value,
  only: (value: Value) => boolean,
):
  | {
      readonly x: Value;
      readonly y: Value;
      readonly parts: readonly Value[];
      readonly scalars: readonly (Value | number)[];
    }
  | undefined {
  const outer = scaled(value, only);
  const quotient = outer?.x ?? value;
  const [numerator, denominator] = quotient.inputs;
  if (
    quotient.origin.op !== "div" ||
    !only(quotient) ||
    isScalar(numerator!) ||
    isScalar(denominator!)
  )
    return undefined;
  const plus = shifted(denominator!, only);
  const root = plus?.x ?? denominator!;
  if (root.origin.op !== "sqrt" || !only(root)) return undefined;
  const inside = root.inputs[0]!;
  const inner = shifted(inside, only);
  const product = inner?.x ?? inside;
  const y = scaled(product, only);
  const top = scaled(numerator!, only);
  return {
    x: top?.x ?? numerator!,
    y: y?.x ?? product,
    parts: [
      value,
      quotient,
      root,
      ...(plus ? [denominator!] : []),
      ...(inner ? [inside] : []),
      ...(y ? [product] : []),
      ...(top ? [numerator!] : []),
    ],
    // Scalars 0 and 1 are just that: ·1 and + 0 change nothing.
    scalars: [top?.k ?? 1, y?.k ?? 1, inner?.p ?? 0, plus?.p ?? 0, outer?.k ?? 1],
  };
}

/**
 * Adds what writes arrays: straight from where a value is computed, if nothing reads the array
 * later, else at the end.
 */
function withStores(
  instructions: readonly Instruction[],
  members: readonly Value[],
  roots: ReadonlyMap<Value, readonly number[]>,
  at: Addresses,
): Instruction[] {
  const lastRead = new Map<number, number>();
  instructions.forEach(({ operands }, i) => {
    for (const operand of operands)
      if (typeof operand !== "number") lastRead.set(residence(operand, at), i);
  });
  const stored = new Set([...roots.values()].flat());
  const straight = new Map<Value, number>();
  const early: Instruction[] = [];
  const late: Instruction[] = [];
  for (const value of members) {
    const arrays = roots.get(value) ?? [];
    const from = value.origin.op === "array" ? value.origin.index : undefined;
    const madeAt = instructions.findIndex(({ out }) => out === value);
    if (
      arrays.length === 1 &&
      madeAt >= 0 &&
      (lastRead.get(at.array(arrays[0]!)) ?? -1) <= madeAt
    ) {
      straight.set(value, at.array(arrays[0]!));
      continue;
    }
    if (arrays.length === 0) continue;
    let source: Value = value;
    if (from !== undefined && stored.has(from)) {
      // it must be read before it is overwritten, wherever that is
      source = { ...value, origin: { op: "expand" } } as Value;
      early.push({ code: code.copy, out: source, operands: [value] });
    }
    for (const array of arrays)
      late.push({ code: code.copy, out: at.array(array), operands: [source] });
  }
  const redirect = (operand: Value | number): Value | number =>
    typeof operand !== "number" && straight.has(operand) ? straight.get(operand)! : operand;
  return [
    ...early,
    ...instructions.map((one) => ({
      ...one,
      out: redirect(one.out),
      operands: one.operands.map(redirect),
    })),
    ...late,
  ];
}

/**
 * Gives out registers: one is free again after its last use, also for the result of that very
 * instruction.
 */
function allocate(
  instructions: readonly Instruction[],
  at: Addresses,
): { readonly code: Int32Array; readonly registers: number } {
  const inRegister = (operand: Value | number): operand is Value =>
    typeof operand !== "number" && !residence(operand, at);
  const lastUse = new Map<Value, number>();
  instructions.forEach(({ out, operands }, i) => {
    for (const operand of [out, ...operands]) if (inRegister(operand)) lastUse.set(operand, i);
  });
  const registerOf = new Map<Value, number>();
  const free: number[] = [];
  const placeOf = (operand: Value | number): number =>
    typeof operand === "number" ? operand : residence(operand, at) || registerOf.get(operand)!;
  let registers = 0;
  const words = new Int32Array(instructions.length * width);
  instructions.forEach(({ code: what, out, operands, scalars = [] }, i) => {
    const places = operands.map(placeOf);
    for (const operand of new Set(operands))
      if (inRegister(operand) && lastUse.get(operand) === i) free.push(registerOf.get(operand)!);
    if (inRegister(out)) {
      registerOf.set(out, free.pop() ?? registers++);
      if (lastUse.get(out) === i) free.push(registerOf.get(out)!);
    }
    words.set([what, placeOf(out), ...places], i * width);
    words.set(scalars, i * width + 5);
  });
  return { code: words, registers };
}
