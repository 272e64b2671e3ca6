import type { Loss } from "@tenon/contracts";
import {
  input,
  sameShape,
  sizeOf,
  topological,
  type ConcatAttrs,
  type PadAttrs,
  type Tensor,
} from "@tenon/tensor";
import { rowsOf } from "./rows.js";

/**
 * Of a batch's loss, a part that is put together with those of other batches as Σ total / Σ weight,
 * or as Σ total.
 */
export type Part = {
  readonly total: Tensor;
  readonly weight?: Tensor;
};

/**
 * A batch's loss, and how it is put together with those of other batches. A type, not an interface:
 * only so is it a `Tree`.
 */
export type LossParts = {
  readonly loss: Tensor;
  /** By index. None of a loss that is weighted by its examples. */
  readonly parts?: Readonly<Record<string, Part>>;
  /** The other part of the loss, which is weighted by examples. */
  readonly rest?: Tensor;
};

/**
 * A part of a loss, by how it grows with the batch: a sum over it, a mean over its examples, a
 * total over a weight, or unknown, which is weighted by examples.
 */
interface Term {
  readonly growth: "sum" | "mean" | "ratio" | "unknown";
  readonly total: Tensor;
  /** Of a ratio: what totals of several batches are divided by. */
  readonly weight?: Tensor;
  /** Of a ratio: what the loss of one batch is divided by. */
  readonly divisor?: Tensor;
  /** Whether the divisor is not the loss's own, but 1 where that is 0. */
  readonly isGuarded?: boolean;
}

/**
 * What a value is to the batch. `degree`: it grows with the size of the batch to that power, as 1/n
 * does to −1.
 * - constant: it does not depend on what is in the batch
 * - rows: a row for each example along an axis, which depends on that example alone
 * - terms: their sum; each has the value's shape. `guarded`: what it would be but for a guard
 *   against 0
 */
export type Kind =
  | { readonly is: "constant"; readonly degree: number }
  | { readonly is: "rows"; readonly axis: number; readonly degree: number }
  | { readonly is: "terms"; readonly terms: readonly Term[]; readonly guarded?: Term };

/**
 * A batch's loss as a sum of parts, each of which is put together with those of other batches in
 * its own way.
 *
 * A number such as 1/n in its record may be a constant or depend on the batch: the loss is recorded
 * once more for twice as many examples, and both records are walked side by side. `more` is added
 * to the loss, weighted by examples.
 */
export function partsOf(
  lossOf: Loss<Tensor>,
  predictions: Tensor,
  targets: Tensor,
  more: readonly Tensor[] = [],
): LossParts {
  const batchLoss = lossOf(predictions, targets);
  const withMore = (loss: Tensor): Tensor => sumOf([loss, ...more]);
  const terms = termsOf(lossOf, batchLoss, predictions, targets);
  const isPart = ({ growth }: Term): boolean => growth === "sum" || growth === "ratio";
  const parts = terms.filter(isPart);
  if (parts.length === 0) return { loss: withMore(batchLoss) };
  const rest = [...terms.filter((term) => !isPart(term)).map(({ total }) => total), ...more];
  // 0 / 0 where nothing in a batch counts would end the run: then it is 0.
  const loss = parts.some(({ isGuarded }) => isGuarded)
    ? sumOf(terms.map(({ total, divisor }) => (divisor ? total.div(divisor) : total)))
    : batchLoss;
  return {
    loss: withMore(loss.reshape([])),
    parts: Object.fromEntries(
      parts.map(({ total, weight }, i) => [`${i}`, { total, ...(weight && { weight }) }]),
    ),
    ...(rest.length > 0 && { rest: sumOf(rest) }),
  };
}

const sumOf = (list: readonly Tensor[]): Tensor => list.reduce((sum, value) => sum.add(value));

function termsOf(
  lossOf: Loss<Tensor>,
  batchLoss: Tensor,
  predictions: Tensor,
  targets: Tensor,
): readonly Term[] {
  if (batchLoss.shape.length > 0) return [];
  const doubled = (name: string, { shape: [n = 0, ...rest], dtype }: Tensor): Tensor =>
    input(name, { shape: [2 * n, ...rest], dtype });
  const [p, t] = [doubled("predictions", predictions), doubled("targets", targets)];
  let twice: Tensor;
  try {
    twice = lossOf(p, t);
  } catch {
    return []; // a loss for batches of one size
  }
  const kind = kindOf(
    batchLoss,
    twice,
    new Map([
      [predictions, p],
      [targets, t],
    ]),
    targets.shape[0] ?? 1,
  );
  return kind.is === "terms" ? kind.terms : [];
}

const isReshaped = ({ op: { name } }: Tensor): boolean =>
  name === "reshape" || name === "broadcastTo";

/**
 * The node of the second graph that corresponds to `a`: `b`, or an input of it, since a graph in
 * which sizes are 1 may lack a change of shape.
 */
function against(a: Tensor, b: Tensor): Tensor {
  let other = b;
  while (isReshaped(other) && other.op.name !== a.op.name) other = other.inputs[0]!;
  return other;
}

