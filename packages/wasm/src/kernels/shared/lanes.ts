import type { FunctionBuilder, Local, V128, Word } from "@tenon/emit";
import * as v128 from "@tenon/emit/v128";

/** Where a vector is, in bytes from an address; or where each of its lanes is, of up to four. */
export type Lanes = number | readonly number[];

/** The vector; lanes that are not given are zero. */
export function loadFrom(address: Word, lanes: Lanes): V128 {
  if (typeof lanes === "number") return v128.load(address, lanes);
  const [first, ...others] = lanes;
  return others.reduce(
    (vector, offset, k) => v128.loadLane(address, k + 1, vector, offset),
    v128.loadZero(address, first),
  );
}

/** Emits code that stores the vector; lanes that are not given are left out. */
export function storeTo(
  f: FunctionBuilder,
  address: Word,
  vector: Local<"v128">,
  lanes: Lanes,
): void {
  if (typeof lanes === "number") f.store("v128", address, vector, lanes);
  else lanes.forEach((offset, lane) => f.storeLane(address, lane, vector, offset));
}
