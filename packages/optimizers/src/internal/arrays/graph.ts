import type { Arithmetic, Schedule, Shape } from "@tenon/contracts";
import { badArgument, sameShape } from "@tenon/guards";
import { mapPaths } from "../mapPaths.js";
import { binary, unary, type BinaryName, type UnaryName } from "./instructions.js";
import { broadcast } from "../shapes.js";
import {
  choices,
  equals,
  largest,
  powers,
  product,
  transposed,
  type Whole,
} from "./wholeArrays.js";

/** The operation that gives a node its value. Only scalars are constants or come from the clock. */
export type Op =
  | { readonly name: "constant"; readonly value: number }
  | { readonly name: "clock"; readonly schedule: Schedule | number }
  | { readonly name: "array"; readonly index: number }
  | { readonly name: UnaryName | BinaryName }
  /** Repeats its input along axes to the shape of the node. */
  | { readonly name: "expand" }
  /** `keptShape` is the shape with summed axes of size 1. */
  | { readonly name: "sum"; readonly keptShape: Shape }
  /** Computed by a function of whole arrays, into another. */
  | { readonly name: "whole"; readonly compute: Whole };

/**
 * A value of a traced step, not computed yet. Both inputs of a binary operation have its shape, or
 * one is a scalar (without axes); other shapes are repeated by an `expand` first.
 */
export interface Node extends Required<Omit<Arithmetic<Node>, "matMul">> {
  /** Its position in the graph, after those of its inputs. */
  readonly id: number;
  readonly op: Op;
  readonly inputs: readonly Node[];
}

/** A graph of nodes; equal nodes are one node. */
export interface Graph {
  readonly nodes: readonly Node[];
  constant(value: number): Node;
  clock(schedule: Schedule | number): Node;
  array(index: number, shape: Shape): Node;
}

/** An empty graph. */
export function graph(): Graph {
  const nodes: Node[] = [];
  const nodeOf = new Map<unknown, Node>();
  const methods: Omit<Node, "id" | "op" | "inputs" | "shape"> = {
    ...mapPaths(
      unary,
      (_, name) =>
        function (this: Node) {
          return add(`${name} ${this.id}`, { name }, [this], this.shape);
        },
    ),
    ...mapPaths(
      binary,
      (_, name) =>
        function (this: Node, other: Node | number) {
          const b = typeof other === "number" ? constant(other) : other;
          const shape = broadcast(name, this.shape, b.shape);
          const inputs = [expand(this, shape), expand(b, shape)] as const;
          return add(`${name} ${inputs[0].id} ${inputs[1].id}`, { name }, inputs, shape);
        },
    ),
    sum(this: Node, axes, keepDims = false) {
      const summed = axesOf(this.shape, axes);
      if (summed.size === 0) return this;
      const keptShape = this.shape.map((size, axis) => (summed.has(axis) ? 1 : size));
      const shape = keepDims ? keptShape : this.shape.filter((_, axis) => !summed.has(axis));
      const key = `sum ${this.id} ${keptShape.join()} ${shape.length}`;
      return add(key, { name: "sum", keptShape }, [this], shape);
    },
    max(this: Node, axes, keepDims = false) {
      const along = axesOf(this.shape, axes);
      const keptShape = this.shape.map((size, axis) => (along.has(axis) ? 1 : size));
      const shape = keepDims ? keptShape : this.shape.filter((_, axis) => !along.has(axis));
      const compute = largest(keptShape, this.shape);
      return whole(`max ${keptShape.join()} ${shape.length}`, compute, [this], shape);
    },
    pow(this: Node, exponent) {
      return whole(`pow ${exponent}`, powers(exponent), [this], this.shape);
    },
    equal(this: Node, b) {
      const other = typeof b === "number" ? constant(b) : b;
      const shape = broadcast("equal", this.shape, other.shape);
      return whole("equal", equals, [expand(this, shape), expand(other, shape)], shape);
    },
    where(this: Node, condition, otherwise) {
      const sides = broadcast("where", this.shape, otherwise.shape);
      const shape = broadcast("where", sides, condition.shape);
      const inputs = [this, condition, otherwise].map((input) => expand(input, shape));
      return whole("where", choices, inputs, shape);
    },
    transpose(this: Node) {
      const [rows = 1, columns = 1] = this.shape;
      return whole("transpose", transposed(rows, columns), [this], [columns, rows]);
    },
    matmul(this: Node, b) {
      const [rows = 1, inner = 1] = this.shape;
      const columns = b.shape[1] ?? 1;
      if (this.shape.length !== 2 || b.shape.length !== 2 || b.shape[0] !== inner)
        throw badArgument(
          "matmul",
          "two matrices that fit",
          `[${this.shape.join(", ")}] and [${b.shape.join(", ")}]`,
        );
      return whole("matmul", product(rows, inner, columns), [this, b], [rows, columns]);
    },
  };

  /** The node of this key, added to the graph if it is new. */
  function add(key: unknown, op: Op, inputs: readonly Node[], shape: Shape): Node {
    const previous = nodeOf.get(key);
    if (previous) return previous;
    const fields = { id: nodes.length, op, inputs, shape };
    const node = Object.assign(Object.create(methods) as object, fields) as Node;
    nodeOf.set(key, node);
    nodes.push(node);
    return node;
  }
  function whole(name: string, compute: Whole, inputs: readonly Node[], shape: Shape): Node {
    const key = `${name} ${inputs.map(({ id }) => id).join(" ")}`;
    return add(key, { name: "whole", compute }, inputs, shape);
  }
  function constant(value: number): Node {
    const key = `constant ${Object.is(value, -0) ? "-0" : value}`;
    return add(key, { name: "constant", value }, [], []);
  }
  function expand(x: Node, shape: Shape): Node {
    if (isScalar(x) || sameShape(x.shape, shape)) return x;
    return add(`expand ${x.id} ${shape.join()}`, { name: "expand" }, [x], shape);
  }

  return {
    nodes,
    constant,
    clock: (schedule) => add(schedule, { name: "clock", schedule }, [], []),
    array: (index, shape) => add(`array ${index}`, { name: "array", index }, [], shape),
  };
}

export const isScalar = ({ shape }: Node): boolean => shape.length === 0;

/** The axes to sum over, counted from 0; all if none are given. */
function axesOf(shape: Shape, axes: readonly number[] = shape.map((_, axis) => axis)): Set<number> {
  return new Set(
    axes.map((axis) => {
      const index = axis < 0 ? axis + shape.length : axis;
      if (!Number.isInteger(index) || index < 0 || index >= shape.length)
        throw badArgument("sum", `axes of the shape [${shape.join(", ")}]`, axis);
      return index;
    }),
  );
}
