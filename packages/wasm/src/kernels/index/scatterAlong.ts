import { strided } from "@tenon/emit";
import * as f32 from "@tenon/emit/f32";
import * as f64 from "@tenon/emit/f64";
import * as i32 from "@tenon/emit/i32";
import type { GatherSpec } from "@tenon/plan";
import type { Stages } from "../kernel.js";
import { kernelOf } from "../shared/kernelOf.js";
import { clearWords, named } from "./gatherSpec.js";
import { eachTarget } from "./scatterFew.js";

/**
 * The adjoint of `takeAlong`: out[o, indices[o, j, i], i] += y[o, j, i], from zero, in the order of
 * j, in float64 and rounded once. Operands: 0 out [outer, n, inner], 1 y [outer, m, inner], 2
 * indices like y. A work item is an entry of the outer axes.
 */
export function scatterAlong(spec: GatherSpec): Stages {
  const { outer, n, m, inner } = spec;
  const size = n * inner;
  const kernel = kernelOf(
    {
      ...named("scatterAlong", spec),
      pointers: 4,
      workItems: outer,
      flops: outer * m * inner,
    },
    // The sums are float64 [outer, n, inner].
    (f, [out, sums, y, indices], range) => {
      const from = f.let(strided(sums, range.begin, 8 * size));
      const to = f.local("address");
      clearWords(f, from, i32.mul(i32.sub(range.end, range.begin), 2 * size));
      eachTarget(f, spec, range, indices, (offset, element) => {
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
