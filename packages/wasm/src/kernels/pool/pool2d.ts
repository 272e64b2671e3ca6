import {
  f32x4,
  i32,
  i32x4,
  v128,
  type FunctionBuilder,
  type I32,
  type Index,
  type Local,
  type ModuleBuilder,
  type V128,
} from "@tenon/emit";
import { stridesOf } from "@tenon/tensor";
import { emitBody } from "../loop/body.js";
import { clear } from "../conv/im2col/im2col.js";
import {
  eachOutside,
  eachWindow,
  poolOf,
  type Pool,
  type PoolSpec,
  type Window,
} from "./poolWindows.js";
import { storeLanes } from "../shared/segment.js";
import { eachVectors } from "../shared/vectors.js";
import { zeros } from "../shared/zeros.js";
import type { Kernel } from "../kernel.js";
import { keyOf, type Loop } from "../loop/loop.js";

export type { PoolSpec };

type Address = Local<"i32">;

/** Emits the code of one window. */
type Visit = (
  module: ModuleBuilder,
  f: FunctionBuilder,
  arrays: readonly Address[],
  window: Window,
) => void;

/** A kernel whose work items are rows of windows; each window writes only its own outputs. */
function rowsOfWindows(
  key: string,
  pool: Pool,
  pointers: number,
  byImage: readonly number[],
  visit: Visit,
): Kernel {
  return {
    key,
    pointers,
    scratch: 0,
    workItems: pool.channels > 0 ? pool.images * pool.rows : 0,
    images: {
      count: pool.images,
      group: 1,
      firstItem: (image) => i32.mul(image, pool.channels > 0 ? pool.rows : 0),
      pointers: byImage,
    },
    flops: ((pool.images * pool.outputBytes) / 4) * pool.cells,
    emit: (module) =>
      module.once(key, () =>
        module.func(
          key,
          Array.from({ length: pointers + 2 }, () => "i32" as const),
          (f, ...params) => {
            const [begin, end] = params.slice(pointers) as [Address, Address];
            const item = f.local("i32");
            const image = f.local("i32");
            const row = f.local("i32");
            f.loop(item, begin, end, 1, () => {
              f.set(image, i32.divU(item, pool.rows));
              f.set(row, i32.remU(item, pool.rows));
              eachWindow(f, pool, image, row, (window) =>
                visit(module, f, params as Address[], window),
              );
            });
          },
        ),
      ),
  };
}

/**
 * How a pool may read an input of the expression it looks at: cell by cell, one number for each
 * channel, or one number.
 */
export function isFusablePrologue({ shape, inputs }: Pick<Loop, "shape" | "inputs">): boolean {
  return inputs.every(
    ({ strides, offset }) => reading(shape, strides) !== undefined && offset === 0,
  );
}

function reading(
  shape: readonly number[],
  strides: readonly number[],
): "cell" | "channel" | "number" | undefined {
  const steps = strides.map((step, axis) => (shape[axis] === 1 ? undefined : step));
  const dense = stridesOf(shape);
  const like = (wanted: readonly number[]): boolean =>
    steps.every((step, axis) => step === undefined || step === wanted[axis]);
  return like(dense)
    ? "cell"
    : like([0, 0, 0, 1])
      ? "channel"
      : like([0, 0, 0, 0])
        ? "number"
        : undefined;
}

/** Which inputs of an expression are read cell by cell. */
const cellsAmong = ({ shape, inputs }: Pick<Loop, "shape" | "inputs">): number[] =>
  inputs.flatMap(({ strides }, k) => (reading(shape, strides) === "cell" ? [k] : []));

/**
 * Emits how the inputs of an expression are read at a cell, first for all vectors side by side,
 * then for the one at a shift. What lies at a fixed distance from `start` is read with a fixed
 * offset.
 */
export function readerOf({ shape, inputs }: Pick<Loop, "shape" | "inputs">) {
  const ways = inputs.map(({ strides }) => reading(shape, strides)!);
  return (f: FunctionBuilder, arrays: readonly Address[], channel: Index, start: Index) => {
    const cell = (input: number, offset: Index): I32 =>
      i32.add(i32.add(arrays[input]!, offset), channel);
    const starts = ways.map((way, input) =>
      way === "number"
        ? undefined
        : f.local("i32", way === "cell" ? cell(input, start) : i32.add(arrays[input]!, channel)),
    );
    return (shift: number): ((input: number, offset: Index, fixed: number) => V128) => {
      // What is the same for all cells of a window is read once.
      const same = ways.map((way, input) =>
        way === "cell"
          ? undefined
          : f.local(
              "v128",
              way === "number" ? v128.loadSplat(arrays[input]!) : v128.load(starts[input]!, shift),
            ),
      );
      return (input, offset, fixed) =>
        same[input] ??
        v128.load(offset === start ? starts[input]! : cell(input, offset), fixed + shift);
    };
  };
}

