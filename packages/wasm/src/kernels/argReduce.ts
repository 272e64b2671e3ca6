import { f32, i32, type FunctionBuilder, type Index, type Local } from "../emit/index.js";
import type { DType } from "@tenon/contracts";
import type { Kernel } from "./kernel.js";

export interface ArgReduceSpec {
  /** The array as [outer, n, inner]; the result is int32 [outer, inner]. */
  readonly outer: number;
  readonly n: number;
  readonly inner: number;
  readonly kind: "argMax" | "argMin";
  readonly dtype: DType;
}

/** Where the largest or smallest along an axis lies: the first of equals, the first NaN if there is one. */
export function argReduce({ outer, n, inner, kind, dtype }: ArgReduceSpec): Kernel {
  return {
    key: `${kind} ${dtype} ${outer}x${n}x${inner}`,
    pointers: 2,
    pieces: outer,
    scratch: 0,
    flops: outer * n * inner,
    emit: (module) => module.func(kind, ["i32", "i32", "i32", "i32"], (f, out, x, begin, end) => {
      const o = f.local("i32"), i = f.local("i32"), k = f.local("i32"), from = f.local("i32"), best = f.local("i32");
      f.loop(o, begin as Index, end as Index, 1, () => f.loop(i, 0, inner, 1, () => {
        f.set(from, i32.add(x as Index, i32.shl(i32.add(i32.mul(o, n * inner), i), 2)));
        f.set(best, 0);
        if (dtype === "int32") search(f, k, n, inner, from, best, (a, b) => (kind === "argMax" ? i32.gtS : i32.ltS)(i32.load(a), i32.load(b)));
        else {
          const wins = kind === "argMax" ? f32.gt : f32.lt;
          search(f, k, n, inner, from, best, (a, b) => {
            const [value, top] = [f32.load(a), f32.load(b)];
            return i32.and(f32.eq(top, top), i32.or(wins(value, top), f32.ne(value, value)));
          });
        }
        f.store("i32", i32.add(out as Index, i32.shl(i32.add(i32.mul(o, inner), i), 2)), best);
      }));
    }),
  };
}

function search(f: FunctionBuilder, k: Local, n: number, inner: number, from: Index, best: Local, wins: (a: Index, b: Index) => Index): void {
  const place = (at: Index): Index => i32.add(from, i32.mul(at, 4 * inner));
  f.loop(k, 1, n, 1, () => f.if(wins(place(k), place(best)), () => f.set(best, k)));
}
