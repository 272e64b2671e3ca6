import type { DType } from "@tenon/contracts";
import {
  f32,
  f32x4,
  i32,
  i32x4,
  v128,
  type F32,
  type FunctionBuilder,
  type I32,
  type Local,
  type V128,
} from "@tenon/emit";
import { lineElements, workItemElements } from "../../machine.js";
import { keep } from "../../math/float32.js";
import type { Kernel } from "../kernel.js";

export interface ArgReduceSpec {
  /** The array as [outer, n, inner]; the result is int32 [outer, inner]. */
  readonly outer: number;
  readonly n: number;
  readonly inner: number;
  readonly kind: "argMax" | "argMin";
  readonly dtype: DType;
}

/** Columns are searched sixteen at a time, a cache line of each row. */
const wide = lineElements;

/**
 * Where the largest or smallest along an axis lies: the first of equals, the first NaN if there is
 * one. Pointers: out, x.
 */
export function argReduce(spec: ArgReduceSpec): Kernel {
  const { outer, n, inner, kind, dtype } = spec;
  const blocks = Math.ceil(inner / wide);
  const perItem = Math.max(1, Math.ceil(workItemElements / Math.max(1, n * Math.min(inner, wide))));
  return {
    key: `${kind} ${dtype} ${outer}x${n}x${inner}`,
    pointers: 2,
    workItems: Math.ceil((outer * blocks) / perItem),
    scratch: 0,
    flops: outer * n * inner,
    emit: (module) =>
      module.func(kind, ["i32", "i32", "i32", "i32"], (f, out, x, begin, end) => {
        const at = f.local("i32");
        const to = f.local("i32", i32.mul(end!, perItem));
        f.if(i32.gtS(to, outer * blocks), () => f.set(to, outer * blocks));
        f.loop(at, i32.mul(begin!, perItem), to, 1, () => {
          if (inner === 1)
            row(f, spec, i32.add(out!, i32.shl(at, 2)), i32.add(x!, i32.mul(at, 4 * n)));
          else block(f, spec, blocks, at as Local<"i32">, out as Local<"i32">, x as Local<"i32">);
        });
      }),
  };
}

/** Numbers that lie side by side, one after the other. */
function row(f: FunctionBuilder, { n, kind, dtype }: ArgReduceSpec, to: I32, from: I32): void {
  const at = f.local("i32", from);
  const best = f.local("i32", i32.const(0));
  const k = f.local("i32");
  const search = (found: (take: () => void) => void, load: () => I32 | F32, top: Local): void => {
    f.loop(k, 1, n, 1, () => {
      f.bump(at, 4);
      found(() => {
        f.set(top, load());
        f.set(best, k);
      });
    });
  };
  const largest = kind === "argMax";
  if (dtype === "int32") {
    const load = (): I32 => i32.load(at);
    const top = f.local("i32", load());
    search((take) => f.if((largest ? i32.gtS : i32.ltS)(load(), top), take), load, top);
  } else {
    const load = (): F32 => f32.load(at);
    const top = f.local("f32", load());
    // Not at most the best so far: it is more, or one of them is NaN, and then the first NaN stays.
    search(
      (take) =>
        f.if(i32.eqz((largest ? f32.le : f32.ge)(load(), top)), () => f.if(f32.eq(top, top), take)),
      load,
      top,
    );
  }
  f.store("i32", to, best);
}

/** Up to sixteen columns side by side. */
function block(
  f: FunctionBuilder,
  spec: ArgReduceSpec,
  blocks: number,
  at: Local<"i32">,
  out: Local<"i32">,
  x: Local<"i32">,
): void {
  const { n, inner, kind, dtype } = spec;
  const o = blocks === 1 ? at : f.local("i32", i32.divU(at, blocks));
  const column = f.local(
    "i32",
    blocks === 1 ? i32.const(0) : i32.mul(i32.sub(at, i32.mul(o, blocks)), wide),
  );
  const largest = kind === "argMax";
  const wins = (a: V128, best: V128): V128 =>
    dtype === "int32"
      ? (largest ? i32x4.gtS : i32x4.ltS)(a, best)
      : v128.or(
          (largest ? f32x4.gt : f32x4.lt)(a, best),
          v128.andnot(f32x4.ne(a, a), f32x4.ne(best, best)),
        );
  const columns = (from: I32, vectors: number, one: boolean): void => {
    const read = f.local("i32", i32.add(x, i32.shl(i32.add(i32.mul(o, n * inner), from), 2)));
    const k = f.local("i32");
    const load = (v: number): V128 => (one ? v128.loadZero(read) : v128.load(read, 16 * v));
    const best = Array.from({ length: vectors }, (_, v) => ({
      value: keep(f, load(v)),
      index: f.local("v128", i32x4.const(0)),
    }));
    f.loop(k, 1, n, 1, () => {
      f.bump(read, 4 * inner);
      best.forEach(({ value, index }, v) => {
        const a = keep(f, load(v));
        const mask = keep(f, wins(a, value));
        f.set(value, v128.select(mask, a, value));
        f.set(index, v128.select(mask, i32x4.splat(k), index));
      });
    });
    const write = i32.add(out, i32.shl(i32.add(i32.mul(o, inner), from), 2));
    best.forEach(({ index }, v) =>
      one ? f.storeLane(write, 0, index) : f.store("v128", write, index, 16 * v),
    );
  };
  const rest = (): void => {
    const j = f.local("i32");
    const fours = inner - (inner % 4);
    f.loop(j, column, fours, 4, () => columns(j as Local<"i32">, 1, false));
    f.loop(j, fours, inner, 1, () => columns(j as Local<"i32">, 1, true));
  };
  if (inner < wide) rest();
  else
    f.if(
      i32.leS(column, inner - wide),
      () => columns(column, 4, false),
      inner % wide > 0 ? rest : undefined,
    );
}
