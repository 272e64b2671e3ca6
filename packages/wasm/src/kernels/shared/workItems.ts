import type { FunctionBuilder, Index, Local } from "@tenon/emit";
import * as i32 from "@tenon/emit/i32";

/** The work items that a call of a kernel does: [begin, end). */
export interface ItemRange {
  readonly begin: Index;
  readonly end: Index;
}

/**
 * Emits a loop over the units of some work items, where each item has `perItem` units of `count` in
 * all; the last item may have fewer.
 */
export function eachUnit(
  f: FunctionBuilder,
  { begin, end }: ItemRange,
  { perItem, count }: { readonly perItem: number; readonly count: number },
  body: (unit: Local<"i32">) => void,
): void {
  const until = f.min(i32.mul(end, perItem), count);
  f.for(i32.mul(begin, perItem), until, 1, body);
}

/** The types of several addresses, for the parameters of a function. */
export const addresses = (count: number): readonly "address"[] =>
  new Array<"address">(count).fill("address");
