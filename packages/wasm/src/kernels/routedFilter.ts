import { i32, i32x4, v128, type FunctionBuilder, type FunctionIndex, type Index, type Local, type ModuleBuilder } from "@tenon/emit";
import { elementwise } from "./elementwise.js";
import { byParts } from "./internal/byParts.js";
import { addRows, entryBytes, evenly, notZero, sumsAtOnce } from "./internal/entries.js";
import { paddedBytes, type ConvSpec } from "./internal/geometry.js";
import { clear, padImage } from "./internal/im2col.js";
import { areFinite } from "./internal/looks.js";
import { multiplyAdd } from "./internal/multiplyAdd.js";
import type { PoolSpec } from "./internal/poolWindows.js";
import { cellBytes, routesOf, type Routes } from "./internal/routes.js";
import { seenBy } from "./internal/seenBy.js";
import { sumParts } from "./internal/sumParts.js";
import type { Kernel, Stages } from "./kernel.js";

type Address = Local<"i32">;

/** The batch is cut into at most this many parts, each with a slope of its own, as long as those take no more than so much memory. */
const mostParts = 8, partsBytes = 8 * 1024 * 1024;

/** Of so few vectors the sums of four outputs stay in registers, and numbers are taken as they come. */
const fewVectors = 3;

/** Vectors of a cell's channels that are looked at together, so that what is seen of an image stays in the first cache. */
const blockVectors = 8;

/**
 * What a convolution's kernel gets if its output's slope comes from a max pool: for each output, Σ number · what the window's
 * largest saw. Zeros among the numbers, as dropout and ReLU leave them, are left out.
 * Operands: 0 the kernel's slope, 1 the image x, 2 the pool's numbers, 3 their positions (int32). `spec` is the convolution's own, `pool` the pool's.
 *
 * Parts of the batch, of a number that depends on shapes only, are summed apart, image after image, and then added in order.
 */
export function routedFilter(spec: ConvSpec, pool: PoolSpec): Stages {
  const r = routesOf(spec, pool), [kh, kw, c, o] = spec.w as [number, number, number, number], { run, bytes } = seenOf(r);
  const floats = o * bytes / 4, parts = Math.max(1, Math.min(mostParts, r.conv.images, Math.floor(partsBytes / (4 * floats))));
  // [output, row, run of cells] becomes [row, run, output].
  const turned = elementwise({ shape: [kh, kw * c, o], inputs: [{ strides: [4 * run, 1, bytes / 4], offset: 0 }], body: [{ op: "load", input: 0, dtype: "float32" }], outputs: [{ node: 0 }] });
  const slopes = { kernel: partialSlopes(r, parts), operands: [4, 1, 2, 3] };
  if (parts === 1) return { temporaries: [4 * floats], stages: [slopes, { kernel: turned, operands: [0, 4] }] };
  return { temporaries: [4 * parts * floats, 4 * floats], stages: [slopes, { kernel: sumParts(parts, floats), operands: [5, 4] }, { kernel: turned, operands: [0, 5] }] };
}

/** What an output sees: vectors in a row of the kernel, the last filled up; bytes in all; bytes from one row to the next in the image. */
function seenOf({ conv: { c, rowStep }, attrs: { kernel: [kh, kw], strides } }: Routes): { readonly run: number; readonly bytes: number; readonly line: number } {
  const run = Math.ceil((kw * c) / 4);
  return { run, bytes: 16 * kh * run, line: rowStep / strides[0] };
}

/** Pointers: slopes [parts, outputs, rows, run], x, numbers, positions. A piece is a part. */
function partialSlopes(r: Routes, parts: number): Kernel {
  const { conv: g, pool, windows, attrs: { kernel } } = r, key = `routedFilter/${r.key}/${parts}`, { run, bytes } = seenOf(r), few = kernel[0] * run <= fewVectors;
  const listsBytes = 16 * Math.ceil((few ? windows * windowBytes : g.o * (windows * entryBytes + 4)) / 16), imageBytes = 4 * g.image[0] * g.image[1] * g.c;
  return {
    key, pointers: 4, pieces: parts, flops: r.flops,
    ...byParts(g.images, parts, 1, [1, 2, 3]),
    scratch: listsBytes + paddedBytes(g) + 16,
    emit: (module) => module.once(key, () => {
      const one = few ? slopesOfFew(module, r) : slopesOfImage(module, r);
      return module.func(key, new Array(7).fill("i32"), (f, ...params) => {
        const [dw, x, numbers, positions, lists, begin, end] = params as [Address, Address, Address, Address, Address, Address, Address];
        const padded = f.local("i32", i32.add(lists, listsBytes)), part = f.local("i32"), image = f.local("i32"), last = f.local("i32"), to = f.local("i32"), from = f.local("i32"), at = f.local("i32");
        if (g.padded) f.call(clear(module, paddedBytes(g) / 4), padded);
        f.loop(part, begin, end, 1, () => {
          f.set(to, i32.add(dw, i32.mul(part, g.o * bytes)));
          f.call(clear(module, g.o * bytes / 4), to);
          f.set(last, i32.divU(i32.mul(i32.add(part, 1), g.images), parts));
          f.loop(image, i32.divU(i32.mul(part, g.images), parts), last, 1, () => {
            f.set(from, i32.add(x, i32.mul(image, imageBytes)));
            if (g.padded) {
              f.call(padImage(module, g), padded, from);
              f.set(from, padded);
            }
            f.set(at, i32.mul(image, pool.outputBytes));
            f.call(one, to, from, i32.add(numbers, at), i32.add(positions, at), lists);
          });
        });
      });
    }),
  };
}

