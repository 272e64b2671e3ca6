import fc from "fast-check";
import { expect, test } from "vitest";
import { layOut, type Lifetime } from "./memory.js";

const memory = { alignment: 64, padding: 16 };
const lifetime = fc
  .record({ bytes: fc.nat(5000), first: fc.nat(40), length: fc.nat(20) })
  .map(({ bytes, first, length }): Lifetime => ({
    buffer: { bytes },
    first,
    last: first + length,
  }));

test("buffers that are in use at the same time never overlap, and each has its padding", () => {
  fc.assert(
    fc.property(fc.array(lifetime, { maxLength: 40 }), (lifetimes) => {
      const { offsets, bytes } = layOut(lifetimes, memory);
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

test("buffers that are in use one after the other share their memory", () => {
  const lifetimes = [0, 1, 2, 3].map((step) => ({
    buffer: { bytes: 1000 },
    first: step,
    last: step,
  }));
  expect(layOut(lifetimes, memory).bytes).toBe(1024);
});
