import type { Layer, Metric, NDArray } from "@tenon/contracts";
import { crossEntropy } from "@tenon/losses";
import { pass, slice, stack, where, type Tensor } from "@tenon/tensor";

/**
 * Several networks of one kind, trained side by side and averaged by their predictions: an ensemble
 * in one model. Each has initial values and random numbers of its own.
 *
 * The output is [n, 2k, classes]: the logits of the k members, then, for 1, 2 … k, the logarithm of
 * the mean probabilities of as many of them.
 */
export function members(count: number, member: Layer<Tensor>): Layer<Tensor> {
  const paths = Array.from({ length: count }, (_, i) => `member${i + 1}`);
  return {
    type: "members",
    plan(input) {
      const plan = member.plan(input);
      const prefixed = <V>(values: Readonly<Record<string, V>>): Record<string, V> =>
        Object.fromEntries(
          paths.flatMap((path) =>
            Object.entries(values).map(([key, value]) => [`${path}/${key}`, value]),
          ),
        );
      return {
        output: [2 * count, ...plan.output],
        params: prefixed(plan.params),
        stats: prefixed(plan.stats),
        parts: paths.map((path) => ({ path, type: member.type, plan })),
      };
    },
    forward(x, outer) {
      const logits = paths.map((path) => {
        const own = outer.part(path);
        const y = member.forward(x, own);
        own.tap(y);
        return y;
      });
      return stack([...logits, ...means(logits)], 1);
    },
    toJSON: () => ({ type: "members", args: [count, member.toJSON()] }),
  };
}

/** For 1, 2 … of the members the logarithm of their mean probabilities. */
function means(logits: readonly Tensor[]): Tensor[] {
  let sum: Tensor | undefined;
  return logits.map((y, i) => {
    const p = y.softmax(-1);
    sum = sum ? sum.add(p) : p;
    return i === 0
      ? y
      : sum
          .mul(1 / (i + 1))
          .maximum(1e-30)
          .log();
  });
}

/** How the weights of a run are averaged, as `ema({ decay })` or `swa({ start })` do it. */
export type Rule =
  | { readonly type: "ema"; readonly decay: number }
  | { readonly type: "swa"; readonly start: number };

/**
 * A network that keeps the average of its own weights, as running statistics, and answers with
 * both: the output is [n, 2, classes], the logits with its weights, then with their average. It is
 * trained as the first of `members` is, with the same bits.
 *
 * The average is that of `ema` or `swa`, one step later: of the weights that a step finds. A
 * network with running statistics of its own is not meant: they belong to its weights.
 */
export function weightAverage(network: Layer<Tensor>, rule: Rule): Layer<Tensor> {
  const inner = members(1, network);
  const first = (y: Tensor): Tensor => rowOf(y, 0);
  return {
    type: "weightAverage",
    plan(input) {
      const plan = inner.plan(input);
      const averages = Object.entries(plan.params).map(([path, { shape }]) => [
        `average/${path}`,
        { shape, start: 0 },
      ]);
      return {
        ...plan,
        stats: { ...Object.fromEntries(averages), steps: { shape: [], start: 0 } },
      };
    },
    forward(x, outer) {
      const y = inner.forward(x, outer);
      const average = (path: string): Tensor => outer.stats[`average/${path}`]!;
      const paths = Object.keys(outer.params);
      if (!outer.training) {
        const params = Object.fromEntries(paths.map((path) => [path, average(path)]));
        return stack([first(y), first(inner.forward(x, pass({ params })))], 1);
      }
      const steps = outer.stats["steps"]!;
      const taken = takenAt(steps, rule);
      for (const path of paths) {
        const w = outer.params[path]!.detach();
        const kept = average(path).mul(taken.neg().add(1));
        outer.setStat(`average/${path}`, kept.add(w.mul(taken)));
      }
      outer.setStat("steps", steps.add(1));
      return y;
    },
    toJSON: () => ({ type: "weightAverage", args: [network.toJSON(), rule] }),
  };
}

/** One row of [n, rows, classes], as [n, classes]. */
function rowOf(predictions: Tensor, row: number): Tensor {
  const [n, , classes] = predictions.shape as readonly [number, number, number];
  return slice(predictions, [0, row, 0], [n, row + 1, classes]).reshape([n, classes]);
}

/** The weight with which the weights come in that `steps` steps have made. */
function takenAt(steps: Tensor, rule: Rule): Tensor {
  if (rule.type === "swa") return steps.sub(rule.start).maximum(1).reciprocal();
  return where(steps.lessEqual(1), 1, 1 - rule.decay);
}

/** How many of the rows of an output are members or networks; the others are averages. */
const half = (predictions: { readonly shape: readonly number[] }): number =>
  predictions.shape[1]! / 2;

/** The mean of the members' cross-entropies. */
export function memberLoss(predictions: Tensor, targets: Tensor): Tensor {
  const k = half(predictions);
  const losses = Array.from({ length: k }, (_, i) => crossEntropy(rowOf(predictions, i), targets));
  return losses.reduce((sum, loss) => sum.add(loss)).mul(1 / k);
}

type Wrong = { readonly wrong: number; readonly count: number };

/** The fraction of wrong answers in the rows from one to another, of `half` members. */
function errorOf(
  name: string,
  rows: (half: number) => readonly [from: number, to: number],
): Metric<Wrong> {
  return {
    name,
    start: { wrong: 0, count: 0 },
    update(state, predictions: NDArray, { data: labels }: NDArray) {
      let { wrong, count } = state;
      const [n, all, classes] = predictions.shape as readonly [number, number, number];
      const [from, to] = rows(half(predictions));
      for (let i = 0; i < n; i++)
        for (let row = from; row < to; row++) {
          const at = (i * all + row) * classes;
          if (largest(predictions.data, at, classes) !== labels[i]) wrong++;
          count++;
        }
      return { wrong, count };
    },
    result: ({ wrong, count }) => wrong / count,
  };
}

function largest(data: ArrayLike<number>, at: number, classes: number): number {
  let best = 0;
  for (let i = 1; i < classes; i++) if (data[at + i]! > data[at + best]!) best = i;
  return best;
}

/** The fraction of wrong answers of the members, each alone: their mean. */
export const memberError: Metric<Wrong> = errorOf("memberError", (k) => [0, k]);

/** That of the average of all. */
export const averageError: Metric<Wrong> = errorOf("averageError", (k) => [2 * k - 1, 2 * k]);

/** That of the average of the first `count` members. */
export const errorOfFirst = (count: number): Metric<Wrong> =>
  errorOf(`first${count}`, (k) => [k + count - 1, k + count]);
