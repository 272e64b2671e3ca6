import type { DType } from "@tenon/contracts";
import { badArgument } from "@tenon/guards";
import { eachElement } from "../internal/eachElement.js";
import { binary, isInt32, numberOf, unary } from "../internal/elementwise.js";
import { checkNumber, checkTensor } from "../internal/guards.js";
import { makeNode } from "../internal/makeNode.js";
import { withGradient } from "../internal/withGradient.js";
import type { Op } from "../op.js";
import { broadcastShapes } from "../shapes.js";
import type { Tensor } from "../tensor.js";
import { cast } from "./cast.js";
import { tensor } from "./leaf.js";

/** An elementwise function. */
export type Unary = (x: Tensor) => Tensor;
/**
 * An elementwise function of two operands. Shapes broadcast as in NumPy: sizes are compared from
 * the last, and 1 is repeated.
 */
export type Binary = (a: Tensor, b: Tensor | number) => Tensor;

/** The gradient of an operand of a maximum: all of it, half of it for equals, or none. */
const gradientOf = (wins: Tensor, ties: Tensor, g: Tensor): Tensor =>
  where(wins, g, where(ties, g.mul(0.5), 0));

/** a + b. int32 wraps around. */
export const add: Binary = binary(
  "add",
  "arithmetic",
  (a, b) => a + b,
  ({ g }) => [g, g],
);
/** a − b. int32 wraps around. */
export const sub: Binary = binary(
  "sub",
  "arithmetic",
  (a, b) => a - b,
  ({ g }) => [g, g.neg()],
);
/** a · b. int32 wraps around. */
export const mul: Binary = binary(
  "mul",
  "arithmetic",
  (a, b) => a * b,
  ({ a, b, g }) => [g.mul(b), g.mul(a)],
  Math.imul,
);
/** a / b, float32 also of integers. */
export const div: Binary = binary(
  "div",
  "float",
  (a, b) => a / b,
  ({ b, y, g }) => [g.div(b), g.mul(y).div(b).neg()],
);
/** The larger of the two; NaN if either is. Of equals, each gets half of the gradient. */
export const maximum: Binary = binary("maximum", "arithmetic", Math.max, ({ a, b, g }) => {
  const ties = a.equal(b);
  return [gradientOf(a.greater(b), ties, g), gradientOf(b.greater(a), ties, g)];
});
/** The smaller of the two; NaN if either is. Of equals, each gets half of the gradient. */
export const minimum: Binary = binary("minimum", "arithmetic", Math.min, ({ a, b, g }) => {
  const ties = a.equal(b);
  return [gradientOf(a.less(b), ties, g), gradientOf(b.less(a), ties, g)];
});
/**
 * What is left of a division, a − b ⌊a / b⌋: it has the sign of the divisor. Of integers by zero it
 * is 0.
 */
export const remainder: Binary = binary(
  "remainder",
  "arithmetic",
  (a, b) => {
    const r = a % b;
    return r !== 0 && r < 0 !== b < 0 ? r + b : r;
  },
  ({ a, b, y, g }) => [g, g.mul(a.sub(y).div(b).round()).neg()],
);

/** As IEEE 754 has it; JavaScript's `**` gives NaN for 1 to a power that is infinite or NaN. */
const powerOf = (a: number, b: number): number =>
  a === 1 || (a === -1 && Math.abs(b) === Infinity) ? 1 : a ** b;

const power = binary("pow", "float", powerOf, ({ a, b, y, g }) => {
  const exponent = numberOf(b);
  if (exponent !== undefined)
    return [
      exponent === 0 ? undefined : g.mul(exponent).mul(pow(a, exponent - 1)),
      gradientOfExponent(a, b, y, g),
    ];
  // 0⁰ has gradient 0 and must not meet 0⁻¹; the masks are inside the powers so that higher-order
  // gradients are finite too.
  const corner = a.equal(0).mul(b.equal(0));
  return [g.mul(b).mul(pow(a, where(corner, 0, b.sub(1)))), gradientOfExponent(a, b, y, g)];
});

