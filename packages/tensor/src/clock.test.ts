import { expect, test } from "vitest";
import { clock } from "./clock.js";
import { reference } from "./reference.js";
import type { Tensor } from "./tensor.js";

test("gives the value of a schedule, or of a constant, at the step that is fed", () => {
  const program = reference().compile(
    (state, step: Tensor) => {
      const { value } = clock(step);
      return { state, outputs: { rate: value((n) => 2 ** -n), constant: value(0.25) } };
    },
    {},
    { shape: [], dtype: "int32" },
  );
  for (const n of [0, 1, 5]) {
    const { rate, constant } = program.step(n);
    expect([rate.data[0], constant.data[0]]).toEqual([2 ** -n, 0.25]);
    expect(rate.shape).toEqual([]);
  }
});
