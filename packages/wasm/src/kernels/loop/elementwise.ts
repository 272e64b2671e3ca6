import {
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
import { emitBody } from "./body.js";
import { emitTiles, tileOf } from "./transposed.js";
import type { Kernel } from "../kernel.js";
import { calm, collapse, keyOf, type BodyNode, type Loop, type LoopInput } from "./loop.js";

const largestFloat = (2 - 2 ** -23) * 2 ** 127;
const bitsOf = (x: number): number => new Int32Array(Float32Array.of(x).buffer)[0]!;

const sizeOf = (shape: readonly number[]): number => shape.reduce((size, n) => size * n, 1);

/**
 * One loop over all elements, four at a time along the last axis. `cut`: into how many images,
 * equal runs of rows, if it is to be cut so.
 */
export function elementwise(given: Loop, cut?: number): Kernel {
  const { loop } = collapse(given);
  const {
    shape,
    inputs,
    body,
    outputs,
    checks = [],
  } = loop.shape.length > 0
    ? loop
    : { ...loop, shape: [1], inputs: loop.inputs.map(({ offset }) => ({ offset, strides: [0] })) };
  const inner = shape[shape.length - 1]!;
  const tile = checks.length > 0 ? undefined : tileOf(shape, inputs, body);
  // Rows that make a tile count as one row.
  const outer = shape
    .slice(0, -1)
    .map((n, axis) => (axis === tile?.axis ? Math.ceil(n / tile.rows) : n));
  const rows = sizeOf(outer);
  const many = outer.length > 0;
  // A work item is a run of whole rows, or, of a single row, a part of it.
  const count = many ? rows : inner;
  const perItem = cut
    ? count / cut
    : many
      ? Math.max(1, Math.ceil(workItemElements / Math.max(1, inner * (tile?.rows ?? 1))))
      : workItemElements;
  const empty = rows === 0 || inner === 0;
  const pointers = outputs.length + inputs.length + (checks.length > 0 ? 1 : 0);
  return {
    key: `loop ${keyOf({ shape, inputs, body, outputs, checks })}${cut ? ` by ${cut}` : ""}`,
    pointers,
    workItems: empty ? 0 : Math.ceil(count / perItem),
    scratch: 0,
    flops: sizeOf(shape) * (body.filter((node) => "args" in node).length + checks.length),
    // A loop over a part of the images reads no image as a whole.
    splitByImages: (n, numbers) =>
      tile || empty || count % n > 0 || numbers !== sizeOf(shape)
        ? undefined
        : elementwise(given, n),
    ...(cut && {
      images: {
        count: cut,
        group: 1,
        firstItem: (image: I32) => image,
        pointers: [
          ...outputs.keys(),
          ...inputs.flatMap((input, k) => (isDense(shape, input) ? [outputs.length + k] : [])),
        ],
      },
    }),
    emit: (module) =>
      module.func("loop", new Array(pointers + 2).fill("i32"), (f, ...given) => {
        const [begin, end] = given.slice(-2) as [Local, Local];
        const writes = given.slice(0, outputs.length);
        const reads = given.slice(outputs.length, outputs.length + inputs.length);
        // One for each of the vectors side by side, so that none waits for another, where a loop
        // does little else.
        const largest = Array.from(
          { length: checks.length === 0 ? 0 : outputs.length > 0 ? 1 : unrolling(body) },
          () => f.local("v128", i32x4.const(0)),
        );
        const at = {
          writes: writes.map(() => f.local("i32")),
          reads: reads.map(() => f.local("i32")),
        };
        const from = f.local("i32");
        const to = f.local("i32");
        f.set(from, i32.mul(begin, perItem));
        f.set(to, i32.mul(end, perItem));
        f.if(i32.gtS(to, count), () => f.set(to, count));
        f.if(i32.gtS(from, to), () => f.set(from, to));
        const steps = inputs.map(({ strides }) => strides[strides.length - 1]!);
        const line: Row = { body, results: outputs.map((o) => o.node), checks, largest };
        if (many) {
          const row = f.local("i32");
          const lengths = shape.map((_, axis) => sizeOf(shape.slice(axis + 1)));
          const per = (strides: readonly number[]): number[] =>
            outer.map((_, axis) => strides[axis]! * (axis === tile?.axis ? tile.rows : 1));
          f.loop(row, from, to, 1, () => {
            const place = tile ? rowOffset(row, outer, per(lengths)) : i32.mul(row, 4 * inner);
            writes.forEach((pointer, k) => f.set(at.writes[k]!, i32.add(pointer, place)));
            inputs.forEach(({ strides, offset }, k) =>
              f.set(
                at.reads[k]!,
                i32.add(i32.add(reads[k]!, 4 * offset), rowOffset(row, outer, per(strides))),
              ),
            );
            const straight = (): void => emitRow(f, inner, steps, line, at);
            if (tile)
              emitTiles(
                f,
                tile,
                row as Local<"i32">,
                {
                  shape,
                  steps,
                  body,
                  results: line.results,
                  at,
                  outer,
                  inputs,
                  pitch: lengths[tile.axis]!,
                },
                straight,
              );
            else straight();
          });
        } else {
          const n = f.local("i32", i32.sub(to, from));
          writes.forEach((pointer, k) => f.set(at.writes[k]!, i32.add(pointer, i32.shl(from, 2))));
          inputs.forEach(({ offset }, k) =>
            f.set(
              at.reads[k]!,
              i32.add(i32.add(reads[k]!, 4 * offset), i32.mul(from, 4 * steps[k]!)),
            ),
          );
          emitRow(f, n, steps, line, at);
        }
        if (largest.length > 0) {
          const all = f.local(
            "v128",
            i32x4.shrU(
              largest.reduce<V128>((a, b) => i32x4.maxU(a, b as V128), i32x4.const(0)),
              1,
            ),
          );
          const isPast = (size: number): V128 => i32x4.gtS(all as V128, i32x4.const(bitsOf(size)));
          f.if(v128.any(isPast(calm)), () => {
            f.store("i32", given[pointers - 1]!, i32.const(0), 4);
            f.if(v128.any(isPast(largestFloat)), () =>
              f.store("i32", given[pointers - 1]!, i32.const(0)),
            );
          });
        }
      }),
  };
}

/** Whether an input is read from first to last, each number once. */
const isDense = (shape: readonly number[], { strides, offset }: LoopInput): boolean =>
  offset === 0 && strides.every((stride, axis) => stride === sizeOf(shape.slice(axis + 1)));

/** The byte offset at which row `row` of the outer axes begins. */
export function rowOffset(row: Index, outer: readonly number[], strides: readonly number[]): Index {
  let rest: Index = row;
  let offset: Index = 0;
  for (let axis = outer.length - 1; axis >= 0; axis--) {
    const index = axis === 0 ? rest : i32.remU(rest, outer[axis]!);
    if (strides[axis] !== 0) offset = i32.add(i32.mul(index, 4 * strides[axis]!), offset);
    if (axis > 0) rest = i32.divU(rest, outer[axis]!);
  }
  return offset;
}

/** One element of an input in the first lane, or four. */
export function loadAlong(at: Index, step: number, one: boolean): V128 {
  if (step === 0) return v128.loadSplat(at);
  if (one) return v128.loadZero(at);
  if (step === 1) return v128.load(at);
  // No gather instruction: lane after lane.
  let lanes = v128.loadZero(at);
  for (const lane of [1, 2, 3]) lanes = v128.loadLane(i32.add(at, 4 * lane * step), lane, lanes);
  return lanes;
}

/** What does not change along a row is computed once, before it. */
export function invariant(body: readonly BodyNode[], steps: readonly number[]): boolean[] {
  const fixed: boolean[] = [];
  body.forEach((node) =>
    fixed.push(
      node.op === "load"
        ? steps[node.input] === 0
        : node.op === "constant" ||
            (node as { args: readonly number[] }).args.every((at) => fixed[at]),
    ),
  );
  return fixed;
}

/** Values of the nodes that stay the same along a row. Constants stay where they are used. */
export function hoist(
  f: FunctionBuilder,
  body: readonly BodyNode[],
  steps: readonly number[],
  reads: readonly Index[],
): Map<number, V128> {
  const fixed = invariant(body, steps);
  const wanted = body.flatMap((node, at) => (fixed[at] && node.op !== "constant" ? [at] : []));
  const only = body.map((node, at): BodyNode =>
    fixed[at] ? node : { op: "constant", value: 0, dtype: "float32" },
  );
  const value = emitBody(f, only, (input) => v128.loadSplat(reads[input]!), new Map(), wanted);
  return new Map(wanted.map((at) => [at, f.local("v128", value(at))]));
}

/** How many vectors are computed side by side: more hide more waiting, until registers run out. */
function unrolling(body: readonly BodyNode[]): number {
  if (body.some(({ op }) => wide.has(op))) return 1;
  const cost = body.filter((node) => node.op !== "constant").length;
  return cost <= 8 ? 4 : 2;
}

/** These are computed in float64, as two vectors side by side as it is. */
const wide: ReadonlySet<string> = new Set(["sin", "cos", "pow", "remainder", "erfc", "normalCdf"]);

interface Row {
  readonly body: readonly BodyNode[];
  readonly results: readonly number[];
  /**
   * Numbers that are looked at, and the largest sizes so far: floats, shifted by their sign, are in
   * order as integers, NaN behind infinity.
   */
  readonly checks: readonly number[];
  readonly largest: readonly Local[];
}

/**
 * A row where the outcome of a condition is known: what it chooses between is not computed but for
 * what it chooses.
 */
function decided({ body, results, checks, ...row }: Row, condition: number, outcome: boolean): Row {
  const place = body.map((_, at) => at);
  body.forEach((node, at) => {
    if (node.op === "where" && node.args[0] === condition)
      place[at] = place[node.args[outcome ? 1 : 2]!]!;
  });
  const placed = (nodes: readonly number[]): number[] => nodes.map((at) => place[at]!);
  return {
    ...row,
    body: body.map((node) => ("args" in node ? { ...node, args: placed(node.args) } : node)),
    results: placed(results),
    checks: placed(checks),
  };
}

/**
 * A row of `n` elements. A condition that stays the same along it, such as the check that a loss is
 * finite, is asked once.
 */
function emitRow(
  f: FunctionBuilder,
  n: Index,
  steps: readonly number[],
  row: Row,
  at: Places,
): void {
  const { body } = row;
  const known = hoist(f, body, steps, at.reads);
  const conditions = new Set(
    body.flatMap((node) => (node.op === "where" && known.has(node.args[0]!) ? node.args[0]! : [])),
  );
  // Each one more would double the code.
  if (conditions.size !== 1) return emitElements(f, n, steps, row, known, at);
  const [condition] = conditions;
  const elements = (outcome: boolean) => (): void =>
    emitElements(f, n, steps, decided(row, condition!, outcome), known, at);
  f.if(v128.any(known.get(condition!)!), elements(true), elements(false));
}

interface Places {
  readonly writes: readonly Local[];
  readonly reads: readonly Local[];
}

/**
 * Most elements of a row four at a time, the last ones one at a time with the same instructions.
 */
function emitElements(
  f: FunctionBuilder,
  n: Index,
  steps: readonly number[],
  { body, results, checks, largest }: Row,
  known: ReadonlyMap<number, V128>,
  at: Places,
): void {
  const unroll = unrolling(body);
  const emit = (one: boolean, ahead: number): void => {
    const value = emitBody(
      f,
      body,
      (input) =>
        loadAlong(i32.add(at.reads[input]!, 4 * ahead * steps[input]!), steps[input]!, one),
      known,
      [...results, ...checks],
    );
    // Everything is read before anything is written: an output may lie where an input does.
    const made = results.map((node) =>
      results.length > 1 ? f.local("v128", value(node)) : value(node),
    );
    for (const node of checks) {
      const to = largest[(ahead / 4) % largest.length]!;
      const signless = i32x4.shl(value(node), 1);
      f.set(
        to,
        i32x4.maxU(to as V128, one ? v128.and(signless, i32x4.lanes(-1, 0, 0, 0)) : signless),
      ); // of a single element, the other lanes mean nothing
    }
    made.forEach((x, k) =>
      one ? f.storeLane(at.writes[k]!, 0, x) : f.store("v128", at.writes[k]!, x, 4 * ahead),
    );
  };
  const advance = (elements: number): void => {
    at.writes.forEach((pointer) => f.bump(pointer, 4 * elements));
    at.reads.forEach((pointer, k) => {
      if (steps[k] !== 0) f.bump(pointer, 4 * elements * steps[k]!);
    });
  };
  const i = f.local("i32");
  const fixed = typeof n === "number" ? n : undefined;
  const run = (from: Index, size: number, below: Index, one: boolean): void =>
    f.loop(i, from, below, size, () => {
      f.interleave(Array.from({ length: Math.ceil(size / 4) }, (_, k) => () => emit(one, 4 * k)));
      advance(size);
    });
  const block = 4 * unroll;
  const whole = (size: number): Index =>
    fixed === undefined ? i32.and(n, -size) : fixed - (fixed % size);
  if (fixed === undefined || fixed >= block) run(0, block, whole(block), false);
  if (unroll > 1 && (fixed === undefined || fixed % block >= 4))
    run(whole(block), 4, whole(4), false);
  if (fixed === undefined || fixed % 4 > 0) run(whole(4), 1, n, true);
}
