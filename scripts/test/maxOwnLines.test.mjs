import { Linter } from "eslint";
import { expect, test } from "vitest";
import { maxOwnLines } from "../lib/maxOwnLines.mjs";

const linter = new Linter();
const reported = (code, most) =>
  linter
    .verify(code, {
      plugins: { own: { rules: { "max-lines": maxOwnLines } } },
      rules: { "own/max-lines": ["error", most] },
    })
    .map(({ message }) => message);

const code = `function outer() {
  // a comment

  const inner = () => {
    one();
    two();
    three();
  };
  return inner;
}`;

test("counts a function's own lines of code, not those of functions inside it", () => {
  // Of inner: its 5 lines. Of outer: 4, its first and last, where inner begins, and the return.
  expect(reported(code, 5)).toEqual([]);
  expect(reported(code, 4)).toEqual([
    "inner has 5 lines of its own, more than 4: split it by its ideas.",
  ]);
  expect(reported(code, 3)).toEqual([
    "outer has 4 lines of its own, more than 3: split it by its ideas.",
    "inner has 5 lines of its own, more than 3: split it by its ideas.",
  ]);
});
