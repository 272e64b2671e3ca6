import type { Metric } from "@tenon/contracts";
import { meanOfRows, type MeanState, type Row } from "./internal/meanOf.js";

/**
 * The mean cosine of the angle between predictions and targets, along the last axis.
 *
 * Σ p·t / (‖p‖ ‖t‖) / n, where a row of zeros counts 0. NaN before the first row. Throws where the
 * shapes differ.
 */
export const cosineSimilarity: Metric<MeanState> = /* @__PURE__ */ meanOfRows(
  "cosineSimilarity",
  (p, t) => {
    const lengths = Math.sqrt(dot(p, p)) * Math.sqrt(dot(t, t));
    return lengths === 0 ? 0 : dot(p, t) / lengths;
  },
);

function dot(a: Row, b: Row): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i] * b[i];
  return sum;
}
