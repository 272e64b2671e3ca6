import { expect, test } from "vitest";
import { dirac } from "./index.js";

const never = (): number => expect.fail("draws nothing");

test.each([
  [[3], 1],
  [[4], 1],
  [[3, 5], 1],
  [[5], 2],
])("dirac: a convolution with window %j in %d groups passes its input on", (window, groups) => {
  const inputs = 2;
  const outputs = 2 * groups;
  const k = dirac({ groups })([...window, inputs, outputs], never);
  const middle = window.reduce((index, size) => index * size + Math.floor(size / 2), 0);
  for (let place = 0; place < window.reduce((a, b) => a * b); place++) {
    for (let i = 0; i < inputs; i++) {
      for (let o = 0; o < outputs; o++) {
        // Output channel o belongs to group ⌊o / 2⌋, where index i is channel i.
        expect(k[(place * inputs + i) * outputs + o]).toBe(place === middle && o % 2 === i ? 1 : 0);
      }
    }
  }
});

test("dirac refuses shapes of other ranks, and groups that do not divide the channels", () => {
  expect(() => dirac()([3, 3], never)).toThrow(
    "dirac: expected a shape [...window, in, out], got [3, 3]; use identity for a matrix",
  );
  expect(() => dirac({ groups: 3 })([3, 2, 4], never)).toThrow(
    "dirac: expected groups that divide 4 output channels, got 3",
  );
  expect(() => dirac({ groups: 0 })).toThrow("dirac: expected groups to be an integer ≥ 1, got 0");
});
