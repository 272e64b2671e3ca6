import type { FunctionBuilder, Local } from "@tenon/emit";
import * as i32 from "@tenon/emit/i32";
import type { GatherSpec } from "@tenon/plan";
import type { Kernel } from "../kernel.js";
import { kernelOf } from "../shared/kernelOf.js";
import type { ItemRange } from "../shared/workItems.js";
import { endUnlessIndex } from "./badIndex.js";
import { elementOf, named } from "./gatherSpec.js";

/**
 * Single elements by index: out[o, j, i] = x[o, indices[o, j, i], i]. Pointers: out [outer, m,
 * inner], x [outer, n, inner], indices like out. A work item is an entry of the outer axes.
 */
export function takeAlong(spec: GatherSpec): Kernel {
  const { outer, n, m, inner } = spec;
  const count = outer * m * inner;
  return kernelOf(
    {
      ...named("takeAlong", spec),
      pointers: 3,
      workItems: outer,
    },
    (f, [out, x, indices], range) =>
      eachIndex(f, spec, range, indices, ({ offset, index, o, i }) => {
        endUnlessIndex(f, index, { indices, count, n, use: spec.use });
        const element = i32.load(i32.add(x, i32.shl(elementOf(spec, o, index, i), 2)));
        f.store("i32", i32.add(out, offset), element);
      }),
  );
}

/** An index [o, j, i] at run time. */
export interface IndexEntry {
  /** Its offset in bytes, and its value. */
  readonly offset: Local<"i32">;
  readonly index: Local<"i32">;
  readonly o: Local<"i32">;
  readonly i: Local<"i32">;
}

/** Emits code for the indices of some outer entries, in order. */
export function eachIndex(
  f: FunctionBuilder,
  { m, inner }: GatherSpec,
  { begin, end }: ItemRange,
  indices: Local<"address">,
  visit: (entry: IndexEntry) => void,
): void {
  const offset = f.let(i32.mul(begin, 4 * m * inner));
  f.for(begin, end, 1, (o) =>
    f.for(0, m, 1, () =>
      f.for(0, inner, 1, (i) => {
        const index = f.let(i32.load(i32.add(indices, offset)));
        visit({ offset, index, o, i });
        f.bump(offset, 4);
      }),
    ),
  );
}
