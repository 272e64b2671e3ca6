import {
  f32x4,
  f64x2,
  i32,
  i32x4,
  v128,
  type FunctionBuilder,
  type I32,
  type Index,
  type Local,
  type V128,
} from "@tenon/emit";
import { workItemElements } from "../../machine.js";
import { keep } from "../../math/float32.js";
import { emitBody } from "../loop/body.js";
import { hoist, loadAlong, rowOffset } from "../loop/elementwise.js";
import type { Kernel } from "../kernel.js";
import { collapse, keyOf, type Loop } from "../loop/loop.js";

/**
 * An expression folded along some axes. Its one output is what is folded; the result is dense over
 * the other axes.
 */
export interface Reduction extends Loop {
  readonly axes: readonly number[];
  readonly kind: "sum" | "max" | "min" | "prod";
}

/** Runs of this many are summed on their own, so that rounding does not grow with the length. */
const run = 256;
/**
 * Of more than this, runs of runs are summed on their own too, 16 at a time: a long sum errs no
 * more than a short one.
 */
const ordinary = 65_536;
const atATime = 16;
/** How long the runs are that a length is cut into. */
function runOf(length: number, shortest: number): number {
  let size = shortest;
  if (length > ordinary) while (size * atATime < length) size *= atATime;
  return size;
}
/** Elements folded by a work item: each costs less than one that is also stored. */
const item = 2 * workItemElements;

interface Fold {
  readonly start: V128;
  readonly fold: (a: V128, b: V128) => V128;
  /** The same in float64, two lanes of which each four become. */
  readonly wide?: Fold;
}

const folds = (kind: Reduction["kind"], whole: boolean): Fold => {
  const number = whole ? i32x4.const : f32x4.const;
  switch (kind) {
    case "sum":
      return { start: number(0), fold: whole ? i32x4.add : f32x4.add };
    case "prod":
      return {
        start: number(1),
        fold: whole ? i32x4.mul : f32x4.mul,
        ...(!whole && { wide: { start: f64x2.const(1), fold: f64x2.mul } }),
      };
    case "max":
      return {
        start: whole ? i32x4.const(-2147483648) : f32x4.const(-Infinity),
        fold: whole ? i32x4.maxS : f32x4.max,
      };
    case "min":
      return {
        start: whole ? i32x4.const(2147483647) : f32x4.const(Infinity),
        fold: whole ? i32x4.minS : f32x4.min,
      };
  }
};

const product = (sizes: readonly number[]): number => sizes.reduce((size, n) => size * n, 1);

/** Folds along axes in an order that depends on the shape alone. */
export function reduce({ axes, kind, ...given }: Reduction): Kernel {
  const folded = given.shape.map((_, axis) => axes.includes(axis));
  const { loop, axes: first } = collapse(given, (a, b) => folded[a] === folded[b]);
  const isFolded = first.map((axis) => folded[axis]!);
  const rank = loop.shape.length;
  const along = isFolded[rank - 1] !== false;
  // Without any axis left, one element is folded alone.
  const plan: Axes =
    rank === 0
      ? {
          loop: {
            ...loop,
            shape: [1],
            inputs: loop.inputs.map(({ offset }) => ({ offset, strides: [0] })),
          },
          kept: [],
          over: [0],
        }
      : {
          loop,
          kept: isFolded.flatMap((f, axis) => (f ? [] : [axis])),
          over: isFolded.flatMap((f, axis) => (f ? [axis] : [])),
        };
  const node = loop.outputs[0]!.node;
  const whole = loop.body[node]!.dtype === "int32";
  const emit = along ? alongRows : acrossColumns;
  const { shape } = plan.loop;
  const columns = along ? 1 : shape[shape.length - 1]!;
  const outer = product((along ? plan.kept : plan.kept.slice(0, -1)).map((axis) => shape[axis]!));
  // Columns are taken sixteen at a time, a cache line of each row.
  const blocks = along ? 1 : Math.ceil(columns / 16);
  const work = product(plan.over.map((axis) => shape[axis]!)) * (along ? 1 : 16);
  const perItem = Math.max(1, Math.ceil(item / Math.max(1, work)));
  return {
    key: `${kind} ${plan.over.join()} ${keyOf(plan.loop)}`,
    pointers: 1 + loop.inputs.length,
    workItems: Math.ceil((outer * blocks) / perItem),
    scratch: 0,
    flops: product(shape) * (1 + loop.body.filter((n) => "args" in n).length),
    emit: (module) =>
      module.func(kind, new Array(1 + loop.inputs.length + 2).fill("i32"), (f, out, ...rest) => {
        const [begin, end] = rest.slice(-2) as [Local, Local];
        const reads = rest.slice(0, -2);
        const to = f.local("i32", i32.mul(end, perItem));
        const at = f.local("i32");
        f.if(i32.gtS(to, outer * blocks), () => f.set(to, outer * blocks));
        f.loop(at, i32.mul(begin, perItem), to, 1, () =>
          emit(
            f,
            plan,
            node,
            folds(kind, whole),
            out as Local<"i32">,
            reads,
            at as Local<"i32">,
            blocks,
          ),
        );
      }),
  };
}

