import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import fc from "fast-check";
import { expect, test } from "vitest";
import { arenas, type Region } from "./arena.js";

setFlagsFromString("--expose-gc");
const gc = runInNewContext("gc") as () => void;
/** Collects garbage, and lets finalizers run. */
async function collect(): Promise<void> {
  for (let i = 0; i < 3; i++) {
    gc();
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

const kib = 1024;
const mib = 1024 * kib;
const always = (): boolean => true;
const bytesOf = ({ memory, at, bytes }: Region): Uint8Array =>
  new Uint8Array(memory.buffer, at, bytes);

test("regions do not overlap, are as large as needed, and hold zeros", () => {
  const anySizes = fc.array(fc.integer({ min: 1, max: 40 * mib }), { minLength: 1, maxLength: 20 });
  fc.assert(
    fc.property(anySizes, fc.boolean(), (sizes, shared) => {
      const { take } = arenas({ shared, forget: () => always });
      const regions = sizes.map(take);
      regions.forEach((region, i) => {
        const { at, bytes, memory } = region;
        expect(bytes).toBeGreaterThanOrEqual(sizes[i]!);
        expect(bytes - sizes[i]!).toBeLessThan(64 * kib);
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
  const { take } = arenas({ shared: false, forget: () => always });
  const [a, b, large, c] = [take(5 * mib), take(20 * mib), take(33 * mib), take(32 * mib)];
  expect(new Set([a, b, c].map(({ memory }) => memory)).size).toBe(1);
  expect(a.memory.buffer.byteLength).toBe(64 * mib);
  expect(large.memory.buffer.byteLength).toBe(33 * mib);
  // What is left of the first memory is too small.
  expect(take(8 * mib).memory).not.toBe(a.memory);
});

test("a region that was collected is used again, with zeros in it, once workers are done", async () => {
  let isFree = false;
  const forgotten: number[] = [];
  const forget = (id: number) => {
    forgotten.push(id);
    return () => isFree;
  };
  const { take } = arenas({ shared: true, forget });
  const first = take(mib);
  const memory = first.memory;
  (() => bytesOf(take(2 * mib)).fill(7))();
  const third = take(mib);
  await collect();
  expect(forgotten).toEqual([2]);

  // A worker may still touch it.
  expect(take(mib).at).toBe(4 * mib);
  isFree = true;
  const again = take(2 * mib);
  expect([again.memory, again.at]).toEqual([memory, mib]);
  expect(bytesOf(again).every((byte) => byte === 0)).toBe(true);
  for (const region of [first, third, again]) region.use();
});

test("a region in use is not collected", async () => {
  const forgotten: number[] = [];
  const forget = (id: number) => {
    forgotten.push(id);
    return always;
  };
  const { take } = arenas({ shared: false, forget });
  const region = take(mib);
  const useLater = () => region.use();
  await collect();
  useLater();
  expect(forgotten).toEqual([]);
});

test("a step that no memory can hold is refused with advice", () => {
  const { take } = arenas({ shared: false, forget: () => always });
  expect(() => take(5000 * mib)).toThrow(
    "compile: expected a memory of 5000 MiB for the step, got none; let go of",
  );
});
