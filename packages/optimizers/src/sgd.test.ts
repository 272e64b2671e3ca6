import { expect, test } from "vitest";
import { sgd } from "./sgd.js";
import { path } from "./internal/testing/updatesOf.js";

test("on w²/2 the parameter is (1 − η)ᵗ", () => {
  path(sgd({ learningRate: 0.25 }), (w) => w, [1, -4], 8).forEach(([a, b], t) =>
    expect([a, b]).toEqual(
      [0.75 ** (t + 1), -4 * 0.75 ** (t + 1)].map((x) => expect.closeTo(x, 14)),
    ),
  );
});

test("has defaults, and refuses bad rates", () => {
  expect(path(sgd(), () => [1], [0], 1)).toEqual([[-0.01]]);
  expect(() => sgd({ learningRate: NaN })).toThrow(
    "sgd: expected a finite learningRate ≥ 0, got NaN",
  );
});
