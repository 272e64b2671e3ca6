import { strided, type FunctionBuilder, type Index, type Local } from "@tenon/emit";
import * as f32 from "@tenon/emit/f32";
import * as i32 from "@tenon/emit/i32";
import type { GatherSpec } from "@tenon/plan";
import type { Kernel } from "../kernel.js";
import { kernelOf } from "../shared/kernelOf.js";
import type { ItemRange } from "../shared/workItems.js";
import { endUnlessIndex } from "./badIndex.js";
import { clearWords, elementOf, named } from "./gatherSpec.js";
import { eachIndex } from "./takeAlong.js";

/**
 * `scatterAlong` in float32, where only a few elements have the same index: one for each entry of
 * the other axes, or those at the argmax of overlapping windows. Pointers: out [outer, n, inner], y
 * [outer, m, inner], indices like y. A work item is an entry of the outer axes.
 */
export function scatterFew(spec: GatherSpec): Kernel {
  const { outer, n, m, inner } = spec;
  const size = n * inner;
  return kernelOf(
    {
      ...named("scatterAlong few", spec),
      pointers: 3,
      workItems: outer,
      flops: outer * m * inner,
    },
    (f, [out, y, indices], range) => {
      const to = f.let(strided(out, range.begin, 4 * size));
      clearWords(f, to, i32.mul(i32.sub(range.end, range.begin), size));
      eachTarget(f, spec, range, indices, (offset, element) => {
        f.set(to, i32.add(out, i32.shl(element, 2)));
        f.store("f32", to, f32.add(f32.load(to), f32.load(i32.add(y, offset))));
      });
    },
  );
}

/**
 * Emits code for each element that is added, in order: its offset in bytes, and the position in the
 * result to which it is added.
 */
export function eachTarget(
  f: FunctionBuilder,
  spec: GatherSpec,
  range: ItemRange,
  indices: Local<"address">,
  visit: (offset: Local<"i32">, element: Index) => void,
): void {
  const { outer, n, m, inner, use } = spec;
  eachIndex(f, spec, range, indices, ({ offset, index, o, i }) => {
    endUnlessIndex(f, index, { indices, count: outer * m * inner, n, use });
    visit(offset, elementOf(spec, o, index, i));
  });
}
