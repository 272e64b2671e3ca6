import { f32, f32x4, i32, i32x4, v128, type FunctionBuilder, type Index, type Local } from "@tenon/emit";
import type { Kernel } from "./kernel.js";

/** Arrays seen as [outer, n, inner] and [outer, m, inner]: what comes before the axis, the axis, what comes after. */
export interface GatherSpec {
  readonly outer: number;
  readonly n: number;
  readonly m: number;
  readonly inner: number;
}

const keyOf = (name: string, { outer, n, m, inner }: GatherSpec): string => `${name} ${outer}x${n}x${m}x${inner}`;

/** Ends the program where an index lies outside the array. */
function guard(f: FunctionBuilder, index: Index, n: number): void {
  f.if(i32.geU(index, n), () => f.trap());
}

/** For each of `count` 32-bit numbers: `four` while there are four left, then `one`. Offsets are in bytes. */
function along(f: FunctionBuilder, count: number, four: (at: Local<"i32">) => void, one: (at: Local<"i32">) => void): void {
  const at = f.local("i32");
  f.loop(at, 0, 4 * (count - (count % 4)), 16, () => four(at));
  f.loop(at, 4 * (count - (count % 4)), 4 * count, 4, () => one(at));
}

/** Rows by index: out[o, j, :] = x[o, indices[j], :]. Pointers: out [outer, m, inner], x, indices [m]. */
export function gather(spec: GatherSpec): Kernel {
  const { outer, n, m, inner } = spec;
  return {
    key: keyOf("gather", spec), pointers: 3, pieces: outer * m, scratch: 0, flops: 0,
    emit: (module) => module.func("gather", ["i32", "i32", "i32", "i32", "i32"], (f, out, x, indices, begin, end) => {
      const row = f.local("i32"), index = f.local("i32"), from = f.local("i32"), to = f.local("i32");
      f.loop(row, begin as Index, end as Index, 1, () => {
        f.set(index, i32.load(i32.add(indices as Index, i32.shl(outer === 1 ? row : i32.remU(row, m), 2))));
        guard(f, index, n);
        f.set(from, i32.add(x as Index, i32.mul(i32.add(i32.mul(outer === 1 ? 0 : i32.divU(row, m), n), index), 4 * inner)));
        f.set(to, i32.add(out as Index, i32.mul(row, 4 * inner)));
        along(f, inner, (at) => f.store("v128", i32.add(to, at), v128.load(i32.add(from, at))), (at) => f.store("i32", i32.add(to, at), i32.load(i32.add(from, at))));
      });
    }),
  };
}

/** Columns that one piece of a scatter does: enough that reading the indices again for each piece costs little. */
const strip = 64;

/** The adjoint: out[o, indices[j], :] += y[o, j, :], in the order of j. Pointers: out [outer, n, inner], y [outer, m, inner], indices [m]. */
export function scatterAdd(spec: GatherSpec): Kernel {
  const { outer, n, m, inner } = spec;
  const strips = Math.ceil(inner / strip);
  return {
    key: keyOf("scatterAdd", spec), pointers: 3, pieces: outer * strips, scratch: 0, flops: outer * m * inner,
    emit: (module) => module.func("scatterAdd", ["i32", "i32", "i32", "i32", "i32"], (f, out, y, indices, begin, end) => {
      const at = f.local("i32"), o = f.local("i32"), column = f.local("i32"), j = f.local("i32"), index = f.local("i32"), from = f.local("i32"), to = f.local("i32");
      const columns = (width: number): void => {
        f.loop(j, 0, n, 1, () => {
          f.set(to, i32.add(out!, i32.shl(i32.add(i32.mul(i32.add(i32.mul(o, n), j), inner), column), 2)));
          along(f, width, (k) => f.store("v128", i32.add(to, k), i32x4.const(0)), (k) => f.store("i32", i32.add(to, k), i32.const(0)));
        });
        f.loop(j, 0, m, 1, () => {
          f.set(index, i32.load(i32.add(indices!, i32.shl(j, 2))));
          guard(f, index, n);
          f.set(to, i32.add(out!, i32.shl(i32.add(i32.mul(i32.add(i32.mul(o, n), index), inner), column), 2)));
          f.set(from, i32.add(y!, i32.shl(i32.add(i32.mul(i32.add(i32.mul(o, m), j), inner), column), 2)));
          addAlong(f, width, to, from);
        });
      };
      f.loop(at, begin!, end!, 1, () => {
        f.set(o, strips > 1 ? i32.divU(at, strips) : at);
        f.set(column, strips > 1 ? i32.mul(i32.sub(at, i32.mul(o, strips)), strip) : 0);
        const last = inner - strip * (strips - 1);
        if (strips === 1 || last === strip) columns(last);
        else f.if(i32.ltS(column, inner - last), () => columns(strip), () => columns(last));
      });
    }),
  };
}

