import { i32, i32x4, v128, type FunctionIndex, type Local, type ModuleBuilder } from "@tenon/emit";
import { eachFour, eachRoute, route, seenOf, type Band } from "./bands.js";
import { areFinite } from "../../gemm/looks.js";
import { multiplyAdd } from "../../gemm/multiplyAdd.js";
import type { Routes } from "./routes.js";
import { seenBy } from "./seenBy.js";

/**
 * Bytes of what is known of a window: its first cell's position, the address of what that saw,
 * bytes from the start of the numbers.
 */
export const windowBytes = 12;

/**
 * A band → (), whose lists are of windows: of those that saw something, and of all if a number is
 * not finite.
 */
export function gradientsOfFew(module: ModuleBuilder, r: Routes): FunctionIndex {
  const { conv: g, attrs, pool } = r;
  const { run, bytes, line } = seenOf(r);
  const places = Array.from(
    { length: attrs.kernel[0] * run },
    (_, k) => Math.floor(k / run) * line + 16 * (k % run),
  );
  return module.func(
    `unpoolConv2dFilter/${r.key}/few`,
    new Array(9).fill("i32"),
    (f, ...params) => {
      const band = params as unknown as Band;
      const [dw, , numbers, , known, , , firstRow, lastRow] = band;
      const { columns } = pool;
      const to = f.local("i32");
      const cell = f.local("i32");
      const one = f.local("v128");
      const end = f.local("i32");
      const all = f.local("i32");
      const window = f.local("i32");
      const place = f.local("i32");
      const at = f.local("i32");
      const number = f.local("v128");
      const row = f.local("v128");
      f.call(
        areFinite(module, { runs: 1, stride: 0, step: 1 }),
        known,
        i32.add(numbers, i32.mul(firstRow, 4 * columns * g.o)),
        i32.mul(i32.sub(lastRow, firstRow), columns * g.o),
      );
      f.set(all, i32.load(known));
      f.set(end, known);
      eachRoute(f, r, band, (first, saw, number) =>
        f.if(i32.or(v128.any(seenBy(g, attrs, pool, saw)), all), () => {
          [first, saw, number].forEach((value, k) => f.store("i32", end, value, 4 * k));
          f.bump(end, windowBytes);
        }),
      );
      eachFour(f, g.o, band, (outputs, lanes) => {
        const sums = Array.from({ length: lanes }, () => places.map(() => f.local("v128")));
        const each = (visit: (sum: Local<"v128">, offset: number) => void): void =>
          sums.forEach((own, lane) => own.forEach((sum, k) => visit(sum, lane * bytes + 16 * k)));
        f.set(to, i32.add(dw, i32.mul(outputs, bytes / 4)));
        each((sum, offset) => f.set(sum, v128.load(to, offset)));
        f.loop(window, 0, i32.sub(end, known), windowBytes, () => {
          f.set(place, i32.add(known, window));
          f.set(at, i32.add(i32.load(place, 8), outputs));
          route(f, r, band, i32.load(place), i32.load(place, 4), at, number, row);
          f.block((exit) =>
            sums.forEach((own, lane) => {
              // As in `addRows`: a new basic block.
              if (lane > 0) f.jumpIf(i32.eqz(cell), exit);
              f.set(cell, i32x4.lane(row, lane));
              f.set(one, v128.shuffle32(number, number, [lane, lane, lane, lane]));
              own.forEach((sum, k) =>
                f.set(sum, multiplyAdd(module, sum, one, v128.load(cell, places[k]!))),
              );
            }),
          );
        });
        each((sum, offset) => f.store("v128", to, sum, offset));
      });
    },
  );
}