/** Emits code for four outputs, then four more, and then those left: bytes from the first, how many. */
function eachFour(f: FunctionBuilder, outputs: number, visit: (first: Address, lanes: number) => void): void {
  const first = f.local("i32"), whole = outputs - (outputs % 4);
  f.loop(first, 0, 4 * whole, 16, () => visit(first, 4));
  if (outputs > whole) visit(f.local("i32", i32.const(4 * whole)), outputs - whole);
}

/** Emits code for each window of an image: its first cell's position, the address of what that saw, bytes from the start of the numbers. */
function eachWindow(f: FunctionBuilder, { conv: g, pool: { rows, columns, attrs: { window: [ph, pw] } } }: Routes, x: Address, visit: (first: Address, saw: Address, window: Address) => void): void {
  const i = f.local("i32"), j = f.local("i32"), first = f.local("i32"), saw = f.local("i32"), window = f.local("i32", i32.const(0));
  f.loop(i, 0, rows, 1, () => {
    f.set(first, i32.mul(i, ph * g.columns));
    f.set(saw, i32.add(x, i32.mul(i, ph * g.rowStep)));
    f.loop(j, 0, columns, 1, () => {
      visit(first, saw, window);
      f.bump(first, pw);
      f.bump(saw, pw * g.pixelStep);
      f.bump(window, 4 * g.o);
    });
  });
}

/** Emits code for what a window sends to four outputs: numbers, and the addresses of what their cells saw. */
function route(f: FunctionBuilder, { conv: g, pool }: Routes, numbers: Address, positions: Address, first: Index, saw: Index, at: Address, number: Local<"v128">, row: Local<"v128">): void {
  f.set(number, v128.load(i32.add(numbers, at)));
  f.set(row, i32x4.add(cellBytes(f, pool, v128.load(i32.add(positions, at)), first, g.pixelStep, g.rowStep), i32x4.splat(saw)));
}

/** (slopes, image, numbers, positions, lists) → (): lists for each output, and then its sums, as many at a time as fit into registers. */
function slopesOfImage(module: ModuleBuilder, r: Routes): FunctionIndex {
  const { conv: g, attrs: { kernel: [kh, kw] }, windows } = r, list = listByOutput(module, r), { run, bytes, line } = seenOf(r), perList = windows * entryBytes;
  // Channels that fill vectors are cut into blocks; others are not cut.
  const vectors = g.c / 4, block = g.c % 4 > 0 ? run : Math.max(...Array.from({ length: blockVectors }, (_, n) => n + 1).filter((n) => vectors % n === 0));
  const blocks = g.c % 4 > 0 ? 1 : vectors / block, cells = g.c % 4 > 0 ? 1 : kw;
  /** Vectors of a block: where in the image, where in the slopes. */
  const all = Array.from({ length: kh * cells * block }, (_, k) => {
    const v = k % block, cell = Math.floor(k / block) % cells, row = Math.floor(k / (block * cells));
    return { from: row * line + 4 * g.c * cell + 16 * v, to: 16 * row * run + 4 * g.c * cell + 16 * v };
  });
  const atOnce = evenly(all.length, sumsAtOnce(module));
  return module.func(`routedFilter/${r.key}/image`, new Array(5).fill("i32"), (f, ...params) => {
    const [dw, x, numbers, positions, lists] = params as [Address, Address, Address, Address, Address];
    const ends = f.local("i32", i32.add(lists, g.o * perList)), shift = f.local("i32"), output = f.local("i32"), from = f.local("i32"), to = f.local("i32"), entry = f.local("i32"), end = f.local("i32");
    const sums = Array.from({ length: atOnce }, () => f.local("v128"));
    f.call(list, x, numbers, positions, lists, ends);
    f.loop(shift, 0, 16 * block * blocks, 16 * block, () => {
      f.set(to, i32.add(dw, shift));
      f.set(from, lists);
      f.loop(output, 0, 4 * g.o, 4, () => {
        f.set(end, i32.load(i32.add(ends, output)));
        // The same list again and again: the processor learns where it ends.
        for (let k = 0; k < all.length; k += atOnce) {
          const these = all.slice(k, k + atOnce), own = sums.slice(0, these.length);
          own.forEach((sum, v) => f.set(sum, v128.load(to, these[v]!.to)));
          f.set(entry, from);
          addRows(module, f, own, these.map((place) => place.from), entry, end, shift);
          own.forEach((sum, v) => f.store("v128", to, sum, these[v]!.to));
        }
        f.bump(from, perList);
        f.bump(to, bytes);
      });
    });
  });
}

