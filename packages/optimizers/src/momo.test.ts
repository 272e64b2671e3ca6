import { expect, test } from "vitest";
import {
  accumulate,
  mechanize,
  momo,
  momoAdam,
  onArrays,
  onSmallArrays,
  polyakSgd,
  sgd,
} from "./index.js";

test("polyakSgd halves the way to the least of Σ x²", () => {
  const x = Float64Array.of(1, 2, 3);
  const optimizer = onArrays(polyakSgd(), { x });
  const loss = (): number => x.reduce((sum, value) => sum + value * value, 0);
  for (const expected of [14, 3.5, 0.875, 0.21875]) {
    expect(loss()).toBeCloseTo(expected, 12);
    optimizer.step({ x: x.map((value) => 2 * value) }, loss());
  }
});

test.each([
  ["polyakSgd", polyakSgd()],
  ["momo", momo()],
  ["momoAdam", momoAdam()],
])("%s asks for the loss, and changes nothing without it", (name, transform) => {
  for (const host of [onArrays, onSmallArrays]) {
    const w = Float32Array.from({ length: 100 }, (_, i) => i);
    const optimizer = host(transform, { w });
    expect(() => optimizer.step({ w: w.slice() })).toThrow(
      "step: expected a loss, got undefined; give step(gradients, loss)",
    );
    expect(() => optimizer.step({ w: w.slice() }, "1" as never)).toThrow('got "1"; ');
    expect(w[3]).toBe(3);
    expect(optimizer.steps).toBe(0);
    optimizer.step({ w: w.slice() }, 1);
    expect(w[3]).not.toBe(3);
  }
  // Of k gradients there is no loss.
  expect(() => onArrays(accumulate(transform, 2), { w: Float32Array.of(1) })).toThrow(
    `${name}: expected the loss of the step as \`loss\` of the clock, got none`,
  );
});

test("a loss that no rule reads may be left out, or be given", () => {
  const w = Float32Array.of(1);
  const optimizer = onArrays(sgd({ learningRate: 1 }), { w });
  optimizer.step({ w: Float32Array.of(0.25) });
  optimizer.step({ w: Float32Array.of(0.25) }, 3);
  expect(w[0]).toBe(0.5);
});

test("mechanize finds a scale from one that is far too small", () => {
  // Of |w − 3|: the distance to the best is 3.
  const w = Float64Array.of(0);
  const optimizer = onArrays(mechanize(sgd({ learningRate: 1 })), { w });
  for (let step = 0; step < 600; step++) optimizer.step({ w: w.map((x) => Math.sign(x - 3)) });
  expect(Math.abs(w[0]! - 3)).toBeLessThan(0.5);
});
