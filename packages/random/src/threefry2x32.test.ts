import { expect, test } from "vitest";
import { threefry2x32 } from "./index.js";

/** The known answers of Random123 (file kat_vectors), "threefry2x32 20". */
const knownAnswers: readonly (readonly [
  key: readonly [number, number],
  counter: readonly [number, number],
  answer: readonly [number, number],
])[] = [
  [
    [0, 0],
    [0, 0],
    [0x6b200159, 0x99ba4efe],
  ],
  [
    [0xffffffff, 0xffffffff],
    [0xffffffff, 0xffffffff],
    [0x1cb996fc, 0xbb002be7],
  ],
  [
    [0x13198a2e, 0x03707344],
    [0x243f6a88, 0x85a308d3],
    [0xc4923a9c, 0x483df7a0],
  ],
];

test.each(knownAnswers)("threefry2x32: Random123's answer for key %j", (key, counter, answer) => {
  const out = new Uint32Array(2);
  threefry2x32(...key, ...counter, out);
  expect([...out]).toEqual(answer);
});

test("threefry2x32 takes signed and unsigned words alike and writes at the given index", () => {
  const unsigned = new Uint32Array(5);
  const signed = new Int32Array(2);
  threefry2x32(0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff, unsigned, 2);
  threefry2x32(-1, -1, -1, -1, signed);
  expect([...unsigned]).toEqual([0, 0, 0x1cb996fc, 0xbb002be7, 0]);
  expect([...new Uint32Array(signed.buffer)]).toEqual([0x1cb996fc, 0xbb002be7]);
});

test("threefry2x32: one bit of key or counter changes about half of the answer", () => {
  const base = new Uint32Array(2);
  const other = new Uint32Array(2);
  let changed = 0;
  for (let word = 0; word < 4; word++) {
    for (let bit = 0; bit < 32; bit++) {
      const words: [number, number, number, number] = [1, 2, 3, 4];
      threefry2x32(...words, base);
      words[word] ^= 1 << bit;
      threefry2x32(...words, other);
      for (let i = 0; i < 2; i++) for (let x = base[i] ^ other[i]; x !== 0; x &= x - 1) changed++;
    }
  }
  // 5 standard deviations of 8192 fair coins
  expect(Math.abs(changed / (128 * 64) - 0.5)).toBeLessThan(0.03);
});