/** (image, numbers, positions, lists, ends) → (): for each output, its numbers of an image that are not zero, each with the address of what it saw. */
function listByOutput(module: ModuleBuilder, r: Routes): FunctionIndex {
  const perList = r.windows * entryBytes;
  return module.func(`routedFilter/${r.key}/list`, new Array(5).fill("i32"), (f, ...params) => {
    const [x, numbers, positions, lists, ends] = params as [Address, Address, Address, Address, Address];
    const step = f.local("v128"), number = f.local("v128"), row = f.local("v128"), at = f.local("i32");
    eachFour(f, r.conv.o, (outputs, lanes) => {
      const own = Array.from({ length: lanes }, (_, lane) => f.local("i32", i32.add(lists, i32.add(i32.mul(outputs, perList / 4), lane * perList))));
      eachWindow(f, r, x, (first, saw, window) => {
        f.set(at, i32.add(window, outputs));
        route(f, r, numbers, positions, first, saw, at, number, row);
        f.set(step, v128.and(notZero(number), i32x4.const(entryBytes)));
        // What is zero is overwritten by what comes next.
        own.forEach((list, lane) => {
          f.storeLane(list, lane, number);
          f.storeLane(list, lane, row, 4);
          f.bump(list, i32x4.lane(step, lane));
        });
      });
      own.forEach((list, lane) => f.store("i32", i32.add(ends, outputs), list, 4 * lane));
    });
  });
}

/** Bytes of what is known of a window: its first cell's position, the address of what that saw, bytes from the start of the numbers. */
const windowBytes = 12;

/** (slopes, image, numbers, positions, windows) → (): of the windows that saw something, and of all if a number is not finite. */
function slopesOfFew(module: ModuleBuilder, r: Routes): FunctionIndex {
  const { conv: g, attrs, pool, windows } = r, { run, bytes, line } = seenOf(r);
  const places = Array.from({ length: attrs.kernel[0] * run }, (_, k) => Math.floor(k / run) * line + 16 * (k % run));
  return module.func(`routedFilter/${r.key}/few`, new Array(5).fill("i32"), (f, ...params) => {
    const [dw, x, numbers, positions, known] = params as [Address, Address, Address, Address, Address];
    const to = f.local("i32"), cell = f.local("i32"), one = f.local("v128"), end = f.local("i32"), all = f.local("i32"), window = f.local("i32"), at = f.local("i32"), number = f.local("v128"), row = f.local("v128");
    f.call(areFinite(module, { runs: 1, stride: 0, step: 1 }), known, numbers, windows * g.o);
    f.set(all, i32.load(known));
    f.set(end, known);
    eachWindow(f, r, x, (first, saw, number) => f.if(i32.or(v128.any(seenBy(g, attrs, pool, saw)), all), () => {
      [first, saw, number].forEach((value, k) => f.store("i32", end, value, 4 * k));
      f.bump(end, windowBytes);
    }));
    eachFour(f, g.o, (outputs, lanes) => {
      const sums = Array.from({ length: lanes }, () => places.map(() => f.local("v128")));
      const each = (visit: (sum: Local<"v128">, offset: number) => void): void => sums.forEach((own, lane) => own.forEach((sum, k) => visit(sum, lane * bytes + 16 * k)));
      f.set(to, i32.add(dw, i32.mul(outputs, bytes / 4)));
      each((sum, offset) => f.set(sum, v128.load(to, offset)));
      f.loop(window, known, end, windowBytes, () => {
        f.set(at, i32.add(i32.load(window, 8), outputs));
        route(f, r, numbers, positions, i32.load(window), i32.load(window, 4), at, number, row);
        f.block((exit) => sums.forEach((own, lane) => {
          // As in `addRows`: a new basic block.
          if (lane > 0) f.jumpIf(i32.eqz(cell), exit);
          f.set(cell, i32x4.lane(row, lane));
          f.set(one, v128.shuffle32(number, number, [lane, lane, lane, lane]));
          own.forEach((sum, k) => f.set(sum, multiplyAdd(module, sum, one, v128.load(cell, places[k]!))));
        }));
      });
      each((sum, offset) => f.store("v128", to, sum, offset));
    });
  });
}
