import {
  f32x4,
  i32,
  i32x4,
  v128,
  type FunctionBuilder,
  type Index,
  type Local,
  type V128,
} from "@tenon/emit";
import type { Kernel } from "../kernel.js";
import { longestRun, run, runsTogether } from "../shared/longestRun.js";

export interface DotsSpec {
  readonly key: string;
  /** Rows of A, few. */
  readonly m: number;
  readonly n: number;
  readonly k: number;
  readonly batch: number;
}

/** Rows of B in a work item. */
const rowsPerPiece = 64;

/**
 * C[i, j] = Σ A[i, p] · B[j, p] for few rows of A, where packing B would cost more than the
 * product. Pointers: C, A [m, k], B [n, k]. Four sums at a time, each in four lanes (p mod 4),
 * which are added at the end as (0 + 2) + (1 + 3).
 */
export function dots({ key, m, n, k, batch }: DotsSpec): Kernel {
  const blocks = Math.ceil(n / rowsPerPiece);
  return {
    key,
    pointers: 3,
    scratch: 0,
    workItems: batch * blocks,
    flops: 2 * batch * m * n * k,
    emit: (module) =>
      module.once(key, () => {
        /** Four rows of B, or fewer at the end, against one row of A: (c, a, b) → (). */
        const four = (rows: number) =>
          module.func(`${key}/${rows}`, ["i32", "i32", "i32"], (f, c, a, b) => {
            const sums = [0, 1, 2, 3].map(() => f.local("v128"));
            const one = f.local("v128");
            const i = f.local("i32");
            const step = (mask: (x: V128) => V128): void => {
              f.set(one, mask(v128.load(a)));
              sums
                .slice(0, rows)
                .forEach((sum, q) =>
                  f.set(sum, f32x4.add(sum, f32x4.mul(one, mask(v128.load(b, 4 * k * q))))),
                );
              f.bump(a, 16);
              f.bump(b, 16);
            };
            const fours = Math.floor(k / 4);
            const plainly = (count: number): void => f.loop(i, 0, count, 1, () => step((x) => x));
            if (k <= longestRun) plainly(fours);
            else {
              const groups = sums.map(() => f.local("v128"));
              const totals = sums.map(() => f.local("v128"));
              const j = f.local("i32");
              const q = f.local("i32");
              const addTo = (to: readonly Local<"v128">[], from: readonly Local<"v128">[]): void =>
                to.forEach((total, at) => {
                  f.set(total, f32x4.add(total, from[at]!));
                  f.set(from[at]!, f32x4.const(0));
                });
              const oneRun = (count: number): void => {
                plainly(count);
                addTo(groups, sums);
              };
              const group = (count: number): void => {
                f.loop(j, 0, Math.floor(count / run), 1, () => oneRun(run));
                if (count % run > 0) oneRun(count % run);
                addTo(totals, groups);
              };
              f.loop(q, 0, Math.floor(fours / (run * runsTogether)), 1, () =>
                group(run * runsTogether),
              );
              if (fours % (run * runsTogether) > 0) group(fours % (run * runsTogether));
              addTo(sums, totals);
            }
            // Past the end may lie anything, NaN too: both sides are cleared.
            if (k % 4)
              step((x) => v128.and(x, i32x4.lanes(-1, k % 4 > 1 ? -1 : 0, k % 4 > 2 ? -1 : 0, 0)));
            storeSums(f, c, sums, rows);
          });
        const whole = n >= 4 ? four(4) : undefined;
        const rest = n % 4 ? four(n % 4) : undefined;
        return module.func(key, ["i32", "i32", "i32", "i32", "i32"], (f, c, a, b, begin, end) => {
          const item = f.local("i32");
          const matrix = f.local("i32");
          const column = f.local("i32");
          const last = f.local("i32");
          const row = f.local("i32");
          const at = (base: Local, perItem: number, offset: Index): Index =>
            i32.add(i32.add(base, i32.mul(matrix, perItem)), offset);
          f.loop(item, begin!, end!, 1, () => {
            f.set(matrix, i32.divU(item, blocks));
            f.set(column, i32.mul(i32.remU(item, blocks), rowsPerPiece));
            f.set(last, i32.add(column, rowsPerPiece));
            f.set(last, i32.select(i32.ltS(last, n), last, n));
            f.repeat((again, exit) => {
              f.jumpIf(i32.geS(column, last), exit);
              const all = (dot: typeof rest): void => {
                if (dot)
                  f.loop(row, 0, m, 1, () =>
                    f.call(
                      dot,
                      at(c!, 4 * m * n, i32.mul(i32.add(i32.mul(row, n), column), 4)),
                      at(a!, 4 * m * k, i32.mul(row, 4 * k)),
                      at(b!, 4 * n * k, i32.mul(column, 4 * k)),
                    ),
                  );
              };
              f.if(
                i32.leS(i32.add(column, 4), last),
                () => all(whole),
                () => all(rest),
              );
              f.bump(column, 4);
              f.jump(again);
            });
          });
        });
      }),
  };
}

/** Adds the lanes of each of four sums and stores the totals side by side. */
function storeSums(
  f: FunctionBuilder,
  c: Local,
  [a, b, d, e]: Local<"v128">[],
  count: number,
): void {
  // Lanes 0 + 2 and 1 + 3 of two sums each, then those of all four.
  const ab = f.local(
    "v128",
    f32x4.add(v128.shuffle32(a!, b!, [0, 4, 1, 5]), v128.shuffle32(a!, b!, [2, 6, 3, 7])),
  );
  const de = f.local(
    "v128",
    f32x4.add(v128.shuffle32(d!, e!, [0, 4, 1, 5]), v128.shuffle32(d!, e!, [2, 6, 3, 7])),
  );
  const sums = f32x4.add(
    v128.shuffle32(ab, de, [0, 1, 4, 5]),
    v128.shuffle32(ab, de, [2, 3, 6, 7]),
  );
  const total = f.local("v128", sums);
  if (count === 4) f.store("v128", c, total);
  else for (let lane = 0; lane < count; lane++) f.storeLane(c, lane, total, 4 * lane);
}
