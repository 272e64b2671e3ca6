import { strided } from "@tenon/emit";
import * as i32 from "@tenon/emit/i32";
import * as v128 from "@tenon/emit/v128";
import type { GatherSpec } from "@tenon/plan";
import type { Kernel } from "../kernel.js";
import { kernelOf } from "../shared/kernelOf.js";
import { endUnlessIndex } from "./badIndex.js";
import { named } from "./gatherSpec.js";

/**
 * Rows by index: out[o, j, :] = x[o, indices[j], :]. Pointers: out [outer, m, inner], x [outer, n,
 * inner], indices [m]. A work item is a row of out.
 */
export function gather(spec: GatherSpec): Kernel {
  const { outer, n, m, inner } = spec;
  const rowBytes = 4 * inner;
  return kernelOf(
    {
      ...named("gather", spec),
      pointers: 3,
      workItems: outer * m,
    },
    (f, [out, x, indices], { begin, end }) =>
      f.for(begin, end, 1, (row) => {
        const j = outer === 1 ? row : i32.remU(row, m);
        const o = outer === 1 ? 0 : i32.divU(row, m);
        const index = f.let(i32.load(i32.add(indices, i32.shl(j, 2))));
        endUnlessIndex(f, index, { indices, count: m, n, use: spec.use });
        const from = f.let(strided(x, i32.add(i32.mul(o, n), index), rowBytes));
        const to = f.let(strided(out, row, rowBytes));
        const wholeVectors = 4 * (inner - (inner % 4));
        f.for(0, wholeVectors, 16, (offset) =>
          f.store("v128", i32.add(to, offset), v128.load(i32.add(from, offset))),
        );
        f.for(wholeVectors, rowBytes, 4, (offset) =>
          f.store("i32", i32.add(to, offset), i32.load(i32.add(from, offset))),
        );
      }),
  );
}