function addAlong(f: FunctionBuilder, count: number, to: Index, from: Index): void {
  along(f, count,
    (at) => f.store("v128", i32.add(to, at), f32x4.add(v128.load(i32.add(to, at)), v128.load(i32.add(from, at)))),
    (at) => f.store("f32", i32.add(to, at), f32.add(f32.load(i32.add(to, at)), f32.load(i32.add(from, at)))));
}

/** Single numbers by index: out[o, j, i] = x[o, indices[o, j, i], i]. Pointers: out [outer, m, inner], x, indices like out. */
export function takeAlong(spec: GatherSpec): Kernel {
  const { outer, n, inner } = spec;
  return {
    key: keyOf("takeAlong", spec), pointers: 3, pieces: outer, scratch: 0, flops: 0,
    emit: (module) => module.func("takeAlong", ["i32", "i32", "i32", "i32", "i32"], (f, out, x, indices, begin, end) =>
      eachIndex(f, spec, begin as Index, end as Index, indices as Index, (at, index, o, i) => {
        guard(f, index, n);
        f.store("i32", i32.add(out as Index, at), i32.load(i32.add(x as Index, i32.shl(i32.add(i32.mul(i32.add(i32.mul(o, n), index), inner), i), 2))));
      })),
  };
}

/** The adjoint: out[o, indices[o, j, i], i] += y[o, j, i], in the order of j. Pointers: out [outer, n, inner], y, indices like y. */
export function scatterAlong(spec: GatherSpec): Kernel {
  const { outer, n, m, inner } = spec;
  return {
    key: keyOf("scatterAlong", spec), pointers: 3, pieces: outer, scratch: 0, flops: outer * m * inner,
    emit: (module) => module.func("scatterAlong", ["i32", "i32", "i32", "i32", "i32"], (f, out, y, indices, begin, end) => {
      const to = f.local("i32");
      clear(f, i32.add(out as Index, i32.mul(begin as Index, 4 * n * inner)), i32.mul(i32.sub(end as Index, begin as Index), n * inner));
      eachIndex(f, spec, begin as Index, end as Index, indices as Index, (at, index, o, i) => {
        guard(f, index, n);
        f.set(to, i32.add(out as Index, i32.shl(i32.add(i32.mul(i32.add(i32.mul(o, n), index), inner), i), 2)));
        f.store("f32", to, f32.add(f32.load(to), f32.load(i32.add(y as Index, at))));
      });
    }),
  };
}

/** Visits the indices of some outer rows in order: the byte offset of each, its value, and where it stands. */
function eachIndex(f: FunctionBuilder, { m, inner }: GatherSpec, begin: Index, end: Index, indices: Index, visit: (at: Local<"i32">, index: Local<"i32">, o: Local<"i32">, i: Local<"i32">) => void): void {
  const o = f.local("i32"), j = f.local("i32"), i = f.local("i32"), at = f.local("i32"), index = f.local("i32");
  f.set(at, i32.mul(begin, 4 * m * inner));
  f.loop(o, begin, end, 1, () => f.loop(j, 0, m, 1, () => f.loop(i, 0, inner, 1, () => {
    f.set(index, i32.load(i32.add(indices, at)));
    visit(at, index, o, i);
    f.bump(at, 4);
  })));
}

/** Sets 32-bit numbers to zero. */
function clear(f: FunctionBuilder, from: Index, count: Index): void {
  const at = f.local("i32", typeof from === "number" ? i32.const(from) : from), end = f.local("i32", i32.add(at, i32.shl(count, 2)));
  const i = f.local("i32");
  f.loop(i, at, i32.sub(end, 15), 16, () => f.store("v128", i, i32x4.const(0)));
  // A loop that does not run leaves its counter at the start.
  f.set(at, i32.add(at, i32.and(i32.sub(end, at), -16)));
  f.loop(i, at, end, 4, () => f.store("i32", i, i32.const(0)));
}
