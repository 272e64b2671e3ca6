import type { Address, FunctionBuilder, Index } from "@tenon/emit";
import * as i32 from "@tenon/emit/i32";
import * as i32x4 from "@tenon/emit/i32x4";
import type { GatherSpec } from "@tenon/plan";
import type { IndexUse } from "@tenon/tensor";
import { useNumber } from "./badIndex.js";

/** Names a kernel's code, and who uses its indices. */
export const named = (
  name: string,
  { outer, n, m, inner, use }: GatherSpec,
): { readonly key: string; readonly use: IndexUse } => ({
  key: `${name} ${outer}x${n}x${m}x${inner} ${useNumber(use)}`,
  use,
});

/** The position of element [o, index, i] in an array [outer, n, inner]. */
export const elementOf = ({ n, inner }: GatherSpec, o: Index, index: Index, i: Index): Index =>
  i32.add(i32.mul(i32.add(i32.mul(o, n), index), inner), i);

/** Emits code that fills `count` 32-bit words with zeros. */
export function clearWords(f: FunctionBuilder, from: Address, count: Index): void {
  const bytes = f.let(i32.shl(count, 2));
  f.for(0, i32.sub(bytes, 15), 16, (offset) =>
    f.store("v128", i32.add(from, offset), i32x4.const(0)),
  );
  f.for(i32.and(bytes, -16), bytes, 4, (offset) =>
    f.store("i32", i32.add(from, offset), i32.const(0)),
  );
}
