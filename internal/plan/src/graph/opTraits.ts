/**
 * Operations that only change the shape of values: they cost nothing, readers use other strides.
 */
const views = new Set(["reshape", "broadcastTo", "transpose", "slice"]);

// The elementwise operations that a loop computes, each with the cost of one element, in additions,
// roughly.

const unary = {
  cast: 1,
  neg: 1,
  abs: 1,
  sign: 2,
  square: 1,
  relu: 1,
  floor: 1,
  ceil: 1,
  round: 1,
  reciprocal: 4,
  sqrt: 5,
  exp: 12,
  expm1: 15,
  log: 15,
  log1p: 18,
  log2: 15,
  sin: 15,
  cos: 15,
  tanh: 15,
  sigmoid: 15,
  erf: 20,
  erfc: 30,
  normalCdf: 30,
};
const comparisons = {
  equal: 1,
  notEqual: 1,
  less: 1,
  lessEqual: 1,
  greater: 1,
  greaterEqual: 1,
};
const arithmetic = {
  add: 1,
  sub: 1,
  mul: 1,
  maximum: 1,
  minimum: 1,
  div: 4,
  remainder: 8,
  pow: 30,
};

export type UnaryOp = keyof typeof unary;
export type ComparisonOp = keyof typeof comparisons;
export type BinaryOp = keyof typeof arithmetic | ComparisonOp;

const costs: Readonly<Record<string, number>> = {
  copy: 0,
  where: 1,
  ...unary,
  ...arithmetic,
  ...comparisons,
};

const leaves = new Set(["input", "constant", "schedule", "fill", "guard", "given"]);
/** Operations that make one result of all elements along some axes. */
export const reductions: readonly string[] = ["sum", "max", "min", "prod"];

export const isView = (op: string): boolean => views.has(op);
export const isElementwise = (op: string): boolean => Object.hasOwn(costs, op);
export const isComparison = (op: string): boolean => Object.hasOwn(comparisons, op);
export const isReduction = (op: string): boolean => reductions.includes(op);
/** Values that exist before the step runs, or need not be stored at all. */
export const isLeaf = (op: string): boolean => leaves.has(op);
export const costOf = (op: string): number => costs[op] ?? 0;
