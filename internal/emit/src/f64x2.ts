// Two float64.
import { float64 } from "./bytes.js";
import { binary, constant, unary, type Binary, type Unary } from "./instructions.js";
import type { V128 } from "./value.js";

const splat = (x: number): V128 => constant(float64(x));
export { splat as const };
export const abs: Unary = /* @__PURE__ */ unary(236);
export const neg: Unary = /* @__PURE__ */ unary(237);
export const sqrt: Unary = /* @__PURE__ */ unary(239);
export const add: Binary = /* @__PURE__ */ binary(240);
export const sub: Binary = /* @__PURE__ */ binary(241);
export const mul: Binary = /* @__PURE__ */ binary(242);
export const div: Binary = /* @__PURE__ */ binary(243);
export const min: Binary = /* @__PURE__ */ binary(244);
export const max: Binary = /* @__PURE__ */ binary(245);
export const pmin: Binary = /* @__PURE__ */ binary(246);
export const pmax: Binary = /* @__PURE__ */ binary(247);
export const floor: Unary = /* @__PURE__ */ unary(117);
export const trunc: Unary = /* @__PURE__ */ unary(122);
export const nearest: Unary = /* @__PURE__ */ unary(148);
export const eq: Binary = /* @__PURE__ */ binary(71);
export const ne: Binary = /* @__PURE__ */ binary(72);
export const lt: Binary = /* @__PURE__ */ binary(73);
export const gt: Binary = /* @__PURE__ */ binary(74);
export const le: Binary = /* @__PURE__ */ binary(75);
export const ge: Binary = /* @__PURE__ */ binary(76);
/** To float64 from the two low lanes of float32. */
export const promoteLow: Unary = /* @__PURE__ */ unary(95);
/** To float32 in the two low lanes, zeros above. */
export const demote: Unary = /* @__PURE__ */ unary(94);
/** To int32 in the two low lanes, zeros above: saturated; NaN becomes 0. */
export const truncLow: Unary = /* @__PURE__ */ unary(252);
/** To float64 from the two low lanes of int32. */
export const convertLow: Unary = /* @__PURE__ */ unary(254);
