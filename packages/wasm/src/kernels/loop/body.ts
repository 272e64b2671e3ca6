import { f32x4, i32x4, v128, type FunctionBuilder, type V128 } from "@tenon/emit";
import * as m from "../../math/float32.js";
import { erfc, pow, remainder, sine } from "../../math/float64.js";
import type { BodyNode, ComparisonOp } from "./loop.js";

/**
 * Emits a loop's body for four elements. `load` gives an input's four; nodes in `known` were
 * computed before the loop.
 */
export function emitBody(
  f: FunctionBuilder,
  body: readonly BodyNode[],
  load: (input: number) => V128,
  known: ReadonlyMap<number, V128>,
  wanted: readonly number[],
): (node: number) => V128 {
  const uses = new Map<number, number>();
  for (const node of wanted) uses.set(node, 2);
  for (const [at, node] of [...body.entries()].reverse()) {
    if (uses.has(at) && !known.has(at) && "args" in node)
      for (const arg of node.args) uses.set(arg, (uses.get(arg) ?? 0) + 1);
  }
  const values = new Map<number, V128>();
  // Comparisons stay masks of ones as long as somebody can use them so.
  const masks = new Map<number, V128>();

  const value = (at: number): V128 =>
    known.get(at) ?? values.get(at) ?? v128.and(masks.get(at)!, i32x4.const(1));
  const mask = (at: number): V128 =>
    (!known.has(at) && masks.get(at)) || i32x4.ne(value(at), i32x4.const(0));

  body.forEach((node, at) => {
    if (known.has(at) || !uses.has(at)) return;
    const often = uses.get(at)! > 1;
    if ("args" in node && isComparison(node.op)) {
      const [a, b] = node.args.map(value) as [V128, V128];
      const made = (body[node.args[0]!]!.dtype === "int32" ? integers : floats)[node.op](a, b);
      masks.set(at, often ? m.keep(f, made) : made);
      return;
    }
    const made =
      node.op === "load"
        ? load(node.input)
        : node.op === "constant"
          ? node.dtype === "int32"
            ? i32x4.const(node.value)
            : f32x4.const(node.value)
          : compute(f, node, body, value, mask, masks);
    values.set(at, often && node.op !== "constant" ? m.keep(f, made) : made);
  });
  return value;
}

/**
 * A constant that is neither NaN nor zero: compared with it, pmin and pmax give what min and max
 * give, and are faster.
 */
const plain = (body: readonly BodyNode[], at: number): boolean => {
  const node = body[at]!;
  return node.op === "constant" && Math.abs(node.value) > 0;
};

const isComparison = (op: string): op is ComparisonOp => op in floats;

const floats: Readonly<Record<ComparisonOp, (a: V128, b: V128) => V128>> = {
  equal: f32x4.eq,
  notEqual: f32x4.ne,
  less: f32x4.lt,
  lessEqual: f32x4.le,
  greater: f32x4.gt,
  greaterEqual: f32x4.ge,
};
const integers: Readonly<Record<ComparisonOp, (a: V128, b: V128) => V128>> = {
  equal: i32x4.eq,
  notEqual: i32x4.ne,
  less: i32x4.ltS,
  lessEqual: i32x4.leS,
  greater: i32x4.gtS,
  greaterEqual: i32x4.geS,
};

function compute(
  f: FunctionBuilder,
  { op, args, dtype }: Extract<BodyNode, { args: unknown }>,
  body: readonly BodyNode[],
  value: (at: number) => V128,
  mask: (at: number) => V128,
  masks: ReadonlyMap<number, V128>,
): V128 {
  const whole = dtype === "int32";
  if (op === "where") return v128.select(mask(args[0]!), value(args[1]!), value(args[2]!));
  if (op === "cast" && !whole && masks.has(args[0]!))
    return v128.and(mask(args[0]!), f32x4.const(1));
  const a = value(args[0]!);
  const b = args.length > 1 ? value(args[1]!) : a;
  switch (op) {
    case "add":
      return whole ? i32x4.add(a, b) : f32x4.add(a, b);
    case "sub":
      return whole ? i32x4.sub(a, b) : f32x4.sub(a, b);
    case "mul":
      return whole ? i32x4.mul(a, b) : f32x4.mul(a, b);
    case "maximum":
      return whole ? i32x4.maxS(a, b) : plain(body, args[1]!) ? f32x4.pmax(a, b) : f32x4.max(a, b);
    case "minimum":
      return whole ? i32x4.minS(a, b) : plain(body, args[1]!) ? f32x4.pmin(a, b) : f32x4.min(a, b);
    case "neg":
      return whole ? i32x4.neg(a) : f32x4.neg(a);
    case "abs":
      return whole ? i32x4.abs(a) : f32x4.abs(a);
    case "relu":
      return whole ? i32x4.maxS(a, i32x4.const(0)) : f32x4.pmax(a, f32x4.const(0));
    case "square": {
      const x = m.keep(f, a);
      return whole ? i32x4.mul(x, x) : f32x4.mul(x, x);
    }
    case "sign": {
      const x = m.keep(f, a);
      if (whole) return i32x4.sub(i32x4.ltS(x, i32x4.const(0)), i32x4.gtS(x, i32x4.const(0)));
      // Zeros keep their sign, as Math.sign has it, and NaN stays.
      const signed = v128.or(v128.and(x, f32x4.const(-0)), f32x4.const(1));
      return v128.select(
        v128.or(f32x4.gt(x, f32x4.const(0)), f32x4.lt(x, f32x4.const(0))),
        signed,
        x,
      );
    }
    case "cast": {
      const from = body[args[0]!]!.dtype;
      return from === dtype ? a : whole ? i32x4.trunc(a) : f32x4.convert(a);
    }
    case "div":
      return f32x4.div(a, b);
    case "reciprocal":
      return f32x4.div(f32x4.const(1), a);
    case "sqrt":
      return f32x4.sqrt(a);
    case "floor":
      return f32x4.floor(a);
    case "ceil":
      return f32x4.ceil(a);
    case "round":
      return f32x4.nearest(a);
    case "exp":
      return m.exp(f, a);
    case "expm1":
      return m.expm1(f, a);
    case "log":
      return m.log(f, a);
    case "log2":
      return m.log(f, a, 2);
    case "log1p":
      return m.log1p(f, a);
    case "tanh":
      return m.tanh(f, a);
    case "sigmoid":
      return m.sigmoid(f, a);
    case "erf":
      return m.erf(f, a);
    case "erfc":
      return erfc(f, a, false);
    case "normalCdf":
      return erfc(f, a, true);
    case "sin":
      return sine(f, a, 0);
    case "cos":
      return sine(f, a, 1);
    case "pow":
      return pow(f, a, b);
    case "remainder":
      return remainder(f, a, b, whole);
    default:
      throw new Error(`wasm: expected an operation that a loop can do, got "${op}"`);
  }
}