function gradientOfExponent(a: Tensor, b: Tensor, y: Tensor, g: Tensor): Tensor {
  const flat = a.equal(0).mul(b.greaterEqual(0));
  return where(flat, 0, g.mul(y).mul(where(flat, 1, a).log()));
}

/** aᵇ, float32 also of integers. A negative number to a power that is not an integer is NaN. */
export const pow: Binary = (a, b) => {
  checkTensor("pow", a);
  if (b === 1) return cast(a, "float32");
  return b === 2 ? square(cast(a, "float32")) : power(a, b);
};

const compare = /* @__NO_SIDE_EFFECTS__ */ (
  name: string,
  f: (a: number, b: number) => boolean,
): Binary => binary(name, "comparison", (a, b) => (f(a, b) ? 1 : 0));
/** Whether a = b, as int32 0 or 1. NaN equals nothing. */
export const equal: Binary = compare("equal", (a, b) => a === b);
/** Whether a ≠ b, as int32 0 or 1. */
export const notEqual: Binary = compare("notEqual", (a, b) => a !== b);
/** Whether a < b, as int32 0 or 1. */
export const less: Binary = compare("less", (a, b) => a < b);
/** Whether a ≤ b, as int32 0 or 1. */
export const lessEqual: Binary = compare("lessEqual", (a, b) => a <= b);
/** Whether a > b, as int32 0 or 1. */
export const greater: Binary = compare("greater", (a, b) => a > b);
/** Whether a ≥ b, as int32 0 or 1. */
export const greaterEqual: Binary = compare("greaterEqual", (a, b) => a >= b);

const whereOp: Op = {
  name: "where",
  gradient: ({ inputs: [condition] }, g) => [
    undefined,
    where(condition!, g, 0),
    where(condition!, 0, g),
  ],
  evaluate: (_, inputs, out) =>
    eachElement(inputs, out, (condition, a, b) => (condition !== 0 ? a : b)),
};

/**
 * `a` where the condition is not zero, else `b`. All three broadcast. A gradient flows only to the
 * side that was taken.
 *
 * The result is int32 if a tensor of the two is, and nothing in them needs float32: next to an
 * int32 tensor, 0 is an integer and 0.5 is not. Two numbers give float32.
 *
 * A side that is not taken still has its own gradient multiplied by 0, so keep it finite: not
 * `where(x.greater(0), x.log(), 0)` but `where(x.greater(0), where(x.greater(0), x, 1).log(), 0)`.
 */
export function where(condition: Tensor, a: Tensor | number, b: Tensor | number): Tensor {
  checkTensor("where", condition, "a condition that is a tensor");
  const sides = [a, b];
  for (const side of sides)
    if (typeof side !== "number") checkTensor("where", side, "a tensor or a number");
  const integers = sides.every((side) =>
    typeof side === "number" ? isInt32(side) : side.dtype === "int32",
  );
  const kind: DType =
    integers && sides.some((side) => typeof side !== "number") ? "int32" : "float32";
  const [x, y] = sides.map((side) =>
    typeof side === "number" ? tensor(side, [], kind) : cast(side, kind),
  ) as [Tensor, Tensor];
  const shape = broadcastShapes(
    "where",
    condition.shape,
    broadcastShapes("where", x.shape, y.shape),
  );
  const test = condition.dtype === "int32" ? condition : condition.notEqual(0);
  return makeNode(
    whereOp,
    [test.broadcastTo(shape), x.broadcastTo(shape), y.broadcastTo(shape)],
    shape,
    kind,
  );
}