/**
 * What a value is, from its graph for a batch and for one twice as large. Iterative: graphs may be
 * deep.
 */
function kindOf(value: Tensor, twice: Tensor, fed: ReadonlyMap<Tensor, Tensor>, n: number): Kind {
  const moving = movingIn(value, fed);
  const found = new Map<Tensor, { readonly other: Tensor; readonly kind: Kind }>();
  const isAlike = (a: Tensor, b: Tensor): boolean =>
    a.op.name === b.op.name && a.dtype === b.dtype && a.inputs.length === b.inputs.length;
  const pair = (a: Tensor, b: Tensor): { a: Tensor; b: Tensor; ready: boolean } => ({
    a,
    b: against(a, b),
    ready: false,
  });
  const stack = [pair(value, twice)];
  while (stack.length > 0) {
    const top = stack[stack.length - 1]!;
    const { a, b } = top;
    if (found.has(a)) {
      stack.pop();
      continue;
    }
    const isLeaf = !moving.has(a) || fed.has(a) || a.aggregate !== undefined || !isAlike(a, b);
    if (!isLeaf && !top.ready) {
      top.ready = true;
      a.inputs.forEach((x, i) => stack.push(pair(x, b.inputs[i]!)));
      continue;
    }
    stack.pop();
    const kind = isLeaf
      ? leafKind(a, b, moving, fed)
      : a.inputs.every((x, i) => found.get(x)!.other === against(x, b.inputs[i]!))
        ? combined(
            a,
            b,
            a.inputs.map((x) => found.get(x)!.kind),
            n,
          )
        : undefined;
    found.set(a, { other: b, kind: kind ?? unknown(a) });
  }
  return found.get(value)!.kind;
}

const unknown = (total: Tensor): Kind => ({
  is: "terms",
  terms: [{ growth: "unknown", total }],
});

/** The nodes of a graph that depend on what is fed, or on other placeholders. */
function movingIn(value: Tensor, fed: ReadonlyMap<Tensor, Tensor>): Set<Tensor> {
  const moving = new Set<Tensor>(fed.keys());
  for (const x of topological([value], (node) => fed.has(node)))
    if (x.op.name === "input" || x.inputs.some((input) => moving.has(input))) moving.add(x);
  return moving;
}

function leafKind(
  a: Tensor,
  b: Tensor,
  moving: ReadonlySet<Tensor>,
  fed: ReadonlyMap<Tensor, Tensor>,
): Kind | undefined {
  if (fed.has(a))
    return fed.get(a) === b && a.shape.length > 0 ? { is: "rows", axis: 0, degree: 0 } : undefined;
  if (!moving.has(a)) return constantKind(a, b);
  if (!a.aggregate || !b.aggregate) return undefined;
  const { total, weight } = a.aggregate;
  return {
    is: "terms",
    terms: [
      weight ? { growth: "ratio", total, weight, divisor: a.inputs[1]! } : { growth: "sum", total },
    ],
  };
}

/** Values that are the same in both graphs, or twice as large or half as large in the second. */
function constantKind(a: Tensor, b: Tensor): Kind | undefined {
  if (isReshaped(a) && isReshaped(b))
    return constantKind(a.inputs[0]!, against(a.inputs[0]!, b.inputs[0]!));
  if (!sameShape(a.shape, b.shape)) return undefined;
  const x = a.data();
  const y = b.data();
  const degree = [0, 1, -1].find((power) =>
    x.every((value, i) => Object.is(y[i], value * 2 ** power)),
  );
  return degree === undefined ? undefined : { is: "constant", degree };
}

/** The same operation on other tensors of the same shapes. */
const again = (x: Tensor, inputs: readonly Tensor[]): Tensor => {
  const { op, shape, dtype, attrs } = x;
  const copy: object = Object.create(Object.getPrototypeOf(x) as object);
  return Object.assign(copy, { op, inputs, shape, dtype, attrs }) as Tensor;
};

/** Operations whose output is linear in their input. */
const linear: ReadonlySet<string> = /* @__PURE__ */ new Set(
  /* @__PURE__ */ "neg cast detach reshape transpose broadcastTo slice pad sum".split(" "),
);