/** The image as it is. */
const plain = (shape: readonly number[]): Loop => ({
  shape,
  inputs: [{ strides: stridesOf(shape), offset: 0 }],
  body: [{ op: "load", input: 0, dtype: "float32" }],
  outputs: [{ node: 0 }],
});

export interface MaxPoolOptions {
  /**
   * What stands for the image, an expression of what may be read in one of the `fusable` ways.
   * More of its outputs are taken along from where the first is largest. @defaultValue the image as
   * it is
   */
  readonly prologue?: Loop;
  /** Whether to store the largest themselves. @defaultValue true */
  readonly values?: boolean;
  /** Whether to store where they lie: `row · width + column`, int32. @defaultValue true */
  readonly indices?: boolean;
}

/**
 * What a max pool stores, in this order: the largest, what is taken along from where they lie,
 * their positions.
 */
export interface Search {
  readonly of: Loop;
  /** Which outputs of the expression are stored. */
  readonly stored: readonly number[];
  readonly positions: boolean;
  /** How many arrays are written. */
  readonly results: number;
  /** Tells one search's code from another's. */
  readonly key: string;
}

export function searchOf(
  { x }: PoolSpec,
  { prologue: of = plain(x), values = true, indices: positions = true }: MaxPoolOptions,
): Search {
  if (!isFusablePrologue(of))
    throw new Error(
      `maxPool2d: expected an expression of cells, channels and numbers, got ${keyOf(of)}`,
    );
  const stored = of.outputs.flatMap((_, k) => (k > 0 || values ? [k] : []));
  return {
    of,
    stored,
    positions,
    results: stored.length + Number(positions),
    key: `${values ? "" : "/positions"}${positions ? "" : "/values"}${of.body.length > 1 ? ` ${keyOf(of)}` : ""}`,
  };
}

/**
 * The arrays that a search reads or writes only at an image's own rows: the results, and inputs
 * that are read cell by cell.
 */
export const searchedByImage = ({ of, results }: Search): number[] => [
  ...Array.from({ length: results }, (_, k) => k),
  ...cellsAmong(of).map((k) => results + k),
];

/**
 * Emits the search of one window for four channels: what is to be stored. `load` reads an input at
 * a cell: bytes from the start of all images, and which of the window's cells it is.
 */
export function searchWindow(
  f: FunctionBuilder,
  { of: { body, outputs }, stored, positions }: Search,
  { first, cells }: Pick<Window, "first" | "cells">,
  load: (input: number, offset: Index, fixed: number, cell: number) => V128,
): V128[] {
  const nodes = outputs.map(({ node }) => node);
  const best = nodes.map(() => f.local("v128"));
  const where = f.local("v128");
  const keep = f.local("v128");
  const place = f.local("v128");
  const from = (offset: Index, fixed: number, cell: number): ((node: number) => V128) =>
    emitBody(f, body, (input) => load(input, offset, fixed, cell), new Map(), nodes);
  const start = from(first.offset, 0, 0);
  nodes.forEach((node, k) => f.set(best[k]!, start(node)));
  f.set(place, i32x4.splat(first.position));
  f.set(where, place);
  const largest = best[0]!;
  const values = nodes.map(() => f.local("v128"));
  let cell = 0;
  cells((offset, fixed, position, fixedPosition) => {
    const known = offset === first.offset;
    if (known && fixed === 0) return; // the first cell
    const here = from(offset, fixed, ++cell);
    nodes.forEach((node, k) => f.set(values[k]!, here(node)));
    f.set(keep, v128.or(f32x4.ne(largest, largest), f32x4.le(values[0]!, largest)));
    best.forEach((local, k) => f.set(local, v128.select(keep, local, values[k]!)));
    if (positions)
      f.set(
        where,
        v128.select(
          keep,
          where,
          known ? i32x4.add(place, i32x4.const(fixedPosition)) : i32x4.splat(position),
        ),
      );
  });
  return [...stored.map((k) => best[k]!), ...(positions ? [where] : [])];
}

/**
 * The largest of each window. The first of equals wins, and the first that is not a number wins
 * over all. Pointers: the values, what is taken along, the positions, and then the image, or what
 * the expression reads.
 */
