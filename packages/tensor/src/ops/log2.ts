import type { Unary } from "./elementwise.js";

/** The logarithm to base 2. */
export const log2: Unary = (x) => x.log().div(Math.LN2);