/** −x */
export const neg: Unary = unary(
  "neg",
  (x) => -x,
  ({ g }) => g.neg(),
  (x) => -x,
);
/** |x|; its gradient at 0 is 0. */
export const abs: Unary = unary("abs", Math.abs, ({ x, g }) => g.mul(x.sign()), Math.abs);
/** −1, 0 or 1; NaN of NaN. Its gradient is 0. */
export const sign: Unary = unary("sign", Math.sign, undefined, Math.sign);
/** x². int32 wraps around. */
export const square: Unary = unary(
  "square",
  (x) => x * x,
  ({ x, g }) => g.mul(x).mul(2),
  (x) => Math.imul(x, x),
);
/** max(x, 0); its gradient at 0 is 0. */
export const relu: Unary = unary(
  "relu",
  (x) => (x < 0 ? 0 : x),
  ({ y, g }) => where(y.greater(0), g, 0),
  (x) => Math.max(x, 0),
);
/** √x */
export const sqrt: Unary = unary("sqrt", Math.sqrt, ({ y, g }) => g.mul(0.5).div(y));
/** 1 / x */
export const reciprocal: Unary = unary(
  "reciprocal",
  (x) => 1 / x,
  ({ y, g }) => g.mul(y.square()).neg(),
);
/** eˣ */
export const exp: Unary = unary("exp", Math.exp, ({ y, g }) => g.mul(y));
/** eˣ − 1, exact near zero. */
export const expm1: Unary = unary("expm1", Math.expm1, ({ x, g }) => g.mul(x.exp()));
/** The natural logarithm. */
export const log: Unary = unary("log", Math.log, ({ x, g }) => g.div(x));
/** log(1 + x), exact near zero. */
export const log1p: Unary = unary("log1p", Math.log1p, ({ x, g }) => g.div(x.add(1)));
/** The sine of x radians. */
export const sin: Unary = unary("sin", Math.sin, ({ x, g }) => g.mul(cos(x)));
/** The cosine of x radians. */
export const cos: Unary = unary("cos", Math.cos, ({ x, g }) => g.mul(sin(x)).neg());
/** The hyperbolic tangent. */
export const tanh: Unary = unary("tanh", Math.tanh, ({ x, g }) => {
  // 1 − tanh² x cancels in the tails; tanh x = 2 s(2x) − 1, where s is the sigmoid.
  const twice = x.mul(2);
  return g.mul(gradientOfSigmoid(twice, twice.sigmoid()).mul(4));
});
/** 1 / (1 + e⁻ˣ) */
export const sigmoid: Unary = unary(
  "sigmoid",
  (x) => {
    const e = Math.exp(-Math.abs(x));
    return x < 0 ? e / (1 + e) : 1 / (1 + e);
  },
  ({ x, y, g }) => g.mul(gradientOfSigmoid(x, y)),
);

/**
 * s(x) s(−x), since 1 − s(x) cancels; its own gradient is −s(x) s(−x) tanh(x / 2), since s(−x) −
 * s(x) does near 0.
 */
function gradientOfSigmoid(x: Tensor, y: Tensor): Tensor {
  const grad = y.mul(x.neg().sigmoid());
  return withGradient(grad, [x, y], (g, x, y) =>
    g.mul(gradientOfSigmoid(x, y)).mul(x.mul(0.5).tanh()).neg(),
  );
}

/** A rounding: integers are what they were. Its gradient is 0. */
/* @__NO_SIDE_EFFECTS__ */ function rounding(name: string, f: (x: number) => number): Unary {
  const op = unary(name, f);
  return (x) => {
    checkTensor(name, x);
    return x.dtype === "int32" ? x : op(x);
  };
}

/** The nearest integer below. */
export const floor: Unary = rounding("floor", Math.floor);
/** The nearest integer above. */
export const ceil: Unary = rounding("ceil", Math.ceil);
/** The nearest integer, halves to the even one. */
export const round: Unary = rounding("round", (x) => {
  const down = Math.floor(x);
  const half = x - down;
  const nearest = half < 0.5 || (half === 0.5 && down % 2 === 0) ? down : Math.ceil(x);
  return nearest === 0 ? x * 0 : nearest; // keeps the sign of what rounds to zero
});

/**
 * Held between two bounds, which may be infinite; the gradient at and beyond them is 0. Throws if
 * `low` is above `high`.
 */
export function clamp(x: Tensor, low: number, high: number): Tensor {
  checkTensor("clamp", x);
  checkNumber("clamp", "low", low);
  checkNumber("clamp", "high", high);
  if (!(low <= high)) throw badArgument("clamp", "low ≤ high", `${low} and ${high}`);
  const inside = greater(x, low).mul(less(x, high));
  return where(inside, x, maximum(x, low).minimum(high).detach());
}
