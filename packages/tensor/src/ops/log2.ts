import { unary } from "../internal/elementwise.js";
import type { Unary } from "./elementwise.js";

/** Whole for powers of two on every machine, which `Math.log2` does not promise. */
function log2Of(x: number): number {
  const y = Math.log2(x);
  const whole = Math.round(y);
  return 2 ** whole === x ? whole : y;
}

/** The logarithm to base 2; exact of powers of two. */
export const log2: Unary = /* @__PURE__ */ unary("log2", log2Of, ({ x, g }) =>
  g.div(x.mul(Math.LN2)),
);
