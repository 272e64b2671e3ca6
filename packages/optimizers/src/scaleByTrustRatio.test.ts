import type { Transform } from "@tenon/contracts";
import { towards } from "@tenon/guards";
import { expect, test } from "vitest";
import { chain } from "./chain.js";
import { onArrays } from "./onArrays.js";
import { scaleByTrustRatio } from "./scaleByTrustRatio.js";
import { updatesOf } from "./internal/testing/updatesOf.js";

test("as long as the parameter", () =>
  expect(updatesOf(scaleByTrustRatio(), [[0.3, 0.4]], [6, 8])[0]).toEqual([
    expect.closeTo(6, 12),
    expect.closeTo(8, 12),
  ]));
test("unchanged where a norm is zero", () => {
  expect(updatesOf(scaleByTrustRatio(), [[3, 4]], [0, 0])).toEqual([[3, 4]]);
  expect(updatesOf(scaleByTrustRatio(), [[0, 0]], [6, 8])).toEqual([[0, 0]]);
  expect(updatesOf(scaleByTrustRatio({ minNorm: 1 }), [[3, 4]], [0, 0])[0]).toEqual([
    expect.closeTo(0.6, 12),
    expect.closeTo(0.8, 12),
  ]);
});
test("refuses a coefficient of zero", () =>
  expect(() => scaleByTrustRatio({ coefficient: 0 })).toThrow(
    "scaleByTrustRatio: expected a finite coefficient > 0, got 0",
  ));
test.each([
  [1, [3, 4], [1e-37, 0], [5, 0]],
  [1e30, [3, 4], [1e-37, 0], [5e30, 0]],
  [1e-30, [3, 4], [3e38, 0], [5e-30, 0]],
  [1, [1.5e38, 2e38], [1e-40, 0], [2.5e38, 0]],
  [1e-38, [1.5e38, 2e38], [3, 4], [1.5, 2]],
  [0.5, [3e38, 3e38], [2, 0], [1.5e38 * Math.SQRT2, 0]],
  [1e38, [3e-38, 4e-38], [0, 2], [0, 5]],
  [
    3e38,
    [3e-30, 4e-30],
    [3e38, 4e38 / 2],
    [(1.5e9 * 3) / Math.sqrt(13), (1.5e9 * 2) / Math.sqrt(13)],
  ],
])(
  "is exact for values of any size: coefficient %s, w = %s, g = %s",
  (coefficient, w, g, right) => {
    const params = { w: Float32Array.from(w) };
    const arrays = { w: Float32Array.from({ length: 64 }, (_, i) => w[i] ?? 0) };
    onArrays(chain(scaleByTrustRatio({ coefficient }), keeping()), params).step({
      w: Float32Array.from(g),
    });
    onArrays(chain(scaleByTrustRatio({ coefficient }), keeping()), arrays).step({
      w: Float32Array.from({ length: 64 }, (_, i) => g[i] ?? 0),
    });
    for (const got of [params.w, arrays.w])
      right.forEach((x, i) =>
        expect(got[i], `${i}`).toSatisfy((y: number) => Math.abs(y - x) <= 1e-6 * Math.abs(x)),
      );
  },
);

/** The change of the parameter is the update. */
function keeping(): Transform {
  return {
    name: "keeping",
    slots: () => ({}),
    update: ({ updates, params, slots }) => ({
      updates: Object.fromEntries(
        Object.entries(updates).map(([path, u]) => [path, towards(params[path]!, u)]),
      ),
      params,
      slots,
    }),
  };
}
