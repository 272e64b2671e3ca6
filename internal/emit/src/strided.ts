import { add, mul } from "./i32.js";
import type { Address, I32, Index, Word } from "./value.js";

interface Strided {
  (base: Address, index: Index, stride: Index): Address;
  (base: Index, index: Index, stride: Index): I32;
}

/** The address of an element, or its index: base + index · stride. */
export const strided: Strided = (base: Word, index: Index, stride: Index): never =>
  add(base, mul(index, stride)) as never;
