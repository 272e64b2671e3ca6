import fc from "fast-check";
import { expect, test } from "vitest";
import { hashString } from "./index.js";

test.each([
  ["", 0x811c9dc5],
  ["a", 0xe40c292c],
  ["foobar", 0xbf9cf968],
  ["conv1/kernel", 0x7e290c0e],
  ["ü😀€x", 0xf70e15ef],
])("hashString(%j) is FNV-1a's", (text, hash) => {
  expect(hashString(text)).toBe(hash | 0);
});

test("hashString reads a text as TextEncoder does, lone surrogates too", () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 0, max: 0xffff }), { maxLength: 20 }), (units) => {
      const text = String.fromCharCode(...units);
      let hash = 0x811c9dc5n;
      for (const byte of new TextEncoder().encode(text))
        hash = ((hash ^ BigInt(byte)) * 0x01000193n) & 0xffffffffn;
      expect(hashString(text)).toBe(Number(BigInt.asIntN(32, hash)));
    }),
  );
});
