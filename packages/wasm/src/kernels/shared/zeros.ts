import * as f32x4 from "@tenon/emit/f32x4";
import * as i32 from "@tenon/emit/i32";
import type { Kernel } from "../kernel.js";
import { kernelOf } from "./kernelOf.js";

export interface ZerosSpec {
  readonly key: string;
  /** Elements of the result. */
  readonly count: number;
  /** How many pointers the kernel takes; it writes to the first. */
  readonly pointers: number;
}

/** The result of a kernel whose sums have no terms: zeros. One work item. */
export function zeros({ key, count, pointers }: ZerosSpec): Kernel {
  return kernelOf(
    {
      key,
      pointers,
      workItems: count > 0 ? 1 : 0,
    },
    (f, [out], { begin, end }) =>
      f.if(i32.ltS(begin, end), () => {
        const zero = f32x4.const(0);
        const wholeVectors = count - (count % 4);
        f.for(0, 4 * wholeVectors, 16, (offset) => f.store("v128", i32.add(out!, offset), zero));
        for (let i = wholeVectors; i < count; i++) f.storeLane(out!, 0, zero, 4 * i);
      }),
  );
}
