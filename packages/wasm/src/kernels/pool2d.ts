import { f32x4, i32, i32x4, v128, type FunctionBuilder, type I32, type Index, type Local, type ModuleBuilder, type V128 } from "@tenon/emit";
import { stridesOf } from "@tenon/tensor";
import { emitBody } from "./body.js";
import { clear } from "./internal/im2col.js";
import { eachChannels, eachOutside, eachWindow, poolOf, type Pool, type PoolSpec, type Window } from "./internal/poolWindows.js";
import { storeLanes } from "./internal/span.js";
import { zeros } from "./internal/zeros.js";
import type { Kernel } from "./kernel.js";
import { keyOf, type Loop } from "./loop.js";

export type { PoolSpec };

type Address = Local<"i32">;

/** Emits the code of one window. */
type Visit = (module: ModuleBuilder, f: FunctionBuilder, arrays: readonly Address[], window: Window) => void;

/** A kernel whose pieces are rows of windows; each window writes only its own outputs. */
function rowsOfWindows(key: string, pool: Pool, pointers: number, byImage: readonly number[], visit: Visit): Kernel {
  return {
    key, pointers, scratch: 0,
    pieces: pool.channels > 0 ? pool.images * pool.rows : 0,
    images: { count: pool.images, step: 1, piece: (image) => i32.mul(image, pool.channels > 0 ? pool.rows : 0), pointers: byImage },
    flops: (pool.images * pool.outputBytes / 4) * pool.cells,
    emit: (module) => module.once(key, () => module.func(key, Array.from({ length: pointers + 2 }, () => "i32" as const), (f, ...params) => {
      const [begin, end] = params.slice(pointers) as [Address, Address];
      const piece = f.local("i32"), image = f.local("i32"), row = f.local("i32");
      f.loop(piece, begin, end, 1, () => {
        f.set(image, i32.divU(piece, pool.rows));
        f.set(row, i32.remU(piece, pool.rows));
        eachWindow(f, pool, image, row, (window) => visit(module, f, params as Address[], window));
      });
    })),
  };
}

/** How a pool may read an input of the expression it looks at: cell by cell, one number for each channel, or one number. */
export function poolable({ shape, inputs }: Pick<Loop, "shape" | "inputs">): boolean {
  return inputs.every(({ strides, offset }) => reading(shape, strides) !== undefined && offset === 0);
}

function reading(shape: readonly number[], strides: readonly number[]): "cell" | "channel" | "number" | undefined {
  const steps = strides.map((step, axis) => (shape[axis] === 1 ? undefined : step)), dense = stridesOf(shape);
  const like = (wanted: readonly number[]): boolean => steps.every((step, axis) => step === undefined || step === wanted[axis]);
  return like(dense) ? "cell" : like([0, 0, 0, 1]) ? "channel" : like([0, 0, 0, 0]) ? "number" : undefined;
}

/** Which inputs of an expression are read cell by cell. */
const cellsAmong = ({ shape, inputs }: Pick<Loop, "shape" | "inputs">): number[] => inputs.flatMap(({ strides }, k) => (reading(shape, strides) === "cell" ? [k] : []));

/** Emits how the inputs of an expression are read at a cell. What lies at a fixed distance from `start` is read with a fixed offset. */
function readerOf({ shape, inputs }: Pick<Loop, "shape" | "inputs">) {
  const ways = inputs.map(({ strides }) => reading(shape, strides)!);
  return (f: FunctionBuilder, arrays: readonly Address[], channel: Index, shift: number, start: Index): ((input: number, offset: Index, fixed: number) => V128) => {
    const cell = (input: number, offset: Index): I32 => i32.add(i32.add(arrays[input]!, offset), channel);
    const starts = ways.map((way, input) => (way === "cell" ? f.local("i32", cell(input, start)) : undefined));
    // What is the same for all cells of a window is read once.
    const same = ways.map((way, input) => (way === "cell" ? undefined : f.local("v128", way === "number" ? v128.loadSplat(arrays[input]!) : v128.load(i32.add(arrays[input]!, channel), shift))));
    return (input, offset, fixed) => same[input] ?? v128.load(offset === start ? starts[input]! : cell(input, offset), fixed + shift);
  };
}

/** The image as it is. */
const plain = (shape: readonly number[]): Loop => ({ shape, inputs: [{ strides: stridesOf(shape), offset: 0 }], body: [{ op: "load", input: 0, dtype: "float32" }], outputs: [{ node: 0 }] });

export interface MaxPool {
  /** What stands for the image, an expression of what may be read in one of the `poolable` ways. More of its outputs are taken along from where the first is largest. @defaultValue the image as it is */
  readonly of?: Loop;
  /** Whether to store the largest themselves. @defaultValue true */
  readonly values?: boolean;
  /** Whether to store where they lie: `row · width + column`, int32. @defaultValue true */
  readonly positions?: boolean;
}

