import { f32x4, i32, v128, type FunctionIndex, type Local, type ModuleBuilder } from "@tenon/emit";
import { partialSumsBytes } from "../../../machine.js";
import { elementwise } from "../../loop/elementwise.js";
import { bandOf, eachFour, eachRoute, route, seenOf, type Band } from "./bands.js";
import { byParts } from "../../reduce/byParts.js";
import { addRows, appendEach, entryBytes, evenly, sumsAtOnce } from "../../gemm/entries.js";
import { paddedBytes, type ConvSpec } from "../geometry.js";
import { clear, padImage } from "../im2col/im2col.js";
import type { PoolSpec } from "../../pool/poolWindows.js";
import { routesOf, type Routes } from "./routes.js";
import { seenByFew } from "./seenBy.js";
import { gradientsOfFew, windowBytes } from "./gradientsOfFew.js";
import { sumParts } from "../../reduce/sumParts.js";
import type { Kernel, Stages } from "../../kernel.js";

type Address = Local<"i32">;

/**
 * The batch is cut into at most this many parts, each with a gradient of its own, as long as those
 * take no more than so much memory; and outputs into work items if parts are few.
 */
const mostParts = 8;

/**
 * Of so few vectors the sums of four outputs stay in registers, and numbers are taken as they come.
 */
const fewVectors = 3;

/**
 * Vectors of a cell's channels that are looked at together, so that what is seen of an image stays
 * in the first cache.
 */
const blockVectors = 8;

/**
 * What a convolution's kernel gets if its output's gradient comes from a max pool: for each output,
 * Σ number · what the window's largest saw. Zeros among the numbers, as dropout and ReLU leave
 * them, are left out, also where they would meet what is not finite; where an output sees little,
 * windows are left out instead that saw zeros only. Operands: 0 the kernel's gradient, 1 the image
 * x, 2 the pool's numbers, 3 their positions (int32). `spec` is the convolution's own, `pool` the
 * pool's.
 *
 * Parts of the batch, of a number that depends on shapes only, are summed apart, image after image,
 * and then added in order.
 */
export function unpoolConv2dFilter(spec: ConvSpec, pool: PoolSpec): Stages {
  const r = routesOf(spec, pool);
  const [kh, kw, c, o] = spec.w as [number, number, number, number];
  const { run, bytes } = seenOf(r);
  const floats = (o * bytes) / 4;
  const parts = Math.max(
    1,
    Math.min(mostParts, r.conv.images, Math.floor(partialSumsBytes / (4 * floats))),
  );
  // [output, row, run of cells] becomes [row, run, output].
  const turned = elementwise({
    shape: [kh, kw * c, o],
    inputs: [{ strides: [4 * run, 1, bytes / 4], offset: 0 }],
    body: [{ op: "load", input: 0, dtype: "float32" }],
    outputs: [{ node: 0 }],
  });
  const grads = { kernel: partialGradients(r, parts), operands: [4, 1, 2, 3] };
  if (parts === 1)
    return { temporaries: [4 * floats], stages: [grads, { kernel: turned, operands: [0, 4] }] };
  return {
    temporaries: [4 * parts * floats, 4 * floats],
    stages: [
      grads,
      { kernel: sumParts(parts, floats), operands: [5, 4] },
      { kernel: turned, operands: [0, 5] },
    ],
  };
}

/**
 * Pointers: gradients [parts, outputs, rows, run], x, numbers, positions. A work item is a part,
 * and some outputs if parts are few.
 */
function partialGradients(r: Routes, parts: number): Kernel {
  const { conv: g, pool, attrs } = r;
  const key = `unpoolConv2dFilter/${r.key}/${parts}`;
  const { run, bytes } = seenOf(r);
  const few = attrs.kernel[0] * run <= fewVectors && seenByFew(g, attrs, pool);
  const band = bandOf(r);
  const windows = band * pool.columns;
  const imageBytes = 4 * g.image[0] * g.image[1] * g.c;
  const block =
    4 * Math.ceil(g.o / (4 * (parts > mostParts / 2 ? 1 : Math.ceil(mostParts / parts))));
  const cut = Math.ceil(g.o / block);
  const listsBytes =
    16 * Math.ceil((few ? windows * windowBytes : g.o * (windows * entryBytes + 4)) / 16);
  return {
    key,
    pointers: 4,
    workItems: parts * cut,
    flops: r.flops,
    ...byParts(g.images, parts, cut, [1, 2, 3]),
    scratch: listsBytes + paddedBytes(g) + 16,
    emit: (module) =>
      module.once(key, () => {
        const one = few ? gradientsOfFew(module, r) : gradientsOfBand(module, r, windows);
        return module.func(key, new Array(7).fill("i32"), (f, ...params) => {
          const [dw, x, numbers, positions, lists, begin, end] = params as [
            Address,
            Address,
            Address,
            Address,
            Address,
            Address,
            Address,
          ];
          const padded = f.local("i32", i32.add(lists, listsBytes));
          const item = f.local("i32");
          const part = f.local("i32");
          const image = f.local("i32");
          const last = f.local("i32");
          const to = f.local("i32");
          const from = f.local("i32");
          const at = f.local("i32");
          const first = f.local("i32");
          const until = f.local("i32");
          const row = f.local("i32");
          const rowEnd = f.local("i32");
          const atMost = (local: Address, most: number): void =>
            f.if(i32.gtS(local, most), () => f.set(local, most));
          if (g.padded) f.call(clear(module, paddedBytes(g) / 4), padded);
          f.loop(item, begin, end, 1, () => {
            f.set(part, i32.divU(item, cut));
            f.set(first, i32.mul(i32.remU(item, cut), 4 * block));
            f.set(until, i32.add(first, 4 * block));
            atMost(until, 4 * g.o);
            f.set(to, i32.add(dw, i32.mul(part, g.o * bytes)));
            f.loop(at, i32.mul(first, bytes / 4), i32.mul(until, bytes / 4), 16, () =>
              f.store("v128", i32.add(to, at), f32x4.const(0)),
            );
            f.set(last, i32.divU(i32.mul(i32.add(part, 1), g.images), parts));
            f.loop(image, i32.divU(i32.mul(part, g.images), parts), last, 1, () => {
              f.set(from, i32.add(x, i32.mul(image, imageBytes)));
              if (g.padded) {
                f.call(padImage(module, g), padded, from);
                f.set(from, padded);
              }
              f.set(at, i32.mul(image, pool.outputBytes));
              f.loop(row, 0, pool.rows, band, () => {
                f.set(rowEnd, i32.add(row, band));
                atMost(rowEnd, pool.rows);
                f.call(
                  one,
                  to,
                  from,
                  i32.add(numbers, at),
                  i32.add(positions, at),
                  lists,
                  first,
                  until,
                  row,
                  rowEnd,
                );
              });
            });
          });
        });
      }),
  };
}

