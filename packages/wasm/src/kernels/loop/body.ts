import type { FunctionBuilder, V128, VectorFunction, VectorFunctions } from "@tenon/emit";
import * as f32x4 from "@tenon/emit/f32x4";
import * as i32x4 from "@tenon/emit/i32x4";
import * as v128 from "@tenon/emit/v128";
import { badArgument } from "@tenon/guards";
import { exp, log } from "../../math/float32.js";
import type { BodyNode, ComparisonOp } from "./loop.js";

/**
 * Emits a loop's body for four elements; gives the value of each wanted node. `load` gives an
 * input's four elements; `hoisted` are nodes that were computed before the loop.
 */
export function emitBody(
  f: FunctionBuilder,
  body: readonly BodyNode[],
  load: (input: number) => V128,
  wanted: readonly number[],
  hoisted: ReadonlyMap<number, V128> = new Map(),
): (node: number) => V128 {
  const uses = usesOf(body, hoisted, wanted);
  const values = new Map<number, V128>();
  // Comparisons stay masks of ones as long as they can be used as such.
  const masks = new Map<number, V128>();
  const value = (k: number): V128 =>
    hoisted.get(k) ?? values.get(k) ?? v128.and(masks.get(k)!, i32x4.const(1));
  const mask = (k: number): V128 =>
    (!hoisted.has(k) && masks.get(k)) || i32x4.ne(value(k), i32x4.const(0));
  const parts = new Map<number, unknown>();
  const sharedBy =
    (arg: number) =>
    <T>(make: () => T): T => {
      const from = body[arg]!;
      const positive = from.op === "neg" ? from.args[0]! : arg;
      if (!parts.has(positive)) parts.set(positive, make());
      return parts.get(positive) as T;
    };

  body.forEach((node, k) => {
    if (hoisted.has(k) || !uses.has(k)) return;
    const once = (computed: V128): V128 => (uses.get(k)! > 1 ? f.let(computed) : computed);
    if (node.op === "load") values.set(k, once(load(node.input)));
    else if (node.op === "constant")
      values.set(k, (node.dtype === "int32" ? i32x4.const : f32x4.const)(node.value));
    else if (isComparison(node.op)) {
      const [a, b] = node.args.map(value) as [V128, V128];
      const compare = body[node.args[0]!]!.dtype === "int32" ? integerComparisons : comparisons;
      masks.set(k, once(compare[node.op](a, b)));
    } else {
      const shared = sharedBy(node.args[0]!);
      values.set(k, once(compute(f, node, body, { value, mask, masks, shared })));
    }
  });
  return value;
}

/** How often each node is used that the wanted ones need; wanted nodes count as used twice. */
function usesOf(
  body: readonly BodyNode[],
  hoisted: ReadonlyMap<number, V128>,
  wanted: readonly number[],
): ReadonlyMap<number, number> {
  const uses = new Map<number, number>();
  for (const node of wanted) uses.set(node, 2);
  for (const [k, node] of [...body.entries()].reverse()) {
    if (uses.has(k) && !hoisted.has(k) && "args" in node)
      for (const arg of node.args) uses.set(arg, (uses.get(arg) ?? 0) + 1);
  }
  return uses;
}

/**
 * A constant that is neither NaN nor zero: compared with it, pmin and pmax give what min and max
 * give, and are faster.
 */
const isPlainConstant = (body: readonly BodyNode[], k: number | undefined): boolean => {
  const node = k === undefined ? undefined : body[k];
  return node?.op === "constant" && Math.abs(node.value) > 0;
};

const isComparison = (op: string): op is ComparisonOp => op in comparisons;

const comparisons: Readonly<Record<ComparisonOp, (a: V128, b: V128) => V128>> = {
  equal: f32x4.eq,
  notEqual: f32x4.ne,
  less: f32x4.lt,
  lessEqual: f32x4.le,
  greater: f32x4.gt,
  greaterEqual: f32x4.ge,
};
const integerComparisons: Readonly<Record<ComparisonOp, (a: V128, b: V128) => V128>> = {
  equal: i32x4.eq,
  notEqual: i32x4.ne,
  less: i32x4.ltS,
  lessEqual: i32x4.leS,
  greater: i32x4.gtS,
  greaterEqual: i32x4.geS,
};

