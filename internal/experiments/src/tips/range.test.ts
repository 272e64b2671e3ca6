import { expect, test } from "vitest";
import { float32Bits } from "../float32.js";
import { shiftedBits } from "./range.js";

test("a term has the exponent of a larger one, and loses what is after its last place", () => {
  const [, exponent] = float32Bits(1e10);
  expect(shiftedBits(1e-10, 1e10)).toEqual(["0", exponent, "0".repeat(23)]);
  // 2¹³ and 2¹⁰ times 1.5: three places less of 23.
  expect(shiftedBits(1536, 8192)[2]).toBe("00110".padEnd(23, "0"));
  expect(shiftedBits(2 ** -10, 8192)[2]).toBe("1".padStart(23, "0"));
  expect(shiftedBits(2 ** -11, 8192)[2]).toBe("0".repeat(23));
});
