import fc from "fast-check";
import { expect, test } from "vitest";
import { arenas } from "./arena.js";

const kib = 1024;
const mib = 1024 * kib;

test("regions do not overlap and are as large as needed", () => {
  const anySizes = fc.array(fc.integer({ min: 1, max: 40 * mib }), { minLength: 1, maxLength: 20 });
  fc.assert(
    fc.property(anySizes, fc.boolean(), (sizes, shared) => {
      const { take } = arenas(shared);
      const regions = sizes.map((bytes) => ({ ...take(bytes), bytes }));
      regions.forEach(({ at, bytes, memory }, i) => {
        expect(at % (64 * kib)).toBe(0);
        expect(at + bytes).toBeLessThanOrEqual(memory.buffer.byteLength);
        for (const other of regions.slice(0, i)) {
          const disjoint = other.at >= at + bytes || at >= other.at + other.bytes;
          expect(other.memory !== memory || disjoint).toBe(true);
        }
      });
    }),
    { numRuns: 20 },
  );
});

test("small regions share a memory, one of more than half of it has its own", () => {
  const { take } = arenas(false);
  const [a, b, large, c] = [take(5 * mib), take(20 * mib), take(33 * mib), take(32 * mib)];
  expect(new Set([a, b, c].map(({ memory }) => memory)).size).toBe(1);
  expect(a.memory.buffer.byteLength).toBe(64 * mib);
  expect(large.memory.buffer.byteLength).toBe(33 * mib);
  // What is left of the first memory is too small.
  expect(take(8 * mib).memory).not.toBe(a.memory);
});

test("each has as many pages of 64 KiB as it needs, one behind the other", () => {
  const { take } = arenas(true);
  expect([1, 64 * kib, 64 * kib + 1, 1].map((bytes) => take(bytes).at / kib)).toEqual([
    0, 64, 128, 256,
  ]);
});

test("a step that no memory can hold is refused with advice", () => {
  const { take } = arenas(false);
  expect(() => take(5000 * mib)).toThrow(
    "compile: expected a memory of 5000 MiB for the step, got none; let go of",
  );
});
