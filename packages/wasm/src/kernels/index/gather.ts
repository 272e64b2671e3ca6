import {
  f32,
  f64,
  f64x2,
  i32,
  i32x4,
  v128,
  type FunctionBuilder,
  type Index,
  type Local,
} from "@tenon/emit";
import { workItemElements } from "../../machine.js";
import { endUnlessIndex } from "./badIndex.js";
import { storeLanes } from "../shared/segment.js";
import type { Kernel, Stages } from "../kernel.js";

/**
 * Arrays seen as [outer, n, inner] and [outer, m, inner]: what comes before the axis, the axis,
 * what comes after.
 */
export interface GatherSpec {
  readonly outer: number;
  readonly n: number;
  readonly m: number;
  readonly inner: number;
}

const keyOf = (name: string, { outer, n, m, inner }: GatherSpec): string =>
  `${name} ${outer}x${n}x${m}x${inner}`;

/**
 * For each of `count` 32-bit numbers: `four` while there are four left, then `one`. Offsets are in
 * bytes.
 */
function along(
  f: FunctionBuilder,
  count: number,
  four: (at: Local<"i32">) => void,
  one: (at: Local<"i32">) => void,
): void {
  const at = f.local("i32");
  f.loop(at, 0, 4 * (count - (count % 4)), 16, () => four(at));
  f.loop(at, 4 * (count - (count % 4)), 4 * count, 4, () => one(at));
}

/**
 * Rows by index: out[o, j, :] = x[o, indices[j], :]. Pointers: out [outer, m, inner], x, indices
 * [m].
 */
export function gather(spec: GatherSpec): Kernel {
  const { outer, n, m, inner } = spec;
  return {
    key: keyOf("gather", spec),
    pointers: 3,
    workItems: outer * m,
    scratch: 0,
    flops: 0,
    emit: (module) =>
      module.func(
        "gather",
        ["i32", "i32", "i32", "i32", "i32"],
        (f, out, x, indices, begin, end) => {
          const row = f.local("i32");
          const index = f.local("i32");
          const from = f.local("i32");
          const to = f.local("i32");
          f.loop(row, begin as Index, end as Index, 1, () => {
            f.set(
              index,
              i32.load(i32.add(indices as Index, i32.shl(outer === 1 ? row : i32.remU(row, m), 2))),
            );
            endUnlessIndex(module, f, index, { name: "gather", at: indices!, count: m, n });
            f.set(
              from,
              i32.add(
                x as Index,
                i32.mul(i32.add(i32.mul(outer === 1 ? 0 : i32.divU(row, m), n), index), 4 * inner),
              ),
            );
            f.set(to, i32.add(out as Index, i32.mul(row, 4 * inner)));
            along(
              f,
              inner,
              (at) => f.store("v128", i32.add(to, at), v128.load(i32.add(from, at))),
              (at) => f.store("i32", i32.add(to, at), i32.load(i32.add(from, at))),
            );
          });
        },
      ),
  };
}

/**
 * The adjoint: out[o, indices[j], :] += y[o, j, :]. Operands: 0 out [outer, n, inner], 1 y [outer,
 * m, inner], 2 indices [m].
 *
 * Rows of y are sorted by where they go (Knuth, vol. 3, 5.2: by counting), so that each row of the
 * result is the work of one item. Sums are float64, in the order of j, and rounded once: as the
 * reference engine has them, however many there are.
 */
export function scatterAdd(spec: GatherSpec): Stages {
  const { n, m } = spec;
  return {
    temporaries: [4 * (n + 1 + m)],
    stages: [
      { kernel: sortedRows(spec), operands: [3, 2] },
      { kernel: sumsOfRows(spec), operands: [0, 1, 3] },
    ],
  };
}

/**
 * Where the places of each row begin in a list, and that list of places, in order. Pointers: both,
 * one after the other [n + 1 + m]; indices [m].
 */
function sortedRows({ n, m }: GatherSpec): Kernel {
  return {
    key: `sortedRows ${n}x${m}`,
    pointers: 2,
    workItems: 1,
    scratch: 0,
    flops: 0,
    emit: (module) =>
      module.func("sortedRows", ["i32", "i32", "i32", "i32"], (f, starts, indices, begin, end) => {
        const at = f.local("i32");
        const row = f.local("i32");
        const place = f.local("i32");
        const sum = f.local("i32");
        const list = f.local("i32", i32.add(starts!, 4 * (n + 1)));
        f.if(i32.ltS(begin!, end!), () => {
          clear(f, starts!, n + 1);
          const rowOf = (j: Index): void => {
            const index = i32.load(i32.add(indices!, i32.shl(j, 2)));
            f.set(row, index);
            endUnlessIndex(module, f, row, { name: "scatterAdd", at: indices!, count: m, n });
            f.set(row, i32.add(starts!, i32.shl(row, 2)));
          };
          f.loop(at, 0, m, 1, () => {
            rowOf(at);
            f.store("i32", row, i32.add(i32.load(row), 1));
          });
          // Counts become ends; taking places from the last down makes them beginnings.
          f.loop(at, 0, 4 * (n + 1), 4, () => {
            f.set(row, i32.add(starts!, at));
            f.set(sum, i32.add(sum, i32.load(row)));
            f.store("i32", row, sum);
          });
          f.loop(at, 0, m, 1, () => {
            f.set(place, i32.sub(m - 1, at));
            rowOf(place);
            f.store("i32", row, i32.sub(i32.load(row), 1));
            f.store("i32", i32.add(list, i32.shl(i32.load(row), 2)), place);
          });
        });
      }),
  };
}

