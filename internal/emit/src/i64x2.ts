// Two int64.
import { binary, constant, shift, type Binary, type Shift } from "./instructions.js";
import type { V128 } from "./value.js";

const halves = (low: number, high: number): V128 =>
  constant([...new Uint8Array(Int32Array.of(low, high).buffer)]);
export { halves as const };
export const add: Binary = /* @__PURE__ */ binary(206);
export const sub: Binary = /* @__PURE__ */ binary(209);
export const shl: Shift = /* @__PURE__ */ shift(203);
export const shrU: Shift = /* @__PURE__ */ shift(205);
