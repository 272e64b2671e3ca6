import type { DType, Numbers } from "@tenon/contracts";
import { broadcastShapes, sameShape } from "../shapes.js";
import { record } from "../internal/record.js";
import type { Op } from "../op.js";
import type { Tensor } from "../tensor.js";
import { cast } from "./cast.js";
import { tensor } from "./leaf.js";

export type Unary = (x: Tensor) => Tensor;
export type Binary = (a: Tensor, b: Tensor | number) => Tensor;

/** What a slope may be made of: the input(s), the output and its slope. */
interface One { readonly x: Tensor; readonly y: Tensor; readonly g: Tensor }
interface Two { readonly a: Tensor; readonly b: Tensor; readonly y: Tensor; readonly g: Tensor }

/** An operation of one number. Unless it `keeps` integers, they become float32 first. */
export function unary(name: string, f: (x: number) => number, slope: ((at: One) => Tensor) | undefined, keeps = false): Unary {
  const op: Op = {
    name,
    gradient: (y, g) => [slope?.({ x: y.inputs[0]!, y, g })],
    evaluate(_, [x], out) {
      const from = x!.data;
      for (let i = 0; i < out.length; i++) out[i] = f(from[i]!);
    },
  };
  return (x) => {
    const from = keeps ? x : cast(x, "float32");
    return record(op, [from], from.shape, from.dtype);
  };
}

type Kind = "arithmetic" | "float" | "comparison";

/** An operation of two numbers of one shape; others are broadcast first. */
export function binary(
  name: string, kind: Kind, f: (a: number, b: number) => number,
  slopes: ((at: Two) => readonly [Tensor | undefined, Tensor | undefined]) | undefined,
): Binary {
  const op: Op = {
    name,
    gradient: (y, g) => slopes?.({ a: y.inputs[0]!, b: y.inputs[1]!, y, g }) ?? [],
    evaluate(_, [a, b], out) {
      const x: Numbers = a!.data, y: Numbers = b!.data;
      for (let i = 0; i < out.length; i++) out[i] = f(x[i]!, y[i]!);
    },
  };
  return (a, other) => {
    const b = typeof other === "number" ? tensor(other, [], a.dtype === "int32" && Number.isInteger(other) ? "int32" : "float32") : other;
    const common: DType = kind === "float" || a.dtype !== b.dtype ? "float32" : a.dtype;
    const shape = sameShape(a.shape, b.shape) ? a.shape : broadcastShapes(name, a.shape, b.shape);
    const inputs = [cast(a, common).broadcastTo(shape), cast(b, common).broadcastTo(shape)];
    return record(op, inputs, shape, kind === "comparison" ? "int32" : common);
  };
}

/** The half of a slope that each of two equals gets, all of it for the winner. */
const share = (wins: Tensor, ties: Tensor, g: Tensor): Tensor => where(wins, g, where(ties, g.mul(0.5), 0));

export const add: Binary = binary("add", "arithmetic", (a, b) => a + b, ({ g }) => [g, g]);
export const sub: Binary = binary("sub", "arithmetic", (a, b) => a - b, ({ g }) => [g, g.neg()]);
export const mul: Binary = binary("mul", "arithmetic", (a, b) => a * b, ({ a, b, g }) => [g.mul(b), g.mul(a)]);
export const div: Binary = binary("div", "float", (a, b) => a / b, ({ b, y, g }) => [g.div(b), g.mul(y).div(b).neg()]);
export const maximum: Binary = binary("maximum", "arithmetic", Math.max, ({ a, b, g }) => {
  const ties = a.equal(b);
  return [share(a.greater(b), ties, g), share(b.greater(a), ties, g)];
});
export const minimum: Binary = binary("minimum", "arithmetic", Math.min, ({ a, b, g }) => {
  const ties = a.equal(b);
  return [share(a.less(b), ties, g), share(b.less(a), ties, g)];
});
export const remainder: Binary = binary("remainder", "arithmetic", (a, b) => {
  const r = a % b;
  return r !== 0 && r < 0 !== b < 0 ? r + b : r;
}, ({ a, b, g }) => [g, g.mul(a.div(b).floor()).neg()]);
export const pow: Binary = binary("pow", "float", (a, b) => a ** b, ({ a, b, y, g }) => [
  where(b.equal(0), 0, g.mul(b).mul(a.pow(b.sub(1)))),
  where(a.equal(0).mul(b.greaterEqual(0)), 0, g.mul(y).mul(a.log())),
]);