/**
 * Sums of rows of y. Pointers: out [outer, n, inner], y [outer, m, inner], what `sortedRows` gives.
 */
function sumsOfRows(spec: GatherSpec): Kernel {
  const { outer, n, m, inner } = spec;
  const rows = inner > 0 ? outer * n : 0;
  const perItem = Math.max(1, Math.ceil(workItemElements / Math.max(1, inner)));
  return {
    key: keyOf("scatterAdd", spec),
    pointers: 3,
    workItems: Math.ceil(rows / perItem),
    scratch: 0,
    flops: outer * m * inner,
    emit: (module) =>
      module.func(
        "scatterAdd",
        ["i32", "i32", "i32", "i32", "i32"],
        (f, out, y, starts, begin, end) => {
          const at = f.local("i32");
          const last = f.local("i32", i32.mul(end!, perItem));
          const from = f.local("i32");
          const to = f.local("i32");
          const column = f.local("i32");
          const k = f.local("i32");
          const rowsOfY = f.local("i32");
          const row = f.local("i32");
          const list = f.local("i32", i32.add(starts!, 4 * (n + 1)));
          const columns = (count: number): void => {
            const fours = Array.from(
              { length: Math.ceil(count / 4) },
              () => [f.local("v128"), f.local("v128")] as const,
            );
            for (const sum of fours.flat()) f.set(sum, f64x2.const(0));
            f.loop(k, from, to, 4, () => {
              f.set(
                row,
                i32.add(i32.add(rowsOfY, i32.mul(i32.load(i32.add(list, k)), 4 * inner)), column),
              );
              fours.forEach(([low, high], v) => {
                const x = f.local("v128", v128.load(row, 16 * v));
                f.set(low, f64x2.add(low, f64x2.promoteLow(x)));
                f.set(high, f64x2.add(high, f64x2.promoteLow(v128.shuffle32(x, x, [2, 3, 2, 3]))));
              });
            });
            f.set(row, i32.add(i32.add(out!, i32.mul(at, 4 * inner)), column));
            fours.forEach(([low, high], v) => {
              const sums = v128.shuffle32(f64x2.demote(low), f64x2.demote(high), [0, 1, 4, 5]);
              storeLanes(f, row, sums, Math.min(4, count - 4 * v), 16 * v);
            });
          };
          f.if(i32.gtS(last, rows), () => f.set(last, i32.const(rows)));
          f.loop(at, i32.mul(begin!, perItem), last, 1, () => {
            f.set(row, i32.add(starts!, i32.shl(outer === 1 ? at : i32.remU(at, n), 2)));
            f.set(from, i32.shl(i32.load(row), 2));
            f.set(to, i32.shl(i32.load(row, 4), 2));
            f.set(rowsOfY, i32.add(y!, i32.mul(outer === 1 ? 0 : i32.divU(at, n), 4 * m * inner)));
            const whole = 4 * (inner - (inner % 8));
            f.loop(column, 0, whole, 32, () => columns(8));
            if (inner % 8 > 0) {
              f.set(column, i32.const(whole));
              columns(inner % 8);
            }
          });
        },
      ),
  };
}

/**
 * Single numbers by index: out[o, j, i] = x[o, indices[o, j, i], i]. Pointers: out [outer, m,
 * inner], x, indices like out.
 *
 * @param name the operation, for the error about a bad index
 */
export function takeAlong(
  spec: GatherSpec,
  name: "takeAlong" | "gatherPool2d" = "takeAlong",
): Kernel {
  const { outer, n, m, inner } = spec;
  return {
    key: keyOf(name, spec),
    pointers: 3,
    workItems: outer,
    scratch: 0,
    flops: 0,
    emit: (module) =>
      module.func(
        "takeAlong",
        ["i32", "i32", "i32", "i32", "i32"],
        (f, out, x, indices, begin, end) =>
          eachIndex(f, spec, begin as Index, end as Index, indices as Index, (at, index, o, i) => {
            endUnlessIndex(module, f, index, {
              name,
              at: indices!,
              count: outer * m * inner,
              n,
            });
            f.store(
              "i32",
              i32.add(out as Index, at),
              i32.load(
                i32.add(
                  x as Index,
                  i32.shl(i32.add(i32.mul(i32.add(i32.mul(o, n), index), inner), i), 2),
                ),
              ),
            );
          }),
      ),
  };
}