/**
 * The largest of each window. The first of equals wins, and the first that is not a number wins over all.
 * Pointers: the values, what is taken along, the positions, and then the image, or what the expression reads.
 */
export function maxPool2d(spec: PoolSpec, { of = plain(spec.x), values = true, positions = true }: MaxPool = {}): Kernel {
  if (!poolable(of)) throw new Error(`maxPool2d: expected an expression of cells, channels and numbers, got ${keyOf(of)}`);
  const pool = poolOf(spec), { inputs, body, outputs } = of, nodes = outputs.map(({ node }) => node);
  const stored = nodes.flatMap((_, k) => (k > 0 || values ? [k] : [])), results = stored.length + Number(positions);
  const read = readerOf(of);
  const name = `maxPool2d${values ? "" : "/positions"}${positions ? "" : "/values"}`;
  return rowsOfWindows(`${name}/${pool.key}${body.length > 1 ? ` ${keyOf(of)}` : ""}`, pool, results + inputs.length, [...stored.map((_, k) => k), ...(positions ? [results - 1] : []), ...cellsAmong(of).map((k) => results + k)], (module, f, arrays, { output, first, cells }) => {
    eachChannels(f, module, pool, (channel, lanes, shift) => {
      const best = nodes.map(() => f.local("v128")), where = f.local("v128"), keep = f.local("v128"), place = f.local("v128");
      const load = read(f, arrays.slice(results), channel, shift, first.offset);
      const from = (offset: Index, fixed = 0): ((node: number) => V128) => emitBody(f, body, (input) => load(input, offset, fixed), new Map(), nodes);
      const start = from(first.offset);
      nodes.forEach((node, k) => f.set(best[k]!, start(node)));
      f.set(place, i32x4.splat(first.position));
      f.set(where, place);
      const largest = best[0]!, values = nodes.map(() => f.local("v128"));
      cells((offset, fixed, position, fixedPosition) => {
        const known = offset === first.offset;
        if (known && fixed === 0) return; // the first cell
        const here = from(offset, fixed);
        nodes.forEach((node, k) => f.set(values[k]!, here(node)));
        f.set(keep, v128.or(f32x4.ne(largest, largest), f32x4.le(values[0]!, largest)));
        best.forEach((local, k) => f.set(local, v128.select(keep, local, values[k]!)));
        if (positions) f.set(where, v128.select(keep, where, known ? i32x4.add(place, i32x4.const(fixedPosition)) : i32x4.splat(position)));
      });
      const made = [...stored.map((k) => best[k]!), ...(positions ? [where] : [])];
      made.forEach((value, array) => storeLanes(f, i32.add(i32.add(arrays[array]!, output), channel), value, lanes, shift));
    });
  });
}

/** The sum of each window, in row-major order. Pointers: sums, image. */
export function sumPool2d(spec: PoolSpec): Kernel {
  const pool = poolOf(spec);
  return rowsOfWindows(`sumPool2d/${pool.key}`, pool, 2, [0, 1], (module, f, [out, x], { output, cells }) => {
    eachChannels(f, module, pool, (channel, lanes, shift) => {
      const sum = f.local("v128");
      f.set(sum, f32x4.const(0));
      cells((offset, fixed) => f.set(sum, f32x4.add(sum, v128.load(i32.add(i32.add(x!, offset), channel), fixed + shift))));
      storeLanes(f, i32.add(i32.add(out!, output), channel), sum, lanes, shift);
    });
  });
}

/** A kernel whose pieces are images; windows write to the cells under them. */
function cellsOfImages(key: string, spec: PoolSpec, pool: Pool, pointers: number, byImage: readonly number[], cleared: boolean, visit: Visit, outside?: (module: ModuleBuilder, f: FunctionBuilder, arrays: readonly Address[], image: Address) => void): Kernel {
  const count = pool.images * pool.imageBytes / 4;
  if (count === 0 || pool.rows * pool.columns === 0) return zeros({ key, count, pointers });
  /** All windows of an image: (pointers…, image) → (). */
  const one = (module: ModuleBuilder) => module.func(`${key}/image`, Array.from({ length: pointers + 1 }, () => "i32" as const), (f, ...params) => {
    const arrays = params.slice(0, pointers) as Address[], image = params[pointers] as Address, row = f.local("i32");
    if (cleared) f.call(clear(module, pool.imageBytes / 4), i32.add(arrays[0]!, i32.mul(image, pool.imageBytes)));
    f.loop(row, 0, pool.rows, 1, () => eachWindow(f, pool, image, row, (window) => visit(module, f, arrays, window)));
    outside?.(module, f, arrays, image);
  });
  return {
    key, pointers, scratch: 0,
    pieces: spec.x[0]!,
    images: { count: spec.x[0]!, step: 1, piece: (image) => image, pointers: byImage },
    flops: (pool.images * pool.outputBytes / 4) * pool.cells,
    emit: (module) => module.once(key, () => {
      const each = one(module);
      return module.func(key, Array.from({ length: pointers + 2 }, () => "i32" as const), (f, ...params) => {
        const image = f.local("i32");
        f.loop(image, params[pointers]!, params[pointers + 1]!, 1, () => f.call(each, ...params.slice(0, pointers), image));
      });
    }),
  };
}

