import type { Address, FunctionBuilder, Index } from "@tenon/emit";
import * as i32 from "@tenon/emit/i32";

/**
 * Emits code that reads one word of each cache line of some bytes, in order. Kernels that read many
 * rows at once come to each of them late; a processor knows in advance what comes next in an array
 * that is read from front to back.
 */
export function prefetch(f: FunctionBuilder, from: Address, bytes: Index): void {
  const start = f.let(from);
  f.for(0, bytes, 64, (offset) => f.drop(i32.load(i32.add(start, offset))));
}