/**
 * The adjoint: out[o, indices[o, j, i], i] += y[o, j, i], in the order of j. Operands: 0 out
 * [outer, n, inner], 1 y, 2 indices like y.
 *
 * @param few whether only few numbers go to one place, as to the largest of overlapping windows:
 *   sums are float32 then. Else they
 * are float64, rounded once.
 */
export function scatterAlong(
  spec: GatherSpec,
  few: boolean = spec.m <= 1,
  name: "scatterAlong" | "unpool2d" = "scatterAlong",
): Stages {
  const { outer, n, m, inner } = spec;
  const size = n * inner;
  const common = { workItems: outer, scratch: 0, flops: outer * m * inner };
  const addressOf = (base: Index, o: Index, index: Index, i: Index, shift: number): Index =>
    i32.add(base, i32.shl(i32.add(i32.mul(i32.add(i32.mul(o, n), index), inner), i), shift));
  if (few)
    return {
      temporaries: [],
      stages: [
        {
          operands: [0, 1, 2],
          kernel: {
            ...common,
            key: keyOf(`${name} few`, spec),
            pointers: 3,
            emit: (module) =>
              module.func(
                "scatterAlong",
                ["i32", "i32", "i32", "i32", "i32"],
                (f, out, y, indices, begin, end) => {
                  const to = f.local("i32");
                  clear(
                    f,
                    i32.add(out!, i32.mul(begin!, 4 * size)),
                    i32.mul(i32.sub(end!, begin!), size),
                  );
                  eachIndex(f, spec, begin!, end!, indices!, (at, index, o, i) => {
                    endUnlessIndex(module, f, index, {
                      name,
                      at: indices!,
                      count: outer * m * inner,
                      n,
                    });
                    f.set(to, addressOf(out!, o, index, i, 2));
                    f.store("f32", to, f32.add(f32.load(to), f32.load(i32.add(y!, at))));
                  });
                },
              ),
          },
        },
      ],
    };
  return {
    temporaries: [8 * outer * size],
    stages: [
      {
        operands: [0, 3, 1, 2],
        kernel: {
          ...common,
          key: keyOf(name, spec),
          pointers: 4,
          emit: (module) =>
            module.func(
              "scatterAlong",
              ["i32", "i32", "i32", "i32", "i32", "i32"],
              (f, out, sums, y, indices, begin, end) => {
                const to = f.local("i32");
                const from = f.local("i32");
                const k = f.local("i32");
                clear(
                  f,
                  i32.add(sums!, i32.mul(begin!, 8 * size)),
                  i32.mul(i32.sub(end!, begin!), 2 * size),
                );
                eachIndex(f, spec, begin!, end!, indices!, (at, index, o, i) => {
                  endUnlessIndex(module, f, index, {
                    name,
                    at: indices!,
                    count: outer * m * inner,
                    n,
                  });
                  f.set(to, addressOf(sums!, o, index, i, 3));
                  f.store("f64", to, f64.add(f64.load(to), f64.promote(f32.load(i32.add(y!, at)))));
                });
                f.set(from, i32.add(sums!, i32.mul(begin!, 8 * size)));
                f.set(to, i32.add(out!, i32.mul(begin!, 4 * size)));
                f.loop(k, 0, i32.mul(i32.sub(end!, begin!), size), 1, () => {
                  f.store("f32", to, f64.demote(f64.load(from)));
                  f.bump(from, 8);
                  f.bump(to, 4);
                });
              },
            ),
        },
      },
    ],
  };
}

/**
 * Visits the indices of some outer rows in order: the byte offset of each, its value, and where it
 * stands.
 */
function eachIndex(
  f: FunctionBuilder,
  { m, inner }: GatherSpec,
  begin: Index,
  end: Index,
  indices: Index,
  visit: (at: Local<"i32">, index: Local<"i32">, o: Local<"i32">, i: Local<"i32">) => void,
): void {
  const o = f.local("i32");
  const j = f.local("i32");
  const i = f.local("i32");
  const at = f.local("i32");
  const index = f.local("i32");
  f.set(at, i32.mul(begin, 4 * m * inner));
  f.loop(o, begin, end, 1, () =>
    f.loop(j, 0, m, 1, () =>
      f.loop(i, 0, inner, 1, () => {
        f.set(index, i32.load(i32.add(indices, at)));
        visit(at, index, o, i);
        f.bump(at, 4);
      }),
    ),
  );
}

/** Sets 32-bit numbers to zero. */
function clear(f: FunctionBuilder, from: Index, count: Index): void {
  const at = f.local("i32", typeof from === "number" ? i32.const(from) : from);
  const end = f.local("i32", i32.add(at, i32.shl(count, 2)));
  const i = f.local("i32");
  f.loop(i, at, i32.sub(end, 15), 16, () => f.store("v128", i, i32x4.const(0)));
  // A loop that does not run leaves its counter at the start.
  f.set(at, i32.add(at, i32.and(i32.sub(end, at), -16)));
  f.loop(i, at, end, 4, () => f.store("i32", i, i32.const(0)));
}