export function maxPool2d(spec: PoolSpec, options: MaxPoolOptions = {}): Kernel {
  const pool = poolOf(spec);
  const search = searchOf(spec, options);
  const { of, results } = search;
  const read = readerOf(of);
  return rowsOfWindows(
    `maxPool2d${search.key}/${pool.key}`,
    pool,
    results + of.inputs.length,
    searchedByImage(search),
    (module, f, arrays, window) => {
      eachVectors(
        f,
        module,
        pool.channels,
        ({ channel, lanes, all }) => {
          const reader = read(f, arrays.slice(results), channel, window.first.offset);
          const to = arrays
            .slice(0, results)
            .map((array) => f.local("i32", i32.add(i32.add(array, window.output), channel)));
          all((shift) =>
            searchWindow(f, search, window, reader(shift)).forEach((value, array) =>
              storeLanes(f, to[array]!, value, lanes, shift),
            ),
          );
        },
        { pairs: pool.straight },
      );
    },
  );
}

/**
 * Where channels of an array lie at a cell: at a fixed distance from what lies at the start, if the
 * cell does.
 */
function addressesOf(
  f: FunctionBuilder,
  array: Address,
  channel: Index,
  start: Index,
): (offset: Index) => Index {
  const at = f.local("i32", i32.add(i32.add(array, start), channel));
  return (offset) => (offset === start ? at : i32.add(i32.add(array, offset), channel));
}

/** The sum of each window, in row-major order. Pointers: sums, image. */
export function sumPool2d(spec: PoolSpec): Kernel {
  const pool = poolOf(spec);
  return rowsOfWindows(
    `sumPool2d/${pool.key}`,
    pool,
    2,
    [0, 1],
    (module, f, [out, x], { output, first, cells }) => {
      eachVectors(
        f,
        module,
        pool.channels,
        ({ channel, lanes, all }) => {
          const to = f.local("i32", i32.add(i32.add(out!, output), channel));
          const from = addressesOf(f, x!, channel, first.offset);
          all((shift) => {
            const sum = f.local("v128", f32x4.const(0));
            cells((offset, fixed) =>
              f.set(sum, f32x4.add(sum, v128.load(from(offset), fixed + shift))),
            );
            storeLanes(f, to, sum, lanes, shift);
          });
        },
        { pairs: pool.straight },
      );
    },
  );
}

/** A kernel whose work items are images; windows write to the cells under them. */
function cellsOfImages(
  key: string,
  spec: PoolSpec,
  pool: Pool,
  pointers: number,
  byImage: readonly number[],
  cleared: boolean,
  visit: Visit,
  outside?: (
    module: ModuleBuilder,
    f: FunctionBuilder,
    arrays: readonly Address[],
    image: Address,
  ) => void,
): Kernel {
  const count = (pool.images * pool.imageBytes) / 4;
  if (count === 0 || pool.rows * pool.columns === 0) return zeros({ key, count, pointers });
  /** All windows of an image: (pointers…, image) → (). */
  const one = (module: ModuleBuilder) =>
    module.func(
      `${key}/image`,
      Array.from({ length: pointers + 1 }, () => "i32" as const),
      (f, ...params) => {
        const arrays = params.slice(0, pointers) as Address[];
        const image = params[pointers] as Address;
        const row = f.local("i32");
        if (cleared)
          f.call(
            clear(module, pool.imageBytes / 4),
            i32.add(arrays[0]!, i32.mul(image, pool.imageBytes)),
          );
        f.loop(row, 0, pool.rows, 1, () =>
          eachWindow(f, pool, image, row, (window) => visit(module, f, arrays, window)),
        );
        outside?.(module, f, arrays, image);
      },
    );
  return {
    key,
    pointers,
    scratch: 0,
    workItems: spec.x[0]!,
    images: { count: spec.x[0]!, group: 1, firstItem: (image) => image, pointers: byImage },
    flops: ((pool.images * pool.outputBytes) / 4) * pool.cells,
    emit: (module) =>
      module.once(key, () => {
        const each = one(module);
        return module.func(
          key,
          Array.from({ length: pointers + 2 }, () => "i32" as const),
          (f, ...params) => {
            const image = f.local("i32");
            f.loop(image, params[pointers]!, params[pointers + 1]!, 1, () =>
              f.call(each, ...params.slice(0, pointers), image),
            );
          },
        );
      }),
  };
}

/**
 * Adds each window's number to all cells under it: the adjoint of `sumPool2d`. Pointers: the image,
 * the windows' numbers.
 */
export function sumPool2dInput(spec: PoolSpec): Kernel {
  const pool = poolOf(spec);
  return cellsOfImages(
    `sumPool2dInput/${pool.key}`,
    spec,
    pool,
    2,
    [0, 1],
    true,
    (module, f, [image, numbers], { output, first, cells }) => {
      eachVectors(
        f,
        module,
        pool.channels,
        ({ channel, lanes, all }) => {
          const from = f.local("i32", i32.add(i32.add(numbers!, output), channel));
          const to = addressesOf(f, image!, channel, first.offset);
          all((shift) => {
            const number = f.local("v128", v128.load(from, shift));
            cells((offset, fixed) =>
              storeLanes(
                f,
                to(offset),
                f32x4.add(v128.load(to(offset), fixed + shift), number),
                lanes,
                fixed + shift,
              ),
            );
          });
        },
        { pairs: pool.straight },
      );
    },
  );
}

