import { i32, v128, type FunctionBuilder, type Local, type V128 } from "@tenon/emit";
import { emitBody } from "./body.js";
import { hoist, loadAlong } from "./elementwise.js";
import type { BodyNode, LoopInput } from "./loop.js";

/**
 * Rows that are computed together, because the input that one of them skips through holds the next
 * ones beside it.
 */
export interface Tile {
  /** Along which the rows follow each other. */
  readonly axis: number;
  readonly rows: number;
}

/** Inputs that lie the other way round are read four by four and turned. */
export function tileOf(
  shape: readonly number[],
  inputs: readonly LoopInput[],
  body: readonly BodyNode[],
): Tile | undefined {
  const last = shape.length - 1;
  const cost = body.filter((node) => "args" in node).length;
  // What is long to compute gains nothing, and its code would be long too.
  if (shape[last]! < 4 || cost > 8) return undefined;
  for (const { strides } of inputs) {
    if (Math.abs(strides[last]!) <= 1) continue;
    const axis = strides.findIndex((step, at) => step === 1 && at < last && shape[at]! >= 4);
    if (axis >= 0) return { axis, rows: shape[axis]! >= 8 ? 8 : 4 };
  }
  return undefined;
}

interface TiledLoop {
  readonly shape: readonly number[];
  /** The shape without its last axis, tiles counting as one. */
  readonly outer: readonly number[];
  readonly inputs: readonly LoopInput[];
  /** Of each input along the last axis. */
  readonly steps: readonly number[];
  readonly body: readonly BodyNode[];
  readonly results: readonly number[];
  /** Where the tile's first row begins. */
  readonly at: { readonly writes: readonly Local[]; readonly reads: readonly Local[] };
  /** Elements from one row of the tile to the next in the results. */
  readonly pitch: number;
}

/** One tile; of a last one that is not full, `straight` does row after row. */
export function emitTiles(
  f: FunctionBuilder,
  { axis, rows }: Tile,
  tile: Local<"i32">,
  loop: TiledLoop,
  straight: () => void,
): void {
  const { shape, outer, inputs, at, pitch } = loop;
  const left = shape[axis]! % rows;
  const full = (): void => emitTile(f, rows, axis, loop);
  if (left === 0) return full();
  const after = outer.slice(axis + 1).reduce((size, n) => size * n, 1);
  const place = i32.remU(i32.divU(tile, after), outer[axis]!);
  f.if(i32.ltU(place, outer[axis]! - 1), full, () => {
    const row = f.local("i32");
    const starts = {
      writes: at.writes.map((x) => f.local("i32", x)),
      reads: at.reads.map((x) => f.local("i32", x)),
    };
    f.loop(row, 0, left, 1, () => {
      // A row leaves its pointers at its end.
      at.writes.forEach((pointer, k) =>
        f.set(pointer, i32.add(starts.writes[k]!, i32.mul(row, 4 * pitch))),
      );
      at.reads.forEach((pointer, k) =>
        f.set(pointer, i32.add(starts.reads[k]!, i32.mul(row, 4 * inputs[k]!.strides[axis]!))),
      );
      straight();
    });
  });
}

function emitTile(
  f: FunctionBuilder,
  rows: number,
  axis: number,
  { shape, inputs, steps, body, results, at, pitch }: TiledLoop,
): void {
  const n = shape[shape.length - 1]!;
  const fours = n - (n % 4);
  const across = inputs.map(({ strides }) => strides[axis]!);
  const each = Array.from({ length: rows }, (_, row) => row);
  const known = each.map((row) =>
    hoist(
      f,
      body,
      steps,
      at.reads.map((pointer, k) => i32.add(pointer, 4 * row * across[k]!)),
    ),
  );
  const turned = inputs.map((_, k) => Math.abs(steps[k]!) > 1 && across[k] === 1);

  const step = (one: boolean): void => {
    const squares = inputs.map((_, k) =>
      turned[k] && !one ? turn(f, at.reads[k] as Local<"i32">, steps[k]!, rows) : [],
    );
    for (const row of each) {
      const load = (k: number): V128 =>
        squares[k]![row] ?? loadAlong(i32.add(at.reads[k]!, 4 * row * across[k]!), steps[k]!, one);
      const value = emitBody(f, body, load, known[row], results);
      const made = results.map((node) =>
        results.length > 1 ? f.local("v128", value(node)) : value(node),
      );
      made.forEach((x, k) =>
        one
          ? f.storeLane(at.writes[k]!, 0, x, 4 * row * pitch)
          : f.store("v128", at.writes[k]!, x, 4 * row * pitch),
      );
    }
    const elements = one ? 1 : 4;
    at.writes.forEach((pointer) => f.bump(pointer, 4 * elements));
    at.reads.forEach((pointer, k) => {
      if (steps[k] !== 0) f.bump(pointer, 4 * elements * steps[k]!);
    });
  };
  const i = f.local("i32");
  f.loop(i, 0, fours, 4, () => step(false));
  f.loop(i, fours, n, 1, () => step(true));
}

/**
 * Reads four times `rows` numbers that lie side by side, `step` elements apart; gives for each row
 * the four that belong to it.
 */
function turn(f: FunctionBuilder, at: Local<"i32">, step: number, rows: number): V128[] {
  const join = (x: V128, y: V128, lanes: readonly number[]): V128 =>
    f.local("v128", v128.shuffle32(x, y, lanes));
  return Array.from({ length: rows / 4 }, (_, quad) => {
    const load = (k: number): V128 =>
      f.local("v128", v128.load(i32.add(at, 4 * k * step), 16 * quad));
    const a = load(0);
    const b = load(1);
    const c = load(2);
    const d = load(3);
    const low = [join(a, b, [0, 4, 1, 5]), join(c, d, [0, 4, 1, 5])] as const;
    const high = [join(a, b, [2, 6, 3, 7]), join(c, d, [2, 6, 3, 7])] as const;
    return [
      join(...low, [0, 1, 4, 5]),
      join(...low, [2, 3, 6, 7]),
      join(...high, [0, 1, 4, 5]),
      join(...high, [2, 3, 6, 7]),
    ];
  }).flat();
}
