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
  /** By number. None of a loss that is weighted by its examples. */
  readonly parts?: Readonly<Record<string, Part>>;
  /** What is weighted by its examples beside them. */
  readonly rest?: Tensor;
};

/**
 * How a part of a loss grows with the batch: a sum over it, a mean over its examples, what is not
 * understood (weighted by examples), or a total over a weight, which the loss of one batch is
 * divided `by`.
 */
type Weight =
  | "sum"
  | "mean"
  | "unknown"
  | { readonly weight: Tensor; readonly by: Tensor; readonly mended: boolean };
interface Term {
  readonly total: Tensor;
  readonly of: Weight;
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
  const own = lossOf(predictions, targets);
  const added = (loss: Tensor): Tensor => more.reduce((sum, value) => sum.add(value), loss);
  const terms = termsOf(lossOf, own, predictions, targets);
  const special = terms.filter(({ of }) => of !== "mean" && of !== "unknown");
  if (special.length === 0) return { loss: added(own) };
  const rest = [
    ...terms.filter((term) => !special.includes(term)).map(({ total }) => total),
    ...more,
  ];
  // 0 / 0 where nothing in a batch counts would end the run: then it is 0.
  const mended = special.some(({ of }) => typeof of === "object" && of.mended);
  const loss = mended
    ? terms
        .map(({ total, of }) => (typeof of === "object" ? total.div(of.by) : total))
        .reduce((sum, value) => sum.add(value))
    : own;
  return {
    loss: added(loss.reshape([])),
    parts: Object.fromEntries(
      special.map(({ total, of }, i) => [
        `${i}`,
        { total, ...(typeof of === "object" && { weight: of.weight }) },
      ]),
    ),
    ...(rest.length > 0 && { rest: rest.reduce((sum, value) => sum.add(value)) }),
  };
}

function termsOf(
  lossOf: Loss<Tensor>,
  own: Tensor,
  predictions: Tensor,
  targets: Tensor,
): readonly Term[] {
  if (own.shape.length > 0) return [];
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
    own,
    twice,
    new Map([
      [predictions, p],
      [targets, t],
    ]),
    targets.shape[0] ?? 1,
  );
  return kind.is === "terms" ? kind.terms : [];
}

/**
 * The record that `a` was made with is to be compared with: where sizes are 1, it may lack a change
 * of shape that `b` has.
 */
function against(a: Tensor, b: Tensor): Tensor {
  let other = b;
  while (
    (other.op.name === "reshape" || other.op.name === "broadcastTo") &&
    other.op.name !== a.op.name
  )
    other = other.inputs[0]!;
  return other;
}

/**
 * What a value is, from its record for a batch and for one twice as large. Iterative: records may
 * be deep.
 */