/** Adds each window's number to all cells under it: the adjoint of `sumPool2d`. Pointers: the image, the windows' numbers. */
export function spreadPool2d(spec: PoolSpec): Kernel {
  const pool = poolOf(spec);
  return cellsOfImages(`spreadPool2d/${pool.key}`, spec, pool, 2, [0, 1], true, (module, f, [image, numbers], { output, cells }) => {
    eachChannels(f, module, pool, (channel, lanes, shift) => {
      const number = f.local("v128", v128.load(i32.add(i32.add(numbers!, output), channel), shift));
      cells((offset, fixed) => {
        const at = i32.add(i32.add(image!, offset), channel);
        storeLanes(f, at, f32x4.add(v128.load(at, fixed + shift), number), lanes, fixed + shift);
      });
    });
  });
}

/** Whether no cell lies under two windows: what `maxPoolScatter` needs. */
export function apart({ attrs: { window, strides } }: PoolSpec): boolean {
  return strides[0] >= window[0] && strides[1] >= window[1];
}

/** Whether windows lie side by side without gaps, all within the image. */
export function tiling({ x, attrs }: PoolSpec): boolean {
  return attrs.strides.every((step, d) => step === attrs.window[d]) && !poolOf({ x, attrs }).clipped;
}

/** What becomes of a number that is spread. */
export interface Spread {
  /** An expression of the spread numbers and of what may be read in one of the `poolable` ways. */
  readonly of: Loop;
  /** Which of its inputs the spread numbers are. */
  readonly at: number;
}

/**
 * Gives each window's number to the cell at its position and zero to all others: the adjoint of a max pool whose windows
 * lie `apart`. Pointers: the image, the windows' numbers, their positions (int32), and the other inputs of the expression that
 * they go through on the way, if there is one; then windows must be `tiling`. `spec` is the pool's own.
 */
export function maxPoolScatter(spec: PoolSpec, through?: Spread): Kernel {
  if (!apart(spec)) throw new Error(`maxPoolScatter: expected windows that lie apart, got windows ${spec.attrs.window.join("×")} at strides ${spec.attrs.strides.join("×")}; use scatterAlong`);
  const pool = poolOf(spec), tiles = tiling(spec), { of, at } = through ?? { of: plain(spec.x), at: 0 };
  if (through && !(tiles && poolable(of))) throw new Error(`maxPoolScatter: expected windows that tile and an expression of cells, channels and numbers, got ${keyOf(of)}`);
  const { body, outputs: [{ node }] } = of as Loop & { outputs: readonly [{ node: number }] }, read = readerOf(of);
  const name = `maxPoolScatter/${pool.key}${through ? ` ${at} ${keyOf(of)}` : ""}`;
  /** What the expression makes of a number spread to a cell. */
  const cellOf = (f: FunctionBuilder, [to, , , ...others]: readonly Address[], channel: Index, lanes: number, shift: number, start: Index): ((offset: Index, fixed: number, spread: V128) => void) => {
    const load = read(f, [...others.slice(0, at), to!, ...others.slice(at)], channel, shift, start), target = f.local("i32", i32.add(i32.add(to!, start), channel));
    return (offset, fixed, spread) => {
      const value = emitBody(f, body, (input) => (input === at ? spread : load(input, offset, fixed)), new Map(), [node])(node);
      storeLanes(f, offset === start ? target : i32.add(i32.add(to!, offset), channel), value, lanes, fixed + shift);
    };
  };
  return cellsOfImages(name, spec, pool, 2 + of.inputs.length, [0, 1, 2, ...cellsAmong(of).filter((k) => k !== at).map((k) => 3 + k - Number(k > at))], !tiles, (module, f, arrays, { output, first, cells }) => {
    eachChannels(f, module, pool, (channel, lanes, shift) => {
      const [, numbers, positions] = arrays, cell = cellOf(f, arrays, channel, lanes, shift, first.offset);
      const number = f.local("v128", v128.load(i32.add(i32.add(numbers!, output), channel), shift));
      const where = f.local("v128", v128.load(i32.add(i32.add(positions!, output), channel), shift));
      cells((offset, fixed, position, fixedPosition) => {
        cell(offset, fixed, v128.and(number, i32x4.eq(where, i32x4.splat(i32.add(position, fixedPosition)))));
      });
    });
  }, tiles ? (module, f, arrays, image) => eachOutside(f, pool, image, (offset) => {
    eachChannels(f, module, { ...pool, straight: true }, (channel, lanes, shift) => cellOf(f, arrays, channel, lanes, shift, offset)(offset, 0, f.local("v128", f32x4.const(0))));
  }) : undefined);
}