/** What an operation makes of such values; nothing if that is not understood. */
function combined(a: Tensor, b: Tensor, kinds: readonly Kind[], n: number): Kind | undefined {
  const {
    op: { name },
    inputs,
  } = a;
  const [first, second] = kinds;
  if (kinds.every((kind) => kind.is !== "terms")) return rowsOf(a, b, kinds);
  if (kinds.length === 1 && linear.has(name)) {
    if (name === "cast" && a.dtype === "int32") return undefined;
    if (name === "pad" && (a.attrs as PadAttrs).value !== 0) return undefined;
    const applied = (term: Term): Term => ({ ...term, total: again(a, [term.total]) });
    return first!.is === "terms"
      ? terms(first!.terms.map(applied), first!.guarded && applied(first!.guarded))
      : undefined;
  }
  if (kinds.some((kind) => kind.is === "rows")) return undefined;
  const lists = kinds.map((kind, i) => termsIn(kind, inputs[i]!));
  const guarded = guardedIn(name, kinds, inputs);
  if (name === "maximum")
    return guarded && { is: "terms", terms: [{ growth: "unknown", total: a }], guarded };
  if (name === "add" || name === "sub")
    return terms(
      [
        ...lists[0]!,
        ...lists[1]!.map((term) => (name === "sub" ? { ...term, total: term.total.neg() } : term)),
      ],
      guarded,
    );
  if (name === "concat") {
    const { axis } = a.attrs as ConcatAttrs;
    let before = 0;
    return terms(
      lists.flatMap((list, i) => {
        const { shape } = inputs[i]!;
        const start = before;
        before += shape[axis]!;
        const widths = shape.map((_, k) =>
          k === axis ? ([start, a.shape[k]! - before] as const) : ([0, 0] as const),
        );
        return list.map((term) => ({ ...term, total: term.total.pad(widths) }));
      }),
    );
  }
  if (name === "mul" && first!.is === "constant")
    return scaled(lists[1]!, first!.degree, (total) => again(a, [inputs[0]!, total]));
  if ((name === "mul" || name === "div") && second!.is === "constant")
    return scaled(lists[0]!, name === "mul" ? second!.degree : -second!.degree, (total) =>
      again(a, [total, inputs[1]!]),
    );
  return name === "div" ? quotient(a, first!, second!, n) : undefined;
}

/** A value as terms: a constant is the mean over examples of itself. */
function termsIn(kind: Kind, x: Tensor): readonly Term[] {
  if (kind.is === "terms") return kind.terms;
  const isConstant = kind.is === "constant";
  const growth =
    isConstant && kind.degree === 0 ? "mean" : isConstant && kind.degree === 1 ? "sum" : "unknown";
  return [{ growth, total: x }];
}

/** Adds up terms that are aggregated alike. */
function terms(list: readonly Term[], guarded?: Term): Kind {
  const sums = new Map<unknown, Term>();
  for (const term of list) {
    const key = term.weight ?? term.growth;
    const sum = sums.get(key);
    sums.set(key, sum ? { ...sum, total: sum.total.add(term.total) } : term);
  }
  return { is: "terms", terms: [...sums.values()], ...(guarded && { guarded }) };
}

/** Terms times what grows with the batch to some power: a sum times 1/n is a mean. */
function scaled(
  list: readonly Term[],
  degree: number,
  times: (total: Tensor) => Tensor,
): Kind | undefined {
  const scaledGrowth = (growth: Term["growth"]): Term["growth"] | undefined =>
    degree === 0
      ? growth
      : degree === -1 && growth === "sum"
        ? "mean"
        : degree === 1 && growth === "mean"
          ? "sum"
          : undefined;
  const products = list.map((term) => ({
    ...term,
    growth: scaledGrowth(term.growth),
    total: times(term.total),
  }));
  return products.every((term): term is Term => term.growth !== undefined)
    ? terms(products)
    : undefined;
}

/** What is too small to be more than a guard against 0 / 0. */
const tiny = 1e-4;

/** Of max(sum, constant), or a sum and a tiny constant, the sum. */
function guardedIn(
  name: string,
  kinds: readonly Kind[],
  inputs: readonly Tensor[],
): Term | undefined {
  if (name !== "maximum" && name !== "add") return undefined;
  const index = kinds.findIndex((kind) => kind.is === "constant" && kind.degree === 0);
  const kind = kinds[1 - index];
  if (index < 0 || kind?.is !== "terms" || kind.terms.length !== 1) return undefined;
  return name === "maximum" || inputs[index]!.data().every((x) => Math.abs(x) <= tiny)
    ? kind.terms[0]
    : undefined;
}

/** A sum over a sum, or a mean over a mean, is a total over a weight. */
function quotient(a: Tensor, above: Kind, below: Kind, n: number): Kind | undefined {
  if (above.is !== "terms" || below.is !== "terms" || sizeOf(a.shape) !== 1) return undefined;
  const { guarded } = below;
  const belowTerms = guarded ? [guarded] : below.terms;
  if (above.terms.length > 1 || belowTerms.length > 1) return undefined;
  const { growth, total: dividend } = above.terms[0]!;
  const { growth: belowGrowth, total: sum } = belowTerms[0]!;
  if (growth !== belowGrowth || (growth !== "sum" && growth !== "mean")) return undefined;
  const sumOver = (x: Tensor): Tensor => (growth === "mean" ? x.mul(n) : x);
  const total = sumOver(dividend);
  const weight = sumOver(sum).reshape([]);
  const divided = sumOver(a.inputs[1]!);
  // Something over nothing stays infinite.
  const divisor = guarded ? divided : divided.add(divided.equal(0).mul(total.equal(0)));
  return {
    is: "terms",
    terms: [{ growth: "ratio", total, weight, divisor: divisor.reshape([]), isGuarded: !guarded }],
  };
}
