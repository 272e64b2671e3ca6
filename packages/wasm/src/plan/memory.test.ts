import fc from "fast-check";
import { expect, test } from "vitest";
import { layOut, type Lifetime } from "./memory.js";

const lifetime = fc
  .record({ bytes: fc.nat(5000), first: fc.nat(40), length: fc.nat(20) })
  .map(({ bytes, first, length }): Lifetime => ({
    buffer: { bytes },
    first,
    last: first + length,
  }));

test("buffers that live at the same time never overlap, and a vector may be read past each end", () => {
  fc.assert(
    fc.property(fc.array(lifetime, { maxLength: 40 }), (lifetimes) => {
      const { offsets, bytes } = layOut(lifetimes);
      for (const a of lifetimes) {
        const from = offsets.get(a.buffer)!;
        expect(from % 64).toBe(0);
        expect(from + a.buffer.bytes + 16).toBeLessThanOrEqual(bytes);
        for (const b of lifetimes) {
          if (a === b || a.last < b.first || b.last < a.first) continue;
          const other = offsets.get(b.buffer)!;
          expect(from + a.buffer.bytes <= other || other + b.buffer.bytes <= from).toBe(true);
        }
      }
    }),
  );
});

test("buffers that follow each other share their place", () => {
  const lives = [0, 1, 2, 3].map((at) => ({ buffer: { bytes: 1000 }, first: at, last: at }));
  expect(layOut(lives).bytes).toBe(1024);
});
