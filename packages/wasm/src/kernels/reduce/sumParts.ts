import type { I32 } from "@tenon/emit";
import * as f32x4 from "@tenon/emit/f32x4";
import * as i32 from "@tenon/emit/i32";
import * as v128 from "@tenon/emit/v128";
import { workItemElements } from "../../machine.js";
import type { Kernel, Stages } from "../kernel.js";
import { kernelOf } from "../shared/kernelOf.js";
import { storeLanes } from "../shared/segment.js";

/**
 * Adds partial sums in order: out[i] = Σ over p of parts[p, i]. Pointers: out [floats], the parts
 * [parts, floats].
 */
export function sumParts(parts: number, floats: number): Kernel {
  const workItems = Math.ceil(floats / workItemElements);
  const wholeVectors = 4 * (floats - (floats % 4));
  return kernelOf(
    {
      key: `sumParts/${parts}x${floats}`,
      pointers: 2,
      flops: (parts - 1) * floats,
      workItems,
    },
    (f, [out, from], { begin, end }) => {
      const sumVector = (offset: I32, lanes: number): void => {
        const part = f.let(i32.add(from, offset));
        const sum = f.let(v128.load(part));
        f.for(1, parts, 1, () => {
          f.bump(part, 4 * floats);
          f.set(sum, f32x4.add(sum, v128.load(part)));
        });
        storeLanes(f, i32.add(out, offset), sum, lanes);
      };
      const until = f.min(i32.mul(end, 4 * workItemElements), wholeVectors);
      f.for(i32.mul(begin, 4 * workItemElements), until, 16, (offset) => sumVector(offset, 4));
      if (floats % 4 > 0)
        f.if(i32.and(i32.eq(end, workItems), i32.ltS(begin, end)), () =>
          sumVector(i32.const(wholeVectors), floats % 4),
        );
    },
  );
}

/**
 * The stage that adds up partial sums, from one operand to another; none if there is one part,
 * which is the sum.
 */
export const addedParts = (
  parts: number,
  floats: number,
  to: number,
  from: number,
): Stages["stages"] =>
  parts === 1 ? [] : [{ kernel: sumParts(parts, floats), operands: [to, from] }];

/**
 * The stages of a gradient whose kernel, with pointers gradient, x, dy, computes that of each of
 * some parts of the batch, of `floats` elements.
 */
export const inParts = (kernel: Kernel, parts: number, floats: number): Stages => ({
  temporaries: [4 * parts * floats],
  stages: [{ kernel, operands: [parts === 1 ? 0 : 3, 1, 2] }, ...addedParts(parts, floats, 0, 3)],
});
