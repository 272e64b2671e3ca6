import { i32, i32x4, v128, type FunctionBuilder, type Index, type Local } from "@tenon/emit";
import { l1Bytes } from "../../../machine.js";
import { entryBytes } from "../../gemm/entries.js";
import { cellBytes, type Routes } from "./routes.js";

type Address = Local<"i32">;

/**
 * Bytes of a band: lists of some rows of windows, and the image rows under them. Beyond L1, but
 * near it. Chosen by `bench/zeros`.
 */
const bandBytes = 2 * l1Bytes;

/**
 * What an output sees: vectors in a row of the kernel, the last filled up; bytes in all; bytes from
 * one row to the next in the image.
 */
export function seenOf({
  conv: { c, rowStep },
  attrs: {
    kernel: [kh, kw],
    strides,
  },
}: Routes): { readonly run: number; readonly bytes: number; readonly line: number } {
  const run = Math.ceil((kw * c) / 4);
  return { run, bytes: 16 * kh * run, line: rowStep / strides[0] };
}

/** How many rows of windows are worked on at a time. */
export function bandOf({
  conv: g,
  pool: {
    rows,
    columns,
    attrs: {
      window: [ph],
    },
  },
}: Routes): number {
  return Math.min(
    rows,
    Math.max(1, Math.floor(bandBytes / (columns * g.o * entryBytes + ph * g.rowStep))),
  );
}

/**
 * A part's gradients, an image, what its pool sends back, memory for lists, outputs from and until
 * in bytes, rows of windows from and until.
 */
export type Band = readonly [
  dw: Address,
  x: Address,
  numbers: Address,
  positions: Address,
  lists: Address,
  first: Address,
  until: Address,
  row: Address,
  end: Address,
];

/**
 * Emits code for four outputs, then four more, and then those left: bytes from the first of all,
 * how many.
 */
export function eachFour(
  f: FunctionBuilder,
  outputs: number,
  [, , , , , first, until]: Band,
  visit: (at: Address, lanes: number) => void,
): void {
  const at = f.local("i32");
  const whole = f.local("i32", i32.and(until, -16));
  f.loop(at, first, whole, 16, () => visit(at, 4));
  if (outputs % 4 > 0) f.if(i32.gtS(until, whole), () => visit(f.local("i32", whole), outputs % 4));
}

/**
 * Emits code for each window: its first cell's position, the address of what that saw, bytes from
 * the start of the image's numbers.
 */
export function eachRoute(
  f: FunctionBuilder,
  {
    conv: g,
    pool: {
      columns,
      attrs: {
        window: [ph, pw],
      },
    },
  }: Routes,
  [, x, , , , , , row, end]: Band,
  visit: (first: Address, saw: Address, window: Address) => void,
): void {
  const i = f.local("i32");
  const j = f.local("i32");
  const first = f.local("i32");
  const saw = f.local("i32");
  const window = f.local("i32", i32.mul(row, 4 * columns * g.o));
  f.loop(i, row, end, 1, () => {
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

/**
 * Emits code for what a window sends to four outputs: numbers, and the addresses of what their
 * cells saw.
 */
export function route(
  f: FunctionBuilder,
  { conv: g, pool }: Routes,
  [, , numbers, positions]: Band,
  first: Index,
  saw: Index,
  at: Address,
  number: Local<"v128">,
  row: Local<"v128">,
): void {
  f.set(number, v128.load(i32.add(numbers, at)));
  f.set(
    row,
    i32x4.add(
      cellBytes(f, pool, v128.load(i32.add(positions, at)), first, g.pixelStep, g.rowStep),
      i32x4.splat(saw),
    ),
  );
}
