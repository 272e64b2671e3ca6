import { expectClose } from "@tenon/testkit";
import { expect, test } from "vitest";
import { rules } from "./internal/arrays/compiledRules.js";
import { adam, onArrays, onSmallArrays } from "./index.js";

test.each(Object.entries(rules))("%s: the same as onArrays", (_, rule) => {
  const start = Float64Array.from({ length: 600 }, (_, i) => Math.sin(i));
  const [w, small] = [start.slice(), start.slice()];
  const optimizer = onArrays(rule, { w });
  const smallOptimizer = onSmallArrays(rule, { w: small });
  for (let step = 0; step < 5; step++) {
    const gradient = start.map((value, i) => value * Math.cos(step + i));
    optimizer.step({ w: gradient });
    smallOptimizer.step({ w: gradient });
    expectClose(small, w, 1e-14, `after step ${step}`);
  }
  expect(small).not.toEqual(start);
});

test("a state of either is continued by the other", () => {
  const [w, small] = [new Float64Array([1, -2]), new Float64Array([1, -2])];
  const gradient = new Float64Array([0.5, 0.25]);
  const [large, little] = [onArrays(adam(), { w }), onSmallArrays(adam(), { w: small })];
  large.step({ w: gradient });
  little.load(JSON.parse(JSON.stringify(large.state())));
  expect(little.state()).toEqual(large.state());
});

test("an error names the function that was called", () => {
  expect(() => onSmallArrays(adam as never, {})).toThrow("onSmallArrays: expected ");
  expect(() => onSmallArrays(adam(), new Float32Array(3) as never)).toThrow(
    "onSmallArrays: expected arrays by name",
  );
  expect(() => onSmallArrays(adam(), { w: [1] as never })).toThrow(
    'onSmallArrays: expected parameter "w" to be a Float32Array',
  );
  expect(() => onSmallArrays(adam(), {}, ...([{}] as unknown as []))).toThrow(
    "onSmallArrays: expected no options",
  );
});
