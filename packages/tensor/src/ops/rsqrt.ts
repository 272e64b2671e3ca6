import { composed } from "../internal/elementwise.js";
import type { Unary } from "./elementwise.js";

/** 1 / √x */
export const rsqrt: Unary = /* @__PURE__ */ composed("rsqrt", (x) => x.sqrt().reciprocal());