/** The values of a node's operands. */
interface Operands {
  readonly value: (node: number) => V128;
  /** A condition as a mask: ones where it is true. */
  readonly mask: (node: number) => V128;
  /** The nodes that are masks already. */
  readonly masks: ReadonlyMap<number, V128>;
  readonly shared: Parameters<VectorFunction>[3]["shared"];
}

function compute(
  f: FunctionBuilder,
  { op, args, dtype }: OperationNode,
  body: readonly BodyNode[],
  { value, mask, masks, shared }: Operands,
): V128 {
  const integers = dtype === "int32";
  if (op === "where") return v128.select(mask(args[0]!), value(args[1]!), value(args[2]!));
  if (op === "cast" && !integers && masks.has(args[0]!))
    return v128.and(mask(args[0]!), f32x4.const(1));
  const a = value(args[0]!);
  const b = args.length > 1 ? value(args[1]!) : a;
  if (op === "cast") {
    if (body[args[0]!]!.dtype === dtype) return a;
    return integers ? i32x4.trunc(a) : f32x4.convert(a);
  }
  const emit =
    (integers ? integerOperations[op] : isPlainConstant(body, args[1]) && quickBounds[op]) ||
    operations[op];
  if (emit) return emit(a, b, f);
  const emitFunction = functions[op] ?? f.functions[op];
  if (!emitFunction)
    throw badArgument("wasmOf", "an operation of its parts", `"${op}"`, "add mathFunctions");
  return emitFunction(f, a, b, { integers, shared });
}

type OperationNode = Extract<BodyNode, { args: unknown }>;
type Emit = (a: V128, b: V128, f: FunctionBuilder) => V128;
type Operations = Readonly<Partial<Record<OperationNode["op"], Emit>>>;

/** Bounds where the second operand is a plain constant. */
const quickBounds: Operations = { maximum: f32x4.pmax, minimum: f32x4.pmin };

/** Operations on int32 that differ from those on float32. */
const integerOperations: Operations = {
  add: i32x4.add,
  sub: i32x4.sub,
  mul: i32x4.mul,
  maximum: i32x4.maxS,
  minimum: i32x4.minS,
  neg: i32x4.neg,
  abs: i32x4.abs,
  relu: (a) => i32x4.maxS(a, i32x4.const(0)),
  square: (a, _, f) => {
    const x = f.let(a);
    return i32x4.mul(x, x);
  },
  sign: (a, _, f) => {
    const x = f.let(a);
    return i32x4.sub(i32x4.ltS(x, i32x4.const(0)), i32x4.gtS(x, i32x4.const(0)));
  },
};

/** Operations on float32, and those that integers have in common with them. */
const operations: Operations = {
  add: f32x4.add,
  sub: f32x4.sub,
  mul: f32x4.mul,
  div: f32x4.div,
  maximum: f32x4.max,
  minimum: f32x4.min,
  neg: f32x4.neg,
  abs: f32x4.abs,
  relu: (a) => f32x4.pmax(a, f32x4.const(0)),
  square: (a, _, f) => {
    const x = f.let(a);
    return f32x4.mul(x, x);
  },
  sign: (a, _, f) => {
    const x = f.let(a);
    const zero = f32x4.const(0);
    // Zeros keep their sign, as those of Math.sign do, and NaN stays NaN.
    const signed = v128.or(v128.and(x, f32x4.const(-0)), f32x4.const(1));
    return v128.select(v128.or(f32x4.gt(x, zero), f32x4.lt(x, zero)), signed, x);
  },
  reciprocal: (a) => f32x4.div(f32x4.const(1), a),
  sqrt: f32x4.sqrt,
  floor: f32x4.floor,
  ceil: f32x4.ceil,
  round: f32x4.nearest,
};

/** Operations whose code is long; more of them are a part of the engine. */
const functions: VectorFunctions = { exp, log: (f, a) => log(f, a) };
