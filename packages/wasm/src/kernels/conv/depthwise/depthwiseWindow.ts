import { i32, v128, type FunctionIndex, type Local, type ModuleBuilder } from "@tenon/emit";
import { bySource } from "./depthwiseCode.js";
import { eachVectors } from "../../shared/vectors.js";
import { tilesAlong, type Axis } from "./depthwiseTiles.js";
import { multiplyAdd } from "../../gemm/multiplyAdd.js";
import { storeLanes } from "../../shared/segment.js";

type Address = Local<"i32">;

/**
 * Sums that stay in registers, and with them the gradients of outputs side by side, a cell and a
 * product: 15 in all.
 */
const mostSums = 10;
const mostKept = 13;
const mostOutputs = 4;

/** Some rows and columns of the kernel, whose sums fit into registers. */
export interface Window {
  readonly rows: number;
  readonly from: number;
  readonly until: number;
}

/**
 * Windows of one row of the kernel, of two, and so on, as many as there are sums for; beside each
 * other they cover all columns.
 */
export function windowsOf(rows: number, columns: number): readonly (readonly Window[])[] {
  const turns = Math.ceil(columns / mostSums);
  const width = Math.ceil(columns / turns);
  return Array.from({ length: Math.min(rows, Math.max(1, Math.floor(mostSums / width))) }, (_, k) =>
    Array.from({ length: turns }, (_, turn) => ({
      rows: k + 1,
      from: turn * width,
      until: Math.min(columns, (turn + 1) * width),
    })),
  );
}

/**
 * Adds to the gradients of some rows and columns of the kernel what rows of outputs give them:
 * (gradients of the kernel, cells, gradients of the outputs, how many rows, channels from and
 * until) → (). `steps`: bytes from what one row of the kernel sees to the next, from what one row
 * of outputs sees.
 */
export function gradientsOfWindow(
  module: ModuleBuilder,
  name: string,
  columns: Axis,
  channels: number,
  { rows, from, until }: Window,
  steps: { readonly x: number; readonly outputs: number },
): FunctionIndex {
  const cell = 4 * channels;
  const taps = until - from;
  const tiles = tilesAlong(columns, Math.max(1, Math.min(mostOutputs, mostKept - rows * taps))).map(
    (some) => ({ ...some, looks: some.looks.filter(({ tap }) => tap >= from && tap < until) }),
  );
  const placeOf = (row: number, tap: number): number => (row * columns.taps + from + tap) * cell;
  return module.func(`${name}/${rows}x${from}`, new Array(6).fill("i32"), (f, ...params) => {
    const [dw, x, dy, count, channel, channelEnd] = params as [
      Address,
      Address,
      Address,
      Address,
      Address,
      Address,
    ];
    const row = f.local("i32");
    const tile = f.local("i32");
    const cells = f.local("i32");
    const grads = f.local("i32");
    const line = f.local("i32");
    const outputLine = f.local("i32");
    eachVectors(
      f,
      module,
      channels,
      ({ channel, lanes, all }) => {
        const to = f.local("i32", i32.add(dw, channel));
        f.set(line, i32.add(x, channel));
        f.set(outputLine, i32.add(dy, channel));
        const sums = all(() =>
          Array.from({ length: rows }, () => Array.from({ length: taps }, () => f.local("v128"))),
        );
        const each = (code: (sum: Local<"v128">, at: number) => void): void => {
          all((shift, k) =>
            sums[k]!.forEach((some, r) =>
              some.forEach((sum, q) => code(sum, placeOf(r, q) + shift)),
            ),
          );
        };
        each((sum, at) => f.set(sum, v128.load(to, at)));
        f.loop(row, 0, count, 1, () => {
          for (const { count, width, output, source, advance, looks } of tiles) {
            if (looks.length === 0) continue;
            f.set(cells, i32.add(line, source * cell));
            f.set(grads, i32.add(outputLine, output * cell));
            const body = (): void => {
              all((shift, k) => {
                const seen = new Set(looks.map(({ output }) => output));
                const kept = Array.from({ length: width }, (_, t) =>
                  seen.has(t) ? f.local("v128", v128.load(grads, t * cell + shift)) : undefined,
                );
                const here = f.local("v128");
                sums[k]!.forEach((some, r) => {
                  for (const [source, those] of bySource(looks)) {
                    f.set(here, v128.load(cells, r * steps.x + source * cell + shift));
                    for (const { output, tap } of those)
                      f.set(
                        some[tap - from]!,
                        multiplyAdd(module, some[tap - from]!, here, kept[output]!),
                      );
                  }
                });
              });
            };
            if (count === 1) body();
            else
              f.loop(tile, 0, count, 1, () => {
                body();
                f.bump(cells, advance * cell);
                f.bump(grads, width * cell);
              });
          }
          f.bump(line, steps.outputs);
          f.bump(outputLine, columns.outputs * cell);
        });
        all((shift, k) =>
          sums[k]!.forEach((some, r) =>
            some.forEach((sum, q) => storeLanes(f, to, sum, lanes, placeOf(r, q) + shift)),
          ),
        );
      },
      { range: [channel, channelEnd] },
    );
  });
}
