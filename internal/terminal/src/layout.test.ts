import fc from "fast-check";
import { expect, test } from "vitest";
import { indented, widthOf } from "./layout.js";

test("each line of an indented sentence is, and no word is lost", () => {
  expect(indented("one two three", 9, 2)).toBe("  one two\n  three");
  const word = fc.stringMatching(/^[a-z가-힣]{1,6}$/);
  fc.assert(
    fc.property(
      fc.array(word, { minLength: 1 }),
      fc.integer({ min: 20, max: 60 }),
      (words, columns) => {
        const lines = indented(words.join(" "), columns, 4).split("\n");
        for (const line of lines) {
          expect(line.startsWith("    ")).toBe(true);
          expect(widthOf(line)).toBeLessThanOrEqual(columns);
        }
        expect(lines.map((line) => line.trim()).join(" ")).toBe(words.join(" "));
      },
    ),
  );
});
