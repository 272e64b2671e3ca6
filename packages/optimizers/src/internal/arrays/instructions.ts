import type { V128 } from "@tenon/emit";
import type * as f32x4 from "@tenon/emit/f32x4";
import type * as f64x2 from "@tenon/emit/f64x2";
import * as v128 from "@tenon/emit/v128";
import { mapPaths } from "../mapPaths.js";

/** Vectors of four float32, or of two float64. */
export type Lanes = typeof f32x4 | typeof f64x2;

/** An elementwise operation on x, or on x and y, in the languages that loops are compiled to. */
export interface Operation {
  /** In TypeScript. */
  readonly js: string;
  /** In WebAssembly, on several elements at once. */
  readonly vector: (lanes: Lanes, x: V128, y: V128) => V128;
}

/** The operations of `Arithmetic` on one operand. */
export type UnaryName = "neg" | "sqrt" | "square" | "abs" | "sign";
/** The operations of `Arithmetic` on two operands. */
export type BinaryName = "add" | "sub" | "mul" | "div" | "maximum" | "minimum";

export const unary: Readonly<Record<UnaryName, Operation>> = {
  neg: { js: "-x", vector: ({ neg }, x) => neg(x) },
  sqrt: { js: "Math.sqrt(x)", vector: ({ sqrt }, x) => sqrt(x) },
  square: { js: "x * x", vector: ({ mul }, x) => mul(x, x) },
  abs: { js: "Math.abs(x)", vector: ({ abs }, x) => abs(x) },
  sign: {
    js: "signOf(x)",
    // As Math.sign: zeros of either sign and NaN are unchanged.
    vector: ({ const: splat, gt, lt }, x) =>
      v128.select(
        v128.or(gt(x, splat(0)), lt(x, splat(0))),
        v128.or(v128.and(x, splat(-0)), splat(1)),
        x,
      ),
  },
};

export const binary: Readonly<Record<BinaryName, Operation>> = {
  add: { js: "x + y", vector: ({ add }, x, y) => add(x, y) },
  sub: { js: "x - y", vector: ({ sub }, x, y) => sub(x, y) },
  mul: { js: "x * y", vector: ({ mul }, x, y) => mul(x, y) },
  div: { js: "x / y", vector: ({ div }, x, y) => div(x, y) },
  maximum: { js: "Math.max(x, y)", vector: ({ max }, x, y) => max(x, y) },
  minimum: { js: "Math.min(x, y)", vector: ({ min }, x, y) => min(x, y) },
};

/** A back end's operations; T is its expression of an element, or of a vector of elements. */
export interface Operations<T>
  extends Record<UnaryName, (x: T) => T>, Record<BinaryName, (x: T, y: T) => T> {
  /** x·k, or x itself where the scalar k is known to be 1. */
  scale(x: T, k: T): T;
  /** x + k, or x itself where the scalar k is known to be 0. */
  offset(x: T, k: T): T;
}

export type Operands<T> = readonly [x: T, y: T, z: T];
export type Scalars<T> = readonly [k: T, l: T, p: T, q: T, r: T];

/** An instruction: how many operands and scalars it reads, and what it computes of them. */
export interface Definition {
  readonly operands: number;
  readonly scalars: number;
  readonly emit: <T>(ops: Operations<T>, operands: Operands<T>, scalars: Scalars<T>) => T;
}

type FusedName = "scaledSum" | "scaledSquareSum" | "addScaled" | "divBySqrt" | "addDivBySqrt";

/** Several operations in one pass over a chunk, with the roundings of each. */
const fused: Readonly<Record<FusedName, Definition>> = {
  /** x·k + y·l */
  scaledSum: {
    operands: 2,
    scalars: 2,
    emit: ({ add, mul }, [x, y], [k, l]) => add(mul(x, k), mul(y, l)),
  },
  /** x·k + y²·l */
  scaledSquareSum: {
    operands: 2,
    scalars: 2,
    emit: ({ add, mul, square }, [x, y], [k, l]) => add(mul(x, k), mul(square(y), l)),
  },
  /** x + y·k */
  addScaled: {
    operands: 2,
    scalars: 1,
    emit: ({ add, mul }, [x, y], [k]) => add(x, mul(y, k)),
  },
  /** x·k / (√(y·l + p) + q)·r */
  divBySqrt: { operands: 2, scalars: 5, emit: divBySqrt },
  /** z + x·k / (√(y·l + p) + q)·r */
  addDivBySqrt: {
    operands: 3,
    scalars: 5,
    emit: (ops, operands, scalars) => ops.add(operands[2], divBySqrt(ops, operands, scalars)),
  },
};

function divBySqrt<T>(
  { scale, offset, sqrt, div }: Operations<T>,
  [x, y]: Operands<T>,
  [k, l, p, q, r]: Scalars<T>,
): T {
  const denominator = offset(sqrt(offset(scale(y, l), p)), q);
  return scale(div(scale(x, k), denominator), r);
}

export type InstructionName =
  | "copy"
  | UnaryName
  | BinaryName
  | `${BinaryName}Scalar`
  | `scalar${Capitalize<BinaryName>}`
  | FusedName;

/**
 * All instructions by name: each unary operation on an array; each binary one on two arrays
 * (`sub`), an array and a scalar (`subScalar`) or a scalar and an array (`scalarSub`); and the
 * fused ones. The graph, the choice of instructions and all back ends read this table.
 */
export const instructions: Readonly<Record<InstructionName, Definition>> = /* @__PURE__ */ table();

function table(): Readonly<Record<InstructionName, Definition>> {
  const rows: Record<string, Definition> = {
    copy: { operands: 1, scalars: 0, emit: (_, [x]) => x },
    ...fused,
  };
  for (const name of namesOf(unary))
    rows[name] = { operands: 1, scalars: 0, emit: (ops, [x]) => ops[name](x) };
  for (const name of namesOf(binary)) {
    rows[name] = { operands: 2, scalars: 0, emit: (ops, [x, y]) => ops[name](x, y) };
    rows[withScalar(name)] = { operands: 1, scalars: 1, emit: (ops, [x], [k]) => ops[name](x, k) };
    rows[ofScalar(name)] = { operands: 1, scalars: 1, emit: (ops, [x], [k]) => ops[name](k, x) };
  }
  return rows as Record<InstructionName, Definition>;
}

/** The instruction for an array and a scalar: `sub` → `subScalar`. */
export function withScalar<N extends BinaryName>(name: N): `${N}Scalar` {
  return `${name}Scalar`;
}

/** The instruction for a scalar and an array: `sub` → `scalarSub`. */
export function ofScalar<N extends BinaryName>(name: N): `scalar${Capitalize<N>}` {
  return `scalar${name[0]!.toUpperCase()}${name.slice(1)}` as `scalar${Capitalize<N>}`;
}

/** The operations of a back end, each made from its row of the table. */
export function operationsOf<T>(
  make: (operation: Operation) => (x: T, y: T) => T,
  zero: T,
  one: T,
): Operations<T> {
  const ops = { ...mapPaths(unary, make), ...mapPaths(binary, make) } as unknown as Operations<T>;
  return Object.assign(ops, {
    scale: (x: T, k: T) => (k === one ? x : ops.mul(x, k)),
    offset: (x: T, k: T) => (k === zero ? x : ops.add(x, k)),
  });
}

export function namesOf<N extends string>(rows: Readonly<Record<N, unknown>>): N[] {
  return Object.keys(rows) as N[];
}