/**
 * A band → (): lists for each output, and then its sums, as many at a time as fit into registers.
 */
function gradientsOfBand(module: ModuleBuilder, r: Routes, windows: number): FunctionIndex {
  const {
    conv: g,
    attrs: {
      kernel: [kh, kw],
    },
  } = r;
  const list = listByOutput(module, r, windows);
  const { run, bytes, line } = seenOf(r);
  const perList = windows * entryBytes;
  // Channels that fill vectors are cut into blocks; others are not cut.
  const vectors = g.c / 4;
  const block =
    g.c % 4 > 0
      ? run
      : Math.max(
          ...Array.from({ length: blockVectors }, (_, n) => n + 1).filter((n) => vectors % n === 0),
        );
  const blocks = g.c % 4 > 0 ? 1 : vectors / block;
  const cells = g.c % 4 > 0 ? 1 : kw;
  /** Vectors of a block: where in the image, where in the gradients. */
  const all = Array.from({ length: kh * cells * block }, (_, k) => {
    const v = k % block;
    const cell = Math.floor(k / block) % cells;
    const row = Math.floor(k / (block * cells));
    return {
      from: row * line + 4 * g.c * cell + 16 * v,
      to: 16 * row * run + 4 * g.c * cell + 16 * v,
    };
  });
  const atOnce = evenly(all.length, sumsAtOnce(module));
  return module.func(
    `unpoolConv2dFilter/${r.key}/band`,
    new Array(9).fill("i32"),
    (f, ...params) => {
      const [dw, , , , lists, first, until] = params as unknown as Band;
      const ends = f.local("i32", i32.add(lists, g.o * perList));
      const shift = f.local("i32");
      const output = f.local("i32");
      const from = f.local("i32");
      const to = f.local("i32");
      const entry = f.local("i32");
      const end = f.local("i32");
      const sums = Array.from({ length: atOnce }, () => f.local("v128"));
      f.call(list, ...params, ends);
      f.loop(shift, 0, 16 * block * blocks, 16 * block, () => {
        f.set(to, i32.add(i32.add(dw, shift), i32.mul(first, bytes / 4)));
        f.set(from, i32.add(lists, i32.mul(first, perList / 4)));
        f.loop(output, first, until, 4, () => {
          f.set(end, i32.load(i32.add(ends, output)));
          // The same list again and again: the processor learns where it ends.
          for (let k = 0; k < all.length; k += atOnce) {
            const these = all.slice(k, k + atOnce);
            const own = sums.slice(0, these.length);
            own.forEach((sum, v) => f.set(sum, v128.load(to, these[v]!.to)));
            f.set(entry, from);
            addRows(
              module,
              f,
              own,
              these.map((place) => place.from),
              entry,
              end,
              shift,
            );
            own.forEach((sum, v) => f.store("v128", to, sum, these[v]!.to));
          }
          f.bump(from, perList);
          f.bump(to, bytes);
        });
      });
    },
  );
}

/**
 * (a band, ends) → (): for each output, its numbers that are not zero, each with the address of
 * what it saw.
 */
function listByOutput(module: ModuleBuilder, r: Routes, windows: number): FunctionIndex {
  const perList = windows * entryBytes;
  return module.func(
    `unpoolConv2dFilter/${r.key}/list`,
    new Array(10).fill("i32"),
    (f, ...params) => {
      const band = params.slice(0, 9) as unknown as Band;
      const [, , , , lists] = band;
      const ends = params[9] as Address;
      const number = f.local("v128");
      const row = f.local("v128");
      const at = f.local("i32");
      eachFour(f, r.conv.o, band, (outputs, lanes) => {
        const own = Array.from({ length: lanes }, (_, lane) =>
          f.local("i32", i32.add(lists, i32.add(i32.mul(outputs, perList / 4), lane * perList))),
        );
        eachRoute(f, r, band, (first, saw, window) => {
          f.set(at, i32.add(window, outputs));
          route(f, r, band, first, saw, at, number, row);
          appendEach(f, own, number, (list, lane) => f.storeLane(list, lane, row, 4));
        });
        own.forEach((list, lane) => f.store("i32", i32.add(ends, outputs), list, 4 * lane));
      });
    },
  );
}
