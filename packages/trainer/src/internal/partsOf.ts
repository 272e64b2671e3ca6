import { sizeOf, type Aggregate, type Tensor } from "@tenon/tensor";

/**
 * A batch's loss, and how it is put together with those of other batches. A type, not an interface:
 * only so is it a `Tree`.
 */
export type LossParts = {
  readonly loss: Tensor;
  /** By index: each is Σ total / Σ weight over batches, or Σ total. None of a plain mean. */
  readonly parts?: Readonly<Record<string, { readonly total: Tensor; readonly weight?: Tensor }>>;
  /** What is weighted by examples in addition to these. */
  readonly rest?: Tensor;
};

/**
 * A batch's loss with its parts: what losses that were added up declare by `average` and `total`.
 *
 * @param more added to the loss, weighted by examples
 */
export function partsOf(batchLoss: Tensor, more: readonly Tensor[]): LossParts {
  const loss = sumOf([batchLoss, ...more]);
  const terms = termsOf(batchLoss);
  const parts = terms.filter(isDeclared);
  if (parts.length === 0) return { loss };
  const rest = [...terms.filter((term) => !isDeclared(term)), ...more] as readonly Tensor[];
  return {
    loss,
    parts: Object.fromEntries(parts.entries()),
    ...(rest.length > 0 && { rest: sumOf(rest) }),
  };
}

const sumOf = (list: readonly Tensor[]): Tensor => list.reduce((sum, value) => sum.add(value));

const isDeclared = (term: Aggregate | Tensor): term is Aggregate => "total" in term;

/** The terms of a sum, of which some declare how they are put together. */
function termsOf(loss: Tensor): readonly (Aggregate | Tensor)[] {
  const {
    aggregate,
    op: { name },
    inputs: [a, b],
    shape,
  } = loss;
  const each = (x: Tensor, f: (total: Tensor) => Tensor): readonly (Aggregate | Tensor)[] =>
    termsOf(x).map((term) => (isDeclared(term) ? { ...term, total: f(term.total) } : f(term)));
  if (aggregate) return [aggregate];
  if (name === "add") return [...termsOf(a!), ...termsOf(b!)];
  if (name === "sub") return [...termsOf(a!), ...each(b!, (x) => x.neg())];
  if (name === "neg") return each(a!, (x) => x.neg());
  if (name === "mul" && isFixed(a!)) return each(b!, (x) => a!.mul(x));
  if ((name === "mul" || name === "div") && isFixed(b!)) return each(a!, (x) => x[name](b!));
  // The same number in another shape.
  if ((name === "sum" || name === "reshape") && sizeOf(a!.shape) === 1)
    return each(a!, (x) => x.reshape([...shape]));
  return [loss];
}

/** Whether the value is the same in all batches: of constants alone. */
function isFixed({ op, inputs }: Tensor, seen = new Set<Tensor>()): boolean {
  const isNew = (input: Tensor): boolean => !seen.has(input) && !!seen.add(input);
  return (
    op.name === "constant" ||
    (inputs.length > 0 && inputs.filter(isNew).every((input) => isFixed(input, seen)))
  );
}