/** Whether no cell lies under two windows: what `unpool2d` needs. */
export function windowsAreDisjoint({ attrs: { window, strides } }: PoolSpec): boolean {
  return strides[0] >= window[0] && strides[1] >= window[1];
}

/** Whether windows lie side by side without gaps, all within the image. */
export function windowsTile({ x, attrs }: PoolSpec): boolean {
  return (
    attrs.strides.every((step, d) => step === attrs.window[d]) && !poolOf({ x, attrs }).clipped
  );
}

/** What becomes of a number that is spread. */
export interface UnpoolEpilogue {
  /** Computes the result from the unpooled array and from other fusable inputs. */
  readonly loop: Loop;
  /** Which of its inputs is the unpooled array. */
  readonly input: number;
}

/**
 * Gives each window's number to the cell at its position and zero to all others: the adjoint of a
 * max pool whose windows lie `apart`. Pointers: the image, the windows' numbers, their positions
 * (int32), and the other inputs of the expression that they go through on the way, if there is one;
 * then windows must be `tiling`. `spec` is the pool's own.
 */
export function unpool2d(spec: PoolSpec, through?: UnpoolEpilogue): Kernel {
  if (!windowsAreDisjoint(spec))
    throw new Error(
      "unpool2d: expected windows that do not overlap, got windows " +
        `${spec.attrs.window.join("×")} at strides ${spec.attrs.strides.join("×")}; use ` +
        "scatterAlong",
    );
  const pool = poolOf(spec);
  const tiles = windowsTile(spec);
  const { loop: of, input: at } = through ?? { loop: plain(spec.x), input: 0 };
  if (through && !(tiles && isFusablePrologue(of)))
    throw new Error(
      "unpool2d: expected windows that tile and an expression of cells, channels and " +
        `numbers, got ${keyOf(of)}`,
    );
  const {
    body,
    outputs: [{ node }],
  } = of as Loop & { outputs: readonly [{ node: number }] };
  const read = readerOf(of);
  const name = `unpool2d/${pool.key}${through ? ` ${at} ${keyOf(of)}` : ""}`;
  /**
   * What the expression makes of a number spread to a cell, first for all vectors side by side,
   * then for the one at a shift.
   */
  const cellOf = (
    f: FunctionBuilder,
    [to, , , ...others]: readonly Address[],
    channel: Index,
    lanes: number,
    start: Index,
  ) => {
    const reader = read(f, [...others.slice(0, at), to!, ...others.slice(at)], channel, start);
    const target = addressesOf(f, to!, channel, start);
    return (shift: number): ((offset: Index, fixed: number, spread: V128) => void) => {
      const load = reader(shift);
      return (offset, fixed, spread) => {
        const value = emitBody(
          f,
          body,
          (input) => (input === at ? spread : load(input, offset, fixed)),
          new Map(),
          [node],
        )(node);
        storeLanes(f, target(offset), value, lanes, fixed + shift);
      };
    };
  };
  return cellsOfImages(
    name,
    spec,
    pool,
    2 + of.inputs.length,
    [
      0,
      1,
      2,
      ...cellsAmong(of)
        .filter((k) => k !== at)
        .map((k) => 3 + k - Number(k > at)),
    ],
    !tiles,
    (module, f, arrays, { output, first, cells }) => {
      const [, numbers, positions] = arrays;
      eachVectors(
        f,
        module,
        pool.channels,
        ({ channel, lanes, all }) => {
          const made = cellOf(f, arrays, channel, lanes, first.offset);
          const [from, places] = [numbers!, positions!].map((array) =>
            f.local("i32", i32.add(i32.add(array, output), channel)),
          ) as [Address, Address];
          all((shift) => {
            const cell = made(shift);
            const number = f.local("v128", v128.load(from, shift));
            const where = f.local("v128", v128.load(places, shift));
            cells((offset, fixed, position, fixedPosition) =>
              cell(
                offset,
                fixed,
                v128.and(number, i32x4.eq(where, i32x4.splat(i32.add(position, fixedPosition)))),
              ),
            );
          });
        },
        { pairs: pool.straight },
      );
    },
    tiles
      ? (module, f, arrays, image) =>
          eachOutside(f, pool, image, (offset) =>
            eachVectors(f, module, pool.channels, ({ channel, lanes, all }) => {
              const made = cellOf(f, arrays, channel, lanes, offset);
              all((shift) => made(shift)(offset, 0, f.local("v128", f32x4.const(0))));
            }),
          )
      : undefined,
  );
}