interface Axes {
  readonly loop: Loop;
  /** Axes that stay, and axes that are folded; the last axis is the last of one of them. */
  readonly kept: readonly number[];
  readonly over: readonly number[];
}

/**
 * Walks the folded axes from the outermost in. Each level sums on its own, and long ones in runs:
 * `inner` adds to the accumulators it is given.
 */
function nested(
  f: FunctionBuilder,
  inputs: Loop["inputs"],
  shape: readonly number[],
  axes: readonly number[],
  reads: readonly Index[],
  sums: readonly Local[],
  { start, fold }: Fold,
  inner: (reads: readonly Local<"i32">[], sums: readonly Local[]) => void,
): void {
  const [axis, ...deeper] = axes;
  if (axis === undefined) {
    inner(
      reads.map((at) => f.local("i32", at as I32)),
      sums,
    );
    return;
  }
  const n = shape[axis]!;
  const at = reads.map((pointer) => f.local("i32", pointer as I32));
  const apart = (into: readonly Local[], emit: (own: readonly Local<"v128">[]) => void): void => {
    const own = into.map(() => f.local("v128", start));
    emit(own);
    own.forEach((sum, k) => f.set(into[k]!, fold(into[k] as V128, sum)));
  };
  /** Some steps along the axis, summed on their own. */
  const level = (count: number, into: readonly Local[]): void =>
    apart(into, (own) => {
      const i = f.local("i32");
      f.loop(i, 0, count, 1, () => {
        nested(f, inputs, shape, deeper, at, own, { start, fold }, inner);
        inputs.forEach(({ strides }, k) => {
          if (strides[axis] !== 0) f.bump(at[k]!, 4 * strides[axis]!);
        });
      });
    });
  const inRuns = (count: number, into: readonly Local[]): void => {
    const size = runOf(count, run);
    const one = (steps: number): void =>
      size === run ? level(steps, into) : apart(into, (own) => inRuns(steps, own));
    if (count >= size) f.loop(f.local("i32"), 0, Math.floor(count / size), 1, () => one(size));
    if (count % size > 0) one(count % size);
  };
  inRuns(n, sums);
}

/**
 * Numbers to fold lie along the last axis: four lanes sum side by side, and are added at the end.
 */
function alongRows(
  f: FunctionBuilder,
  axes: Axes,
  node: number,
  how: Fold,
  out: Local<"i32">,
  reads: readonly Local[],
  at: Local<"i32">,
): void {
  const {
    loop: { shape, inputs, body },
    kept,
    over,
  } = axes;
  // Of a product rounding errors add up, however it is cut: a long one of floats is taken in
  // float64.
  const wide = how.wide !== undefined && product(over.map((axis) => shape[axis]!)) > ordinary;
  const { start, fold } = wide ? how.wide! : how;
  const taken = (four: V128): V128 => {
    if (!wide) return four;
    const x = keep(f, four);
    return f64x2.mul(f64x2.promoteLow(x), f64x2.promoteLow(v128.shuffle32(x, x, [2, 3, 2, 3])));
  };
  const last = over[over.length - 1]!;
  const n = shape[last]!;
  const steps = inputs.map(({ strides }) => strides[last]!);
  const from = inputs.map(({ strides, offset }, k) =>
    i32.add(
      i32.add(reads[k]!, 4 * offset),
      rowOffset(
        at,
        kept.map((axis) => shape[axis]!),
        kept.map((axis) => strides[axis]!),
      ),
    ),
  );
  const total = f.local("v128", start);
  nested(f, inputs, shape, over.slice(0, -1), from, [total], { start, fold }, (pointers, [sum]) => {
    const known = hoist(f, body, steps, pointers);
    const four = (one: boolean, ahead: number): V128 =>
      emitBody(
        f,
        body,
        (input) =>
          loadAlong(i32.add(pointers[input]!, 4 * ahead * steps[input]!), steps[input]!, one),
        known,
        [node],
      )(node);
    const advance = (elements: number): void =>
      inputs.forEach((_, k) => {
        if (steps[k] !== 0) f.bump(pointers[k]!, 4 * elements * steps[k]!);
      });
    const i = f.local("i32");
    // Four accumulators side by side, since each addition waits for the one before; each run of
    // 1024 is summed on its own.
    const block = 16;
    const long = Math.floor(n / block) * block;
    const span = 1024;
    const accumulate = (from: Index, to: Index, into: Local): void => {
      const parts = [0, 1, 2, 3].map(() => f.local("v128", start));
      f.loop(i, from, to, block, () => {
        f.interleave(
          parts.map((part, k) => () => f.set(part, fold(part, taken(four(false, 4 * k))))),
        );
        advance(block);
      });
      f.set(into, fold(into as V128, fold(fold(parts[0]!, parts[1]!), fold(parts[2]!, parts[3]!))));
    };
    const inRuns = (count: number, into: Local): void => {
      const size = runOf(count, span);
      const one = (elements: number): void => {
        if (size === span) return accumulate(0, elements, into);
        const own = f.local("v128", start);
        inRuns(elements, own);
        f.set(into, fold(into as V128, own));
      };
      if (count >= size) f.loop(f.local("i32"), 0, Math.floor(count / size), 1, () => one(size));
      if (count % size > 0) one(count % size);
    };
    if (long > 0) inRuns(long, sum!);
    if (n - long >= 4)
      f.loop(i, long, n - (n % 4), 4, () => {
        f.set(sum!, fold(sum as V128, taken(four(false, 0))));
        advance(4);
      });
    if (n % 4 > 0)
      f.loop(i, n - (n % 4), n, 1, () => {
        // Only the first lane holds a number that is meant.
        f.set(
          sum!,
          fold(sum as V128, taken(v128.select(i32x4.lanes(-1, 0, 0, 0), four(true, 0), how.start))),
        );
        advance(1);
      });
  });
  const pairs = keep(f, fold(total, v128.shuffle32(total, total, [2, 3, 2, 3])));
  if (wide) f.storeLane(i32.add(out, i32.shl(at, 2)), 0, f64x2.demote(pairs));
  else
    f.storeLane(
      i32.add(out, i32.shl(at, 2)),
      0,
      fold(pairs, v128.shuffle32(pairs, pairs, [1, 1, 1, 1])),
    );
}

