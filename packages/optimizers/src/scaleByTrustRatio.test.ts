import { expect, test } from "vitest";
import { scaleByTrustRatio } from "./scaleByTrustRatio.js";
import { updatesOf } from "./internal/testing.js";

test("as long as the parameter", () => expect(updatesOf(scaleByTrustRatio(), [[0.3, 0.4]], [6, 8])[0]).toEqual([expect.closeTo(6, 12), expect.closeTo(8, 12)]));
test("where a norm is zero, as it was", () => {
  expect(updatesOf(scaleByTrustRatio(), [[3, 4]], [0, 0])).toEqual([[3, 4]]);
  expect(updatesOf(scaleByTrustRatio(), [[0, 0]], [6, 8])).toEqual([[0, 0]]);
  expect(updatesOf(scaleByTrustRatio({ minNorm: 1 }), [[3, 4]], [0, 0])[0]).toEqual([expect.closeTo(0.6, 12), expect.closeTo(0.8, 12)]);
});
test("refuses a coefficient of zero", () => expect(() => scaleByTrustRatio({ coefficient: 0 })).toThrow("scaleByTrustRatio: expected a finite coefficient > 0, got 0"));
