import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import fc from "fast-check";
import { expect, test } from "vitest";
import { arenas, type Region } from "./arena.js";

setFlagsFromString("--expose-gc");
const gc = runInNewContext("gc") as () => void;
/** Collects, and gives the collector a turn to say what it collected. */
async function collect(): Promise<void> {
  for (let i = 0; i < 3; i++) {
    gc();
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

const kib = 1024;
const mib = 1024 * kib;
const atRest = (): boolean => true;
const bytesOf = ({ memory, at, bytes }: Region): Uint8Array =>
  new Uint8Array(memory.buffer, at, bytes);

test("regions lie apart, as large as was asked for, and hold zeros", () => {
  const sizes = fc.array(fc.integer({ min: 1, max: 40 * mib }), { minLength: 1, maxLength: 20 });
  fc.assert(
    fc.property(sizes, fc.boolean(), (wanted, shared) => {
      const { take } = arenas({ shared, forget: () => atRest });
      const regions = wanted.map(take);
      regions.forEach((region, i) => {
        const { at, bytes, memory } = region;
        expect(bytes).toBeGreaterThanOrEqual(wanted[i]!);
        expect(bytes - wanted[i]!).toBeLessThan(64 * kib);
        expect(at % (64 * kib)).toBe(0);
        expect(at + bytes).toBeLessThanOrEqual(memory.buffer.byteLength);
        for (const other of regions.slice(0, i)) {
          const apart = other.at >= at + bytes || at >= other.at + other.bytes;
          expect(other.memory !== memory || apart).toBe(true);
        }
      });
    }),
    { numRuns: 20 },
  );
});

test("small ones share a memory, one of more than half of it has its own", () => {
  const { take } = arenas({ shared: false, forget: () => atRest });
  const [a, b, own, c] = [take(5 * mib), take(20 * mib), take(33 * mib), take(32 * mib)];
  expect(new Set([a, b, c].map(({ memory }) => memory)).size).toBe(1);
  expect(a.memory.buffer.byteLength).toBe(64 * mib);
  expect(own.memory.buffer.byteLength).toBe(33 * mib);
  // What is left of the first memory is too small.
  expect(take(8 * mib).memory).not.toBe(a.memory);
});

test("a region that was collected is used again, with zeros in it, once helpers are done", async () => {
  let rests = false;
  const forgotten: number[] = [];
  const forget = (id: number) => {
    forgotten.push(id);
    return () => rests;
  };
  const { take } = arenas({ shared: true, forget });
  const first = take(mib);
  const memory = first.memory;
  (() => bytesOf(take(2 * mib)).fill(7))();
  const third = take(mib);
  await collect();
  expect(forgotten).toEqual([2]);

  // Somebody may still touch it.
  expect(take(mib).at).toBe(4 * mib);
  rests = true;
  const again = take(2 * mib);
  expect([again.memory, again.at]).toEqual([memory, mib]);
  expect(bytesOf(again).every((byte) => byte === 0)).toBe(true);
  for (const region of [first, third, again]) region.use();
});

test("a region in use is not collected", async () => {
  const forgotten: number[] = [];
  const forget = (id: number) => {
    forgotten.push(id);
    return atRest;
  };
  const { take } = arenas({ shared: false, forget });
  const made = take(mib);
  const useLater = () => made.use();
  await collect();
  useLater();
  expect(forgotten).toEqual([]);
});

test("a step that no memory can hold is refused with what to do", () => {
  const { take } = arenas({ shared: false, forget: () => atRest });
  expect(() => take(5000 * mib)).toThrow(
    "compile: expected a memory of 5000 MiB for the step, got none from this machine; let go of",
  );
});
