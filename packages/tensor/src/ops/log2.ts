import { composed } from "../internal/elementwise.js";
import type { Unary } from "./elementwise.js";

/** The logarithm to base 2. */
export const log2: Unary = /* @__PURE__ */ composed("log2", (x) => x.log().div(Math.LN2));