const compare = (name: string, f: (a: number, b: number) => boolean): Binary => binary(name, "comparison", (a, b) => (f(a, b) ? 1 : 0), undefined);
export const equal: Binary = compare("equal", (a, b) => a === b);
export const notEqual: Binary = compare("notEqual", (a, b) => a !== b);
export const less: Binary = compare("less", (a, b) => a < b);
export const lessEqual: Binary = compare("lessEqual", (a, b) => a <= b);
export const greater: Binary = compare("greater", (a, b) => a > b);
export const greaterEqual: Binary = compare("greaterEqual", (a, b) => a >= b);

const whereOp: Op = {
  name: "where",
  gradient: ({ inputs: [condition] }, g) => [undefined, where(condition!, g, 0), where(condition!, 0, g)],
  evaluate(_, [condition, a, b], out) {
    for (let i = 0; i < out.length; i++) out[i] = condition!.data[i] !== 0 ? a!.data[i]! : b!.data[i]!;
  },
};

/** `a` where the condition is not zero, else `b`. All three broadcast. A slope flows only to the side that was taken. */
export function where(condition: Tensor, a: Tensor | number, b: Tensor | number): Tensor {
  const kind: DType = [a, b].every((side) => (typeof side === "number" ? Number.isInteger(side) : side.dtype === "int32")) && [a, b].some((side) => typeof side !== "number") ? "int32" : "float32";
  const [x, y] = [a, b].map((side) => (typeof side === "number" ? tensor(side, [], kind) : cast(side, kind))) as [Tensor, Tensor];
  const shape = broadcastShapes("where", condition.shape, broadcastShapes("where", x.shape, y.shape));
  const test = condition.dtype === "int32" ? condition : condition.notEqual(0);
  return record(whereOp, [test.broadcastTo(shape), x.broadcastTo(shape), y.broadcastTo(shape)], shape, kind);
}

export const neg: Unary = unary("neg", (x) => -x, ({ g }) => g.neg(), true);
export const abs: Unary = unary("abs", Math.abs, ({ x, g }) => g.mul(x.sign()), true);
export const sign: Unary = unary("sign", Math.sign, undefined, true);
export const square: Unary = unary("square", (x) => x * x, ({ x, g }) => g.mul(x).mul(2), true);
export const relu: Unary = unary("relu", (x) => (x > 0 || x !== x ? x : 0), ({ x, g }) => where(x.greater(0), g, 0), true);
export const sqrt: Unary = unary("sqrt", Math.sqrt, ({ y, g }) => g.mul(0.5).div(y));
export const reciprocal: Unary = unary("reciprocal", (x) => 1 / x, ({ y, g }) => g.mul(y.square()).neg());
export const exp: Unary = unary("exp", Math.exp, ({ y, g }) => g.mul(y));
export const expm1: Unary = unary("expm1", Math.expm1, ({ x, g }) => g.mul(x.exp()));
export const log: Unary = unary("log", Math.log, ({ x, g }) => g.div(x));
export const log1p: Unary = unary("log1p", Math.log1p, ({ x, g }) => g.div(x.add(1)));
export const sin: Unary = unary("sin", Math.sin, ({ x, g }) => g.mul(x.cos()));
export const cos: Unary = unary("cos", Math.cos, ({ x, g }) => g.mul(x.sin()).neg());
export const tanh: Unary = unary("tanh", Math.tanh, ({ y, g }) => g.mul(y.square().neg().add(1)));
export const sigmoid: Unary = unary("sigmoid", (x) => {
  const e = Math.exp(-Math.abs(x));
  return x < 0 ? e / (1 + e) : 1 / (1 + e);
}, ({ y, g }) => g.mul(y).mul(y.neg().add(1)));
export const floor: Unary = unary("floor", Math.floor, undefined);
export const ceil: Unary = unary("ceil", Math.ceil, undefined);
export const round: Unary = unary("round", (x) => {
  const down = Math.floor(x), half = x - down;
  return half < 0.5 || (half === 0.5 && down % 2 === 0) ? down : down + 1;
}, undefined);
