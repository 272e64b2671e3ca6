import { strided, type FunctionBuilder, type Index, type Local } from "@tenon/emit";
import * as f32 from "@tenon/emit/f32";
import * as f64 from "@tenon/emit/f64";
import * as i32 from "@tenon/emit/i32";
import type { GatherSpec } from "@tenon/plan";
import type { Stages } from "../kernel.js";
import { kernelOf } from "../shared/kernelOf.js";
import type { ItemRange } from "../shared/workItems.js";
import { endUnlessIndex } from "./badIndex.js";
import { clearWords, elementOf, named } from "./gatherSpec.js";
import { eachIndex } from "./takeAlong.js";

export interface ScatterOptions {
  /**
   * Whether only a few elements have the same index, as at the argmax of overlapping windows: then
   * sums are float32. Otherwise they are float64 and rounded once. @defaultValue m ≤ 1
   */
  readonly few?: boolean | undefined;
}

/**
 * The adjoint of `takeAlong`: out[o, indices[o, j, i], i] += y[o, j, i], from zero, in the order of
 * j. Operands: 0 out [outer, n, inner], 1 y [outer, m, inner], 2 indices like y. A work item is an
 * entry of the outer axes.
 */
export function scatterAlong(spec: GatherSpec, { few = spec.m <= 1 }: ScatterOptions = {}): Stages {
  const { outer, n, m, inner } = spec;
  const size = n * inner;
  const shared = { workItems: outer, flops: outer * m * inner };
  /**
   * Emits code for each element of y, in order: its offset in bytes, and the position in out to
   * which it is added.
   */
  const eachTarget = (
    f: FunctionBuilder,
    range: ItemRange,
    indices: Local<"address">,
    visit: (offset: Local<"i32">, element: Index) => void,
  ): void =>
    eachIndex(f, spec, range, indices, ({ offset, index, o, i }) => {
      endUnlessIndex(f, index, { indices, count: outer * m * inner, n, use: spec.use });
      visit(offset, elementOf(spec, o, index, i));
    });

  if (few) {
    const kernel = kernelOf(
      { ...named("scatterAlong few", spec), pointers: 3, ...shared },
      (f, [out, y, indices], range) => {
        const to = f.let(strided(out, range.begin, 4 * size));
        clearWords(f, to, i32.mul(i32.sub(range.end, range.begin), size));
        eachTarget(f, range, indices, (offset, element) => {
          f.set(to, i32.add(out, i32.shl(element, 2)));
          f.store("f32", to, f32.add(f32.load(to), f32.load(i32.add(y, offset))));
        });
      },
    );
    return { temporaries: [], stages: [{ operands: [0, 1, 2], kernel }] };
  }
  const kernel = kernelOf(
    { ...named("scatterAlong", spec), pointers: 4, ...shared },
    // The sums are float64 [outer, n, inner].
    (f, [out, sums, y, indices], range) => {
      const from = f.let(strided(sums, range.begin, 8 * size));
      const to = f.local("address");
      clearWords(f, from, i32.mul(i32.sub(range.end, range.begin), 2 * size));
      eachTarget(f, range, indices, (offset, element) => {
        f.set(to, i32.add(sums, i32.shl(element, 3)));
        const sum = f64.add(f64.load(to), f64.promote(f32.load(i32.add(y, offset))));
        f.store("f64", to, sum);
      });
      f.set(to, strided(out, range.begin, 4 * size));
      f.for(0, i32.mul(i32.sub(range.end, range.begin), size), 1, () => {
        f.store("f32", to, f64.demote(f64.load(from)));
        f.bump(from, 8);
        f.bump(to, 4);
      });
    },
  );
  return { temporaries: [8 * outer * size], stages: [{ operands: [0, 3, 1, 2], kernel }] };
}
