import { badArgument, shown } from "@tenon/guards";
import { checkTensor } from "../internal/guards.js";
import { show, sizeOf } from "../shapes.js";
import type { Tensor } from "../tensor.js";
import { diagonal } from "./rearrange.js";

/** A tensor with a label for each axis. */
interface Labelled {
  readonly labels: readonly string[];
  readonly x: Tensor;
}

/**
 * Einstein's sum: `einsum("bij,bjk->bik", a, b)` multiplies where labels are equal and sums over
 * those that the output does not name.
 *
 * A label is a letter; twice in one operand it means the diagonal. `...` are axes that broadcast.
 * Without `->` the output has the labels that occur once, in alphabetical order. Operands are
 * contracted from left to right, each pair by one matrix product. NumPy's, PyTorch's and jax'
 * `einsum`.
 *
 * @throws RangeError if the equation does not fit the operands
 */
export function einsum(equation: string, ...operands: readonly Tensor[]): Tensor {
  if (typeof equation !== "string")
    throw badArgument("einsum", 'an equation such as "ij,jk->ik"', shown(equation));
  operands.forEach((x) => checkTensor("einsum", x));
  const [left, right] = equation.replace(/\s/g, "").split("->") as [string, string | undefined];
  const terms = left.split(",");
  const isTerm = (term: string): boolean => /^[a-zA-Z]*(\.\.\.)?[a-zA-Z]*$/.test(term);
  if (![...terms, right ?? ""].every(isTerm) || equation.split("->").length > 2)
    throw badArgument("einsum", 'an equation such as "ij,jk->ik"', shown(equation));
  if (terms.length !== operands.length)
    throw badArgument(
      "einsum",
      `as many tensors as "${equation}" has terms, ${terms.length}`,
      operands.length,
    );
  const named = terms.map((term, i) => ({ labels: labelsOf(term, operands[i]!), x: operands[i]! }));
  const output = outputLabels(right, named, equation);
  const sizes = sizesOf(named, equation);
  const diagonals = named.map((operand) => withoutRepeats(broadcast(operand, sizes)));
  const result = diagonals
    .slice(1)
    .reduce(
      (product, operand, i) =>
        contract(
          product,
          operand,
          new Set([...output, ...diagonals.slice(i + 2).flatMap(({ labels }) => labels)]),
        ),
      diagonals[0]!,
    );
  return arranged(summed(result, new Set(output)), output);
}

/** A label for each axis; those of `...` are numbered from the last, so that they align. */
function labelsOf(term: string, { shape }: Tensor): string[] {
  const letters = term.replace("...", "").length;
  const extra = shape.length - letters;
  if (extra < 0 || (extra > 0 && !term.includes("...")))
    throw badArgument("einsum", `"${term}" to name each axis`, show(shape));
  const [before, after = ""] = term.split("...") as [string, string?];
  const between = term.includes("...")
    ? Array.from({ length: extra }, (_, i) => `.${extra - 1 - i}`)
    : [];
  return [...before, ...between, ...after];
}

function outputLabels(
  right: string | undefined,
  named: readonly Labelled[],
  equation: string,
): string[] {
  const all = named.flatMap(({ labels }) => labels);
  const dots = [...new Set(all.filter((label) => label.startsWith(".")))].sort().reverse();
  const once = all.filter((label) => !label.startsWith(".") && count(all, label) === 1);
  if (right === undefined) return [...dots, ...once.sort()];
  const [before, after = ""] = right.split("...") as [string, string?];
  const output = [...before, ...(right.includes("...") ? dots : []), ...after];
  const strange = output.find((label) => count(output, label) > 1 || !all.includes(label));
  if (strange !== undefined)
    throw badArgument(
      "einsum",
      "an output whose labels are those of the operands, each once",
      `"${strange}" in "${equation}"`,
    );
  return output;
}

const count = (labels: readonly string[], label: string): number =>
  labels.filter((other) => other === label).length;

function sizesOf(named: readonly Labelled[], equation: string): Map<string, number> {
  const sizes = new Map<string, number>();
  for (const { labels, x } of named)
    labels.forEach((label, axis) => {
      const size = x.shape[axis]!;
      const before = sizes.get(label) ?? 1;
      if (size !== 1 && before !== 1 && size !== before)
        throw badArgument(
          "einsum",
          `one size for "${label}" in "${equation}"`,
          `${before} and ${size}`,
        );
      sizes.set(label, size === 1 ? before : size);
    });
  return sizes;
}

function broadcast({ labels, x }: Labelled, sizes: ReadonlyMap<string, number>): Labelled {
  return { labels, x: x.broadcastTo(labels.map((label) => sizes.get(label)!)) };
}

/** The diagonal of axes with the same label. */
function withoutRepeats({ labels, x }: Labelled): Labelled {
  const second = labels.findIndex((label, i) => labels.indexOf(label) < i);
  if (second < 0) return { labels, x };
  const first = labels.indexOf(labels[second]!);
  const others = labels.map((_, i) => i).filter((i) => i !== first && i !== second);
  return withoutRepeats({
    labels: [...others.map((i) => labels[i]!), labels[first]!],
    x: diagonal(x.transpose([...others, first, second])),
  });
}

/** Summed over the labels that are not kept. */
function summed({ labels, x }: Labelled, kept: ReadonlySet<string>): Labelled {
  const axes = labels.flatMap((label, i) => (kept.has(label) ? [] : [i]));
  return {
    labels: labels.filter((label) => kept.has(label)),
    x: axes.length > 0 ? x.sum(axes) : x,
  };
}

function arranged({ labels, x }: Labelled, order: readonly string[]): Tensor {
  return x.transpose(order.map((label) => labels.indexOf(label)));
}

/** The product of two operands, summed over the labels that are not kept. */
function contract(left: Labelled, right: Labelled, kept: ReadonlySet<string>): Labelled {
  const a = summed(left, new Set([...kept, ...right.labels]));
  const b = summed(right, new Set([...kept, ...left.labels]));
  const both = a.labels.filter((label) => b.labels.includes(label));
  const batch = both.filter((label) => kept.has(label));
  const inner = both.filter((label) => !kept.has(label));
  const rows = a.labels.filter((label) => !both.includes(label));
  const columns = b.labels.filter((label) => !both.includes(label));
  const sizesIn = ({ labels, x }: Labelled, some: readonly string[]): number[] =>
    some.map((label) => x.shape[labels.indexOf(label)]!);
  const matrix = (operand: Labelled, first: string[], second: string[]): Tensor =>
    arranged(operand, [...batch, ...first, ...second]).reshape([
      ...sizesIn(operand, batch),
      sizeOf(sizesIn(operand, first)),
      sizeOf(sizesIn(operand, second)),
    ]);
  const x = matrix(a, rows, inner);
  const y = matrix(b, inner, columns);
  return {
    labels: [...batch, ...rows, ...columns],
    x: (inner.length > 0 ? x.matmul(y) : x.mul(y)).reshape([
      ...sizesIn(a, batch),
      ...sizesIn(a, rows),
      ...sizesIn(b, columns),
    ]),
  };
}
