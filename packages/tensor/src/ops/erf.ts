import { unary } from "../internal/elementwise.js";
import { erfOf, gaussian } from "../internal/errorFunction.js";
import type { Unary } from "./elementwise.js";

/** The error function; its gradient is 2/√π e^(−x²). */
export const erf: Unary = /* @__PURE__ */ unary("erf", erfOf, ({ x, g }) =>
  g.mul(gaussian(x, 1)).mul(2 / Math.sqrt(Math.PI)),
);
