import { isComparison, type BodyNode, type ComparisonOp } from "@tenon/plan";
import { float, integer } from "./wgsl.js";

type OperationNode = Extract<BodyNode, { args: unknown }>;
type Expression = (a: string, b: string) => string;

const call =
  (name: string): Expression =>
  (a) =>
    `${name}(${a})`;
const infix =
  (operator: string): Expression =>
  (a, b) =>
    `(${a} ${operator} ${b})`;

/** Those that are more than an expression, or are written in another way for every dtype. */
type Others = "where" | "cast" | ComparisonOp;

/**
 * Elementwise operations of float32. The types demand each that the planner has; adding it here is
 * all that this engine needs.
 */
const floats: Readonly<Record<Exclude<OperationNode["op"], Others>, Expression>> = {
  add: infix("+"),
  sub: infix("-"),
  mul: infix("*"),
  div: infix("/"),
  maximum: (a, b) => `largest(${a}, ${b})`,
  minimum: (a, b) => `smallest(${a}, ${b})`,
  remainder: (a, b) => `rest_of(${a}, ${b})`,
  pow: (a, b) => `power(${a}, ${b})`,
  neg: (a) => `(-${a})`,
  abs: call("abs"),
  sign: call("sign_of"),
  square: (a) => `(${a} * ${a})`,
  relu: call("rectified"),
  floor: call("floor"),
  ceil: call("ceil"),
  round: call("rounded"),
  reciprocal: (a) => `(1.0f / ${a})`,
  sqrt: call("sqrt"),
  exp: call("exponential"),
  expm1: call("exponential_minus_1"),
  log: call("logarithm"),
  log1p: call("logarithm_1_plus"),
  log2: call("logarithm_2"),
  sin: call("sine"),
  cos: call("cosine"),
  tanh: call("hyperbolic_tangent"),
  sigmoid: call("logistic"),
  erf: call("error_function"),
  erfc: call("error_complement"),
  normalCdf: call("normal_probability"),
};

/** Those of int32 that are written in another way. */
const integers: Partial<typeof floats> = {
  maximum: (a, b) => `max(${a}, ${b})`,
  minimum: (a, b) => `min(${a}, ${b})`,
  remainder: (a, b) => `rest_of_integers(${a}, ${b})`,
  sign: call("sign"),
  relu: (a) => `max(${a}, 0i)`,
};

const comparisons: Readonly<Record<ComparisonOp, string>> = {
  equal: "==",
  notEqual: "!=",
  less: "<",
  lessEqual: "<=",
  greater: ">",
  greaterEqual: ">=",
};

/**
 * The statements that compute a loop's body for one element, as constants `v0`, `v1`, … behind a
 * prefix.
 *
 * @param load the expression that reads an input's element
 */
export function statements(
  body: readonly BodyNode[],
  load: (input: number) => string,
  prefix = "v",
): string {
  return body
    .map((node, i) => {
      const type = node.dtype === "int32" ? "i32" : "f32";
      return `let ${prefix}${i}: ${type} = ${valueOf(node, body, load, prefix)};`;
    })
    .join("\n");
}

function valueOf(
  node: BodyNode,
  body: readonly BodyNode[],
  load: (input: number) => string,
  prefix: string,
): string {
  if (node.op === "load") return load(node.input);
  const isInteger = node.dtype === "int32";
  if (node.op === "constant") return isInteger ? integer(node.value) : float(node.value);
  const { op } = node;
  const [a, b, c] = node.args.map((arg) => `${prefix}${arg}`) as [string, string, string];
  const operand = body[node.args[0]!]!.dtype;
  if (op === "where") return `select(${c}, ${b}, ${a} != 0i)`;
  if (op === "cast") {
    if (operand === node.dtype) return a;
    return isInteger ? `truncated(${a})` : `f32(${a})`;
  }
  // Drivers take x + 0 for x, which −0 is not.
  if (!isInteger && (op === "add" || op === "sub")) {
    const isNeutral = node.args.map((arg, i) =>
      isZero(body[arg]!, op === "sub" && i === 1 ? -0 : 0),
    );
    const x = isNeutral[1] ? a : isNeutral[0] && op === "add" ? b : undefined;
    if (x !== undefined) return `select(${x}, 0.0f, ${x} == 0.0f)`;
  }
  // An ordered comparison of NaN is false, that of `!=` too on some drivers.
  if (op === "notEqual") return `select(1i, 0i, ${a} == ${b})`;
  if (isComparison(op)) return `select(0i, 1i, ${a} ${comparisons[op as ComparisonOp]} ${b})`;
  const name = op as keyof typeof floats;
  return ((isInteger && integers[name]) || floats[name])(a, b);
}

const isZero = (node: BodyNode, zero: number): boolean =>
  node.op === "constant" && Object.is(node.value, zero);