/** Numbers to fold lie under each other: columns are summed side by side, sixteen at a time. */
function acrossColumns(
  f: FunctionBuilder,
  axes: Axes,
  node: number,
  how: Fold,
  out: Local<"i32">,
  reads: readonly Local[],
  at: Local<"i32">,
  blocks: number,
): void {
  const {
    loop: { shape, inputs, body },
    kept,
    over,
  } = axes;
  const last = kept[kept.length - 1]!;
  const n = shape[last]!;
  const steps = inputs.map(({ strides }) => strides[last]!);
  const row = blocks === 1 ? at : f.local("i32", i32.divU(at, blocks));
  const column = f.local(
    "i32",
    blocks === 1 ? i32.const(0) : i32.mul(i32.sub(at, i32.mul(row, blocks)), 16),
  );
  const target = f.local("i32", i32.add(out, i32.shl(i32.add(i32.mul(row, n), column), 2)));
  const outer = kept.slice(0, -1);
  const from = inputs.map(({ strides, offset }, k) =>
    f.local(
      "i32",
      i32.add(
        i32.add(
          i32.add(reads[k]!, 4 * offset),
          rowOffset(
            row,
            outer.map((axis) => shape[axis]!),
            outer.map((axis) => strides[axis]!),
          ),
        ),
        i32.mul(column, 4 * steps[k]!),
      ),
    ),
  );

  const columns = (count: number, one: boolean, ahead: Index): void => {
    const sums = Array.from({ length: count }, () => f.local("v128", how.start));
    nested(
      f,
      inputs,
      shape,
      over,
      from.map((pointer, k) => i32.add(pointer, i32.mul(ahead, 4 * steps[k]!))),
      sums,
      how,
      (pointers, parts) => {
        const known = hoist(f, body, steps, pointers);
        f.interleave(
          parts.map((part, k) => () => {
            const four = emitBody(
              f,
              body,
              (input) =>
                loadAlong(i32.add(pointers[input]!, 16 * k * steps[input]!), steps[input]!, one),
              known,
              [node],
            )(node);
            f.set(part, how.fold(part as V128, four));
          }),
        );
      },
    );
    sums.forEach((sum, k) =>
      one
        ? f.storeLane(i32.add(target, i32.shl(ahead, 2)), 0, sum)
        : f.store("v128", i32.add(target, i32.shl(ahead, 2)), sum, 16 * k),
    );
  };
  const rest = (from: number, to: Index): void => {
    const j = f.local("i32");
    const fours = f.local("i32", i32.and(to, -4));
    f.loop(j, from, fours, 4, () => columns(1, false, j));
    f.loop(j, fours, to, 1, () => columns(1, true, j));
  };
  if (n >= 16)
    f.if(
      i32.leS(column, n - 16),
      () => columns(4, false, 0),
      n % 16 > 0 ? () => rest(0, n % 16) : undefined,
    );
  else rest(0, n);
}
