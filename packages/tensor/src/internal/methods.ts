import type { NDArray } from "@tenon/contracts";
import { badArgument } from "@tenon/guards";
import type { Tensor } from "../tensor.js";
import { cast, detach } from "../ops/cast.js";
import * as e from "../ops/elementwise.js";
import { gather, takeAlong } from "../ops/gather.js";
import { matmul } from "../ops/matmul.js";
import * as m from "../ops/movement.js";
import * as r from "../ops/reduce.js";
import { show } from "../shapes.js";
import { topological } from "../topological.js";
import { evaluate } from "./evaluate.js";

const inspect: unique symbol = Symbol.for("nodejs.util.inspect.custom");

type Methods = Omit<Tensor, "shape" | "dtype" | "op" | "inputs" | "attrs"> & {
  toString(): string;
  [inspect](): string;
};

/** A tensor's elements, computed once; later graphs that contain it start from them. */
function computed(x: Tensor & { known?: NDArray }): NDArray {
  return (x.known ??= evaluate([x], cachedAmong([x]))[0]!);
}

/** The nodes below some tensors whose elements are computed already. */
function cachedAmong(outputs: readonly Tensor[]): Map<Tensor, NDArray> {
  const values = new Map<Tensor, NDArray>();
  topological(outputs, (node: Tensor & { known?: NDArray }) => {
    if (node.known) values.set(node, node.known);
    return node.known !== undefined;
  });
  return values;
}

/**
 * The methods of every tensor: each is the function of that name. What few networks need is a
 * function only, since a page carries all methods.
 */
// Made by a function call, which bundlers may remove; they keep an object with a computed key.
export const methods: Methods & ThisType<Tensor> = /* @__PURE__ */ ((): Methods &
  ThisType<Tensor> => ({
  // A copy: the caller may write into it, and later graphs start from the original.
  data() {
    return computed(this).data.slice() as Float32Array | Int32Array;
  },
  value() {
    return { shape: this.shape, dtype: this.dtype, data: this.data() };
  },
  item() {
    const { data } = computed(this);
    if (data.length !== 1)
      throw badArgument("item", "a tensor of one value", `shape ${show(this.shape)}`);
    return data[0]!;
  },
  // For console.log, which would print the inputs of the inputs too.
  [inspect]() {
    return this.toString();
  },
  toString() {
    return `Tensor(${this.dtype} ${show(this.shape)}, ${this.op.name})`;
  },

  add(b) {
    return e.add(this, b);
  },
  sub(b) {
    return e.sub(this, b);
  },
  mul(b) {
    return e.mul(this, b);
  },
  div(b) {
    return e.div(this, b);
  },
  pow(b) {
    return e.pow(this, b);
  },
  maximum(b) {
    return e.maximum(this, b);
  },
  minimum(b) {
    return e.minimum(this, b);
  },
  remainder(b) {
    return e.remainder(this, b);
  },
  equal(b) {
    return e.equal(this, b);
  },
  notEqual(b) {
    return e.notEqual(this, b);
  },
  less(b) {
    return e.less(this, b);
  },
  lessEqual(b) {
    return e.lessEqual(this, b);
  },
  greater(b) {
    return e.greater(this, b);
  },
  greaterEqual(b) {
    return e.greaterEqual(this, b);
  },
  where(condition, otherwise) {
    return e.where(condition, this, otherwise);
  },

  neg() {
    return e.neg(this);
  },
  abs() {
    return e.abs(this);
  },
  sign() {
    return e.sign(this);
  },
  square() {
    return e.square(this);
  },
  sqrt() {
    return e.sqrt(this);
  },
  reciprocal() {
    return e.reciprocal(this);
  },
  exp() {
    return e.exp(this);
  },
  expm1() {
    return e.expm1(this);
  },
  log() {
    return e.log(this);
  },
  log1p() {
    return e.log1p(this);
  },
  tanh() {
    return e.tanh(this);
  },
  sigmoid() {
    return e.sigmoid(this);
  },
  round() {
    return e.round(this);
  },
  relu() {
    return e.relu(this);
  },
  clamp(low, high) {
    return e.clamp(this, low, high);
  },
  cast(dtype) {
    return cast(this, dtype);
  },
  detach() {
    return detach(this);
  },

  sum(axes, keepDims) {
    return r.sum(this, axes, keepDims);
  },
  mean(axes, keepDims) {
    return r.mean(this, axes, keepDims);
  },
  max(axes, keepDims) {
    return r.max(this, axes, keepDims);
  },
  min(axes, keepDims) {
    return r.min(this, axes, keepDims);
  },
  softmax(axis) {
    return r.softmax(this, axis);
  },
  logSoftmax(axis) {
    return r.logSoftmax(this, axis);
  },

  matmul(b) {
    return matmul(this, b);
  },
  reshape(shape) {
    return m.reshape(this, shape);
  },
  transpose(order) {
    return m.transpose(this, order);
  },
  broadcastTo(shape) {
    return m.broadcastTo(this, shape);
  },
  expandDims(axis) {
    return m.expandDims(this, axis);
  },
  squeeze(axes) {
    return m.squeeze(this, axes);
  },
  gather(indices, axis, use) {
    return gather(this, indices, axis, use);
  },
  takeAlong(indices, axis, use) {
    return takeAlong(this, indices, axis, use);
  },
}))();