function kindOf(own: Tensor, twice: Tensor, fed: ReadonlyMap<Tensor, Tensor>, n: number): Kind {
  const moving = movingIn(own, fed);
  const found = new Map<Tensor, { readonly other: Tensor; readonly kind: Kind }>();
  const isAlike = (a: Tensor, b: Tensor): boolean =>
    a.op.name === b.op.name && a.dtype === b.dtype && a.inputs.length === b.inputs.length;
  const pair = (a: Tensor, b: Tensor): { a: Tensor; b: Tensor; ready: boolean } => ({
    a,
    b: against(a, b),
    ready: false,
  });
  const stack = [pair(own, twice)];
  while (stack.length > 0) {
    const at = stack[stack.length - 1]!;
    const { a, b } = at;
    if (found.has(a)) {
      stack.pop();
      continue;
    }
    const isLeaf = !moving.has(a) || fed.has(a) || a.aggregate !== undefined || !isAlike(a, b);
    if (!isLeaf && !at.ready) {
      at.ready = true;
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
  return found.get(own)!.kind;
}

const unknown = (x: Tensor): Kind => ({ is: "terms", terms: [{ total: x, of: "unknown" }] });

/** What of a record depends on what is fed, or on other placeholders. */
function movingIn(own: Tensor, fed: ReadonlyMap<Tensor, Tensor>): Set<Tensor> {
  const moving = new Set<Tensor>(fed.keys());
  for (const x of topological([own], (node) => fed.has(node)))
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
    terms: [{ total, of: weight ? { weight, by: a.inputs[1]!, mended: false } : "sum" }],
  };
}

/** Numbers that are the same in both records, or twice as large or half as large in the second. */
function constantKind(a: Tensor, b: Tensor): Kind | undefined {
  const isChange = ({ op: { name } }: Tensor): boolean =>
    name === "broadcastTo" || name === "reshape";
  if (isChange(a) && isChange(b))
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
  return Object.assign(Object.create(Object.getPrototypeOf(x) as object) as object, {
    op,
    inputs,
    shape,
    dtype,
    attrs,
  }) as Tensor;
};

const linear: ReadonlySet<string> = /* @__PURE__ */ new Set([
  "neg",
  "cast",
  "detach",
  "reshape",
  "transpose",
  "broadcastTo",
  "slice",
  "pad",
  "sum",
]);

/** What an operation makes of such values; nothing if that is not understood. */
function combined(a: Tensor, b: Tensor, kinds: readonly Kind[], n: number): Kind | undefined {
  const {
    op: { name },
    inputs,
  } = a;
  const [one, two] = kinds;
  if (kinds.every((kind) => kind.is !== "terms")) return rowsOf(a, b, kinds);
  if (kinds.length === 1 && linear.has(name)) {
    if (name === "cast" && a.dtype === "int32") return undefined;
    if (name === "pad" && (a.attrs as PadAttrs).value !== 0) return undefined;
    const applied = ({ total, of }: Term): Term => ({ total: again(a, [total]), of });
    return one!.is === "terms"
      ? terms(one!.terms.map(applied), one!.guarded && applied(one!.guarded))
      : undefined;
  }
  if (kinds.some((kind) => kind.is === "rows")) return undefined;
  const lists = kinds.map((kind, i) => termsIn(kind, inputs[i]!));
  const guarded = guardedIn(name, kinds, inputs);
  if (name === "maximum")
    return guarded && { is: "terms", terms: [{ total: a, of: "unknown" }], guarded };
  if (name === "add" || name === "sub")
    return terms(
      [
        ...lists[0]!,
        ...lists[1]!.map(({ total, of }) => ({ total: name === "sub" ? total.neg() : total, of })),
      ],
      guarded,
    );
  if (name === "concat") {
    const { axis } = a.attrs as ConcatAttrs;
    let before = 0;
    return terms(
      lists.flatMap((list, i) => {
        const { shape } = inputs[i]!;
        const from = before;
        before += shape[axis]!;
        const widths = shape.map((n, k) =>
          k === axis ? ([from, a.shape[k]! - from - n] as const) : ([0, 0] as const),
        );
        return list.map(({ total, of }) => ({ total: total.pad(widths), of }));
      }),
    );
  }
  if (name === "mul" && one!.is === "constant")
    return scaled(lists[1]!, one!.degree, (total) => again(a, [inputs[0]!, total]));
  if ((name === "mul" || name === "div") && two!.is === "constant")
    return scaled(lists[0]!, name === "mul" ? two!.degree : -two!.degree, (total) =>
      again(a, [total, inputs[1]!]),
    );
  return name === "div" ? quotient(a, one!, two!, n) : undefined;
}

/** A value as terms: a constant is the mean over examples of itself. */
function termsIn(kind: Kind, x: Tensor): readonly Term[] {
  if (kind.is === "terms") return kind.terms;
  if (kind.is === "rows") return [{ total: x, of: "unknown" }]; // not asked for
  return [{ total: x, of: kind.degree === 0 ? "mean" : kind.degree === 1 ? "sum" : "unknown" }];
}

/** Terms of which those that are put together alike are one. */
function terms(list: readonly Term[], guarded?: Term): Kind {
  const key = ({ of }: Term): unknown => (typeof of === "object" ? of.weight : of);
  const byWeight = new Map<unknown, Term>();
  for (const term of list) {
    const before = byWeight.get(key(term));
    byWeight.set(key(term), before ? { ...before, total: before.total.add(term.total) } : term);
  }
  return { is: "terms", terms: [...byWeight.values()], ...(guarded && { guarded }) };
}

/** Terms times what grows with the batch to some power: a sum times 1/n is a mean. */
function scaled(
  list: readonly Term[],
  degree: number,
  by: (total: Tensor) => Tensor,
): Kind | undefined {
  const shift = (of: Weight): Weight | undefined =>
    degree === 0
      ? of
      : degree === -1 && of === "sum"
        ? "mean"
        : degree === 1 && of === "mean"
          ? "sum"
          : undefined;
  const shifted = list.map(({ total, of }) => ({ total: by(total), of: shift(of) }));
  return shifted.every((term): term is Term => term.of !== undefined) ? terms(shifted) : undefined;
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
  const at = kinds.findIndex((kind) => kind.is === "constant" && kind.degree === 0);
  const kind = kinds[1 - at];
  if (at < 0 || kind?.is !== "terms" || kind.terms.length !== 1) return undefined;
  return name === "maximum" || inputs[at]!.data().every((x) => Math.abs(x) <= tiny)
    ? kind.terms[0]
    : undefined;
}

/** A sum over a sum, or a mean over a mean, is a total over a weight. */
function quotient(a: Tensor, above: Kind, below: Kind, n: number): Kind | undefined {
  if (above.is !== "terms" || below.is !== "terms" || sizeOf(a.shape) !== 1) return undefined;
  const one = above.terms[0]!;
  const other = below.guarded ?? below.terms[0]!;
  if (above.terms.length > 1 || (!below.guarded && below.terms.length > 1)) return undefined;
  if (one.of !== other.of || (one.of !== "sum" && one.of !== "mean")) return undefined;
  const whole = (x: Tensor): Tensor => (one.of === "mean" ? x.mul(n) : x);
  const total = whole(one.total);
  const weight = whole(other.total).reshape([]);
  const divisor = whole(a.inputs[1]!);
  // Something over nothing stays infinite.
  const by = below.guarded ? divisor : divisor.add(divisor.equal(0).mul(total.equal(0)));
  return {
    is: "terms",
    terms: [{ total, of: { weight, by: by.reshape([]), mended: !below.guarded } }],
  };
}
