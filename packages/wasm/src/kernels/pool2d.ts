import { f32x4, i32, i32x4, v128, type FunctionBuilder, type I32, type Index, type Local, type ModuleBuilder, type V128 } from "@tenon/emit";
import { stridesOf } from "@tenon/tensor";
import { emitBody } from "./body.js";
import { clear } from "./internal/im2col.js";
import { eachChannels, eachWindow, poolOf, type Pool, type PoolSpec, type Window } from "./internal/poolWindows.js";
import { storeLanes } from "./internal/span.js";
import { zeros } from "./internal/zeros.js";
import type { Kernel } from "./kernel.js";
import { keyOf, type Loop } from "./loop.js";

export type { PoolSpec };

type Address = Local<"i32">;

/** Emits the code of one window. */
type Visit = (module: ModuleBuilder, f: FunctionBuilder, arrays: readonly Address[], window: Window) => void;

/** A kernel whose pieces are rows of windows; each window writes only its own outputs. */
function rowsOfWindows(key: string, pool: Pool, pointers: number, visit: Visit): Kernel {
  return {
    key, pointers, scratch: 0,
    pieces: pool.channels > 0 ? pool.images * pool.rows : 0,
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

/** The image as it is. */
const plain = (shape: readonly number[]): Loop => ({ shape, inputs: [{ strides: stridesOf(shape), offset: 0 }], body: [{ op: "load", input: 0, dtype: "float32" }], outputs: [{ node: 0 }] });

/** The largest of each window, where it lies, or both. The first of equals wins, and the first that is not a number wins over all. */
function largest(name: string, spec: PoolSpec, values: boolean, positions: boolean, of: Loop = plain(spec.x)): Kernel {
  if (!poolable(of)) throw new Error(`${name}: expected an expression of cells, channels and numbers, got ${keyOf(of)}`);
  const pool = poolOf(spec), results = Number(values) + Number(positions);
  const { inputs, body, outputs: [{ node }] } = of as Loop & { outputs: readonly [{ node: number }] };
  const ways = inputs.map(({ strides }) => reading(of.shape, strides)!);
  return rowsOfWindows(`${name}/${pool.key}${body.length > 1 ? ` ${keyOf(of)}` : ""}`, pool, results + inputs.length, (module, f, arrays, { output, first, cells }) => {
    eachChannels(f, module, pool, (channel, lanes, shift) => {
      const best = f.local("v128"), where = f.local("v128"), value = f.local("v128"), keep = f.local("v128"), place = f.local("v128");
      const starts = inputs.map(() => f.local("i32"));
      const cell = (input: number, offset: Index): I32 => i32.add(i32.add(arrays[results + input]!, offset), channel);
      const load = (input: number, offset: Index, fixed: number): V128 => {
        const x = arrays[results + input]!;
        return ways[input] === "number" ? v128.loadSplat(x) : ways[input] === "channel" ? v128.load(i32.add(x, channel), shift) : v128.load(offset === first.offset ? starts[input]! : cell(input, offset), fixed + shift);
      };
      ways.forEach((way, input) => { if (way === "cell") f.set(starts[input]!, cell(input, first.offset)); });
      const from = (offset: Index, fixed = 0): V128 => emitBody(f, body, (input) => load(input, offset, fixed), new Map(), [node])(node);
      f.set(best, from(first.offset));
      f.set(place, i32x4.splat(first.position));
      f.set(where, place);
      cells((offset, fixed, position, fixedPosition) => {
        const known = offset === first.offset;
        if (known && fixed === 0) return; // the first cell
        f.set(value, from(offset, fixed));
        f.set(keep, v128.or(f32x4.ne(best, best), f32x4.le(value, best)));
        f.set(best, v128.select(keep, best, value));
        if (positions) f.set(where, v128.select(keep, where, known ? i32x4.add(place, i32x4.const(fixedPosition)) : i32x4.splat(position)));
      });
      const to = (array: number): I32 => i32.add(i32.add(arrays[array]!, output), channel);
      if (values) storeLanes(f, to(0), best, lanes, shift);
      if (positions) storeLanes(f, to(values ? 1 : 0), where, lanes, shift);
    });
  });
}

/** The largest of each window and its position `row · width + column`. Pointers: values, positions (int32), image, or the inputs of the expression `of` that stands for it. */
export function maxPool2d(spec: PoolSpec, of?: Loop): Kernel {
  return largest("maxPool2d", spec, true, true, of);
}

/** The largest of each window alone, when nobody asks where it lies. Pointers: values, image. */
export function maxPool2dValues(spec: PoolSpec, of?: Loop): Kernel {
  return largest("maxPool2dValues", spec, true, false, of);
}

/** The position `row · width + column` of each window's largest. Pointers: positions (int32), image. */
export function argMaxPool2d(spec: PoolSpec, of?: Loop): Kernel {
  return largest("argMaxPool2d", spec, false, true, of);
}

/** The sum of each window, in row-major order. Pointers: sums, image. */
export function sumPool2d(spec: PoolSpec): Kernel {
  const pool = poolOf(spec);
  return rowsOfWindows(`sumPool2d/${pool.key}`, pool, 2, (module, f, [out, x], { output, cells }) => {
    eachChannels(f, module, pool, (channel, lanes, shift) => {
      const sum = f.local("v128");
      f.set(sum, f32x4.const(0));
      cells((offset, fixed) => f.set(sum, f32x4.add(sum, v128.load(i32.add(i32.add(x!, offset), channel), fixed + shift))));
      storeLanes(f, i32.add(i32.add(out!, output), channel), sum, lanes, shift);
    });
  });
}

/** A kernel whose pieces are images; windows write to the cells under them. */
function cellsOfImages(key: string, spec: PoolSpec, pool: Pool, pointers: number, cleared: boolean, visit: Visit): Kernel {
  const count = pool.images * pool.imageBytes / 4;
  if (count === 0 || pool.rows * pool.columns === 0) return zeros({ key, count, pointers });
  /** All windows of an image: (pointers…, image) → (). */
  const one = (module: ModuleBuilder) => module.func(`${key}/image`, Array.from({ length: pointers + 1 }, () => "i32" as const), (f, ...params) => {
    const arrays = params.slice(0, pointers) as Address[], image = params[pointers] as Address, row = f.local("i32");
    if (cleared) f.call(clear(module, pool.imageBytes / 4), i32.add(arrays[0]!, i32.mul(image, pool.imageBytes)));
    f.loop(row, 0, pool.rows, 1, () => eachWindow(f, pool, image, row, (window) => visit(module, f, arrays, window)));
  });
  return {
    key, pointers, scratch: 0,
    pieces: spec.x[0]!,
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
  return cellsOfImages(`spreadPool2d/${pool.key}`, spec, pool, 2, true, (module, f, [image, numbers], { output, cells }) => {
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

/**
 * Gives each window's number to the cell at its position and zero to all others: the adjoint of a max pool whose windows
 * lie `apart`. Pointers: the image, the windows' numbers, their positions (int32). `spec` is the pool's own.
 */
export function maxPoolScatter(spec: PoolSpec): Kernel {
  if (!apart(spec)) throw new Error(`maxPoolScatter: expected windows that lie apart, got windows ${spec.attrs.window.join("×")} at strides ${spec.attrs.strides.join("×")}; use scatterAlong`);
  const pool = poolOf(spec), { window, strides, image } = spec.attrs;
  const covers = window[0] === strides[0] && window[1] === strides[1] && !pool.clipped && pool.rows * window[0] === image[0] && pool.columns * window[1] === image[1];
  return cellsOfImages(`maxPoolScatter/${pool.key}`, spec, pool, 3, !covers, (module, f, [to, numbers, positions], { output, cells }) => {
    eachChannels(f, module, pool, (channel, lanes, shift) => {
      const number = f.local("v128", v128.load(i32.add(i32.add(numbers!, output), channel), shift));
      const where = f.local("v128", v128.load(i32.add(i32.add(positions!, output), channel), shift));
      cells((offset, fixed, position, fixedPosition) => {
        const chosen = i32x4.eq(where, i32x4.splat(i32.add(position, fixedPosition)));
        storeLanes(f, i32.add(i32.add(to!, offset), channel), v128.and(number, chosen), lanes, fixed + shift);
      });
    });
  });
}
