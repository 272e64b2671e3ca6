import type { Unary } from "./elementwise.js";

/** 1 / √x */
export const rsqrt: Unary = (x) => x.sqrt().reciprocal();
