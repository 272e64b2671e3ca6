import {
  f32,
  f64,
  i32,
  strided,
  type FunctionBuilder,
  type Local,
  type ModuleBuilder,
} from "@tenon/emit";
import type { Kernel, Stages } from "../kernel.js";
import { kernelOf } from "../shared/kernelOf.js";
import type { ItemRange } from "../shared/workItems.js";
import { endUnlessIndex } from "./badIndex.js";
import { clearWords, elementOf, gatherKey, type GatherSpec } from "./gatherSpec.js";
import { eachIndex } from "./takeAlong.js";

export interface ScatterOptions {
  /**
   * Whether only a few elements have the same index, as at the argmax of overlapping windows: then
   * sums are float32. Otherwise they are float64 and rounded once. @defaultValue m ≤ 1
   */
  readonly few?: boolean | undefined;
  /** The operation, for the error about a bad index. @defaultValue "scatterAlong" */
  readonly name?: "scatterAlong" | "unpool2d";
}

/**
 * The adjoint of `takeAlong`: out[o, indices[o, j, i], i] += y[o, j, i], from zero, in the order of
 * j. Operands: 0 out [outer, n, inner], 1 y [outer, m, inner], 2 indices like y. A work item is an
 * entry of the outer axes.
 */
export function scatterAlong(
  spec: GatherSpec,
  { few = spec.m <= 1, name = "scatterAlong" }: ScatterOptions = {},
): Stages {
  const scatter: Scatter = { spec, name };
  return few
    ? {
        temporaries: [],
        stages: [{ operands: [0, 1, 2], kernel: inFloat32(scatter) }],
      }
    : {
        temporaries: [8 * spec.outer * spec.n * spec.inner],
        stages: [{ operands: [0, 3, 1, 2], kernel: inFloat64(scatter) }],
      };
}

interface Scatter {
  readonly spec: GatherSpec;
  readonly name: "scatterAlong" | "unpool2d";
}

/** Pointers: out, y, indices. */
function inFloat32({ spec, name }: Scatter): Kernel {
  const { outer, n, m, inner } = spec;
  const size = n * inner;
  return kernelOf(
    {
      key: gatherKey(`${name} few`, spec),
      pointers: 3,
      workItems: outer,
      flops: outer * m * inner,
    },
    (f, [out, y, indices], { begin, end }, module) => {
      const to = f.let(strided(out, begin, 4 * size));
      clearWords(f, to, i32.mul(i32.sub(end, begin), size));
      eachTarget(module, f, { spec, name }, { begin, end, indices }, (offset, element) => {
        f.set(to, i32.add(out, i32.shl(element, 2)));
        f.store("f32", to, f32.add(f32.load(to), f32.load(i32.add(y, offset))));
      });
    },
  );
}

/** Pointers: out, sums in float64 [outer, n, inner], y, indices. */
function inFloat64({ spec, name }: Scatter): Kernel {
  const { outer, n, m, inner } = spec;
  const size = n * inner;
  return kernelOf(
    {
      key: gatherKey(name, spec),
      pointers: 4,
      workItems: outer,
      flops: outer * m * inner,
    },
    (f, [out, sums, y, indices], { begin, end }, module) => {
      const from = f.let(strided(sums, begin, 8 * size));
      const to = f.local("address");
      clearWords(f, from, i32.mul(i32.sub(end, begin), 2 * size));
      eachTarget(module, f, { spec, name }, { begin, end, indices }, (offset, element) => {
        f.set(to, i32.add(sums, i32.shl(element, 3)));
        const sum = f64.add(f64.load(to), f64.promote(f32.load(i32.add(y, offset))));
        f.store("f64", to, sum);
      });
      f.set(to, strided(out, begin, 4 * size));
      f.for(0, i32.mul(i32.sub(end, begin), size), 1, () => {
        f.store("f32", to, f64.demote(f64.load(from)));
        f.bump(from, 8);
        f.bump(to, 4);
      });
    },
  );
}

/**
 * Emits code for each element of y, in order: its offset in bytes, and the position in out to which
 * it is added.
 */
function eachTarget(
  module: ModuleBuilder,
  f: FunctionBuilder,
  { spec, name }: Scatter,
  { indices, ...range }: ItemRange & { readonly indices: Local<"address"> },
  visit: (offset: Local<"i32">, element: ReturnType<typeof elementOf>) => void,
): void {
  const { outer, n, m, inner } = spec;
  const count = outer * m * inner;
  eachIndex(f, spec, range, indices, ({ offset, index, o, i }) => {
    endUnlessIndex(module, f, index, { name, indices, count, n });
    visit(offset, elementOf(spec, o, index, i));
  });
}
