import { isScalar, type Node } from "./graph.js";
import {
  ofScalar,
  withScalar,
  type BinaryName,
  type InstructionName,
  type UnaryName,
} from "./instructions.js";

/** The instruction that computes a node, with other nodes that it computes on the way. */
export interface Match {
  readonly name: InstructionName;
  readonly operands: readonly Node[];
  /** Nodes, and the constants 0 (as a summand) and 1 (as a factor). */
  readonly scalars: readonly (Node | number)[];
  readonly fused: readonly Node[];
}

/** Whether a node is used once, so that it may be fused into the instruction of its only user. */
type UsedOnce = (node: Node) => boolean;

/** The instruction that computes the most of a node and its inputs. */
export function match(node: Node, usedOnce: UsedOnce): Match {
  const [a, b] = node.inputs;
  if (!b) return { name: node.op.name as UnaryName, operands: [a!], scalars: [], fused: [] };
  const name = node.op.name as BinaryName;
  return (
    (name === "add" ? matchSum(a!, b, usedOnce) : undefined) ??
    matchDivBySqrt(node, usedOnce) ??
    matchBinary(name, a!, b)
  );
}

function matchBinary(name: BinaryName, a: Node, b: Node): Match {
  if (isScalar(b)) return { name: withScalar(name), operands: [a], scalars: [b], fused: [] };
  if (isScalar(a)) return { name: ofScalar(name), operands: [b], scalars: [a], fused: [] };
  return { name, operands: [a, b], scalars: [], fused: [] };
}

/** a + b as one of the fused sums, if a term is a product or a quotient that is used once. */
function matchSum(a: Node, b: Node, usedOnce: UsedOnce): Match | undefined {
  if (isScalar(a) || isScalar(b) || a === b) return undefined;
  for (const [term, other] of [
    [b, a],
    [a, b],
  ] as const) {
    const ratio = divBySqrt(term, usedOnce);
    if (ratio)
      return {
        name: "addDivBySqrt",
        operands: [ratio.x, ratio.y, other],
        scalars: ratio.scalars,
        fused: ratio.nodes,
      };
  }
  const left = scaled(a, usedOnce);
  const right = scaled(b, usedOnce);
  if (left && right) return matchScaledSum(left, right, usedOnce);
  const term = right ?? left;
  if (!term) return undefined;
  const other = right ? a : b;
  return { name: "addScaled", operands: [other, term.x], scalars: [term.k], fused: [term.product] };
}

function matchScaledSum(left: Scaled, right: Scaled, usedOnce: UsedOnce): Match {
  const isSquare = ({ x }: Scaled): boolean => x.op.name === "square" && usedOnce(x);
  const [plain, squared] = isSquare(right) ? [left, right] : [right, left];
  const fused = [left.product, right.product];
  if (!isSquare(squared))
    return {
      name: "scaledSum",
      operands: [left.x, right.x],
      scalars: [left.k, right.k],
      fused,
    };
  return {
    name: "scaledSquareSum",
    operands: [plain.x, squared.x.inputs[0]!],
    scalars: [plain.k, squared.k],
    fused: [...fused, squared.x],
  };
}

function matchDivBySqrt(node: Node, usedOnce: UsedOnce): Match | undefined {
  const ratio = divBySqrt(node, (part) => part === node || usedOnce(part));
  if (!ratio) return undefined;
  const { x, y, scalars, nodes } = ratio;
  const fused = nodes.filter((part) => part !== node);
  return { name: "divBySqrt", operands: [x, y], scalars, fused };
}

/** product = x·k, with a scalar k. */
interface Scaled {
  readonly product: Node;
  readonly x: Node;
  readonly k: Node;
}

/** A node as x·k, if it is such a product and used once. */
function scaled(product: Node, usedOnce: UsedOnce): Scaled | undefined {
  const [a, b] = product.inputs;
  if (product.op.name !== "mul" || !usedOnce(product)) return undefined;
  if (isScalar(b!)) return { product, x: a!, k: b! };
  return isScalar(a!) ? { product, x: b!, k: a! } : undefined;
}

/** A node as x + p, with a scalar p, if it is such a sum and used once. */
function shifted(sum: Node, usedOnce: UsedOnce): { x: Node; p: Node } | undefined {
  const [x, p] = sum.inputs;
  if (sum.op.name !== "add" || !usedOnce(sum) || !isScalar(p!)) return undefined;
  return { x: x!, p: p! };
}

/** x·k / (√(y·l + p) + q)·r, and the nodes that it consists of. */
interface DivBySqrt {
  readonly x: Node;
  readonly y: Node;
  readonly scalars: Match["scalars"];
  readonly nodes: readonly Node[];
}

/**
 * A node as x·k / (√(y·l + p) + q)·r, where any scalar may be missing, if its parts are used once.
 */
function divBySqrt(node: Node, usedOnce: UsedOnce): DivBySqrt | undefined {
  const outer = scaled(node, usedOnce);
  const quotient = outer?.x ?? node;
  const [numerator, denominator] = quotient.inputs;
  if (quotient.op.name !== "div" || !usedOnce(quotient)) return undefined;
  if (isScalar(numerator!) || isScalar(denominator!)) return undefined;
  const outside = shifted(denominator!, usedOnce);
  const root = outside?.x ?? denominator!;
  if (root.op.name !== "sqrt" || !usedOnce(root)) return undefined;
  const radicand = root.inputs[0]!;
  const inside = shifted(radicand, usedOnce);
  const product = inside?.x ?? radicand;
  const y = scaled(product, usedOnce);
  const x = scaled(numerator!, usedOnce);
  return {
    x: x?.x ?? numerator!,
    y: y?.x ?? product,
    scalars: [x?.k ?? 1, y?.k ?? 1, inside?.p ?? 0, outside?.p ?? 0, outer?.k ?? 1],
    nodes: [
      node,
      quotient,
      root,
      ...(outside ? [denominator!] : []),
      ...(inside ? [radicand] : []),
      ...(y ? [product] : []),
      ...(x ? [numerator!] : []),
    ],
  };
}
