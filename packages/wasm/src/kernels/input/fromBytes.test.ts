import { moduleBuilder } from "@tenon/emit";
import fc from "fast-check";
import { expect, test } from "vitest";
import { fromBytes } from "./fromBytes.js";

const module = moduleBuilder();
fromBytes(module);
const memory = new WebAssembly.Memory({ initial: 1 });
const run = new WebAssembly.Instance(new WebAssembly.Module(module.toBytes()), { env: { memory } })
  .exports["fromBytes"] as (...args: number[]) => void;

test("bytes are decoded in place; the memory around them stays", () => {
  const byte = fc.oneof(fc.constant(0), fc.nat(255));
  const few = fc.array(byte, { maxLength: 70 });
  const zeros = fc.integer({ min: 0, max: 50 }).map((n) => new Array<number>(n).fill(0));
  fc.assert(
    fc.property(
      fc.array(fc.oneof(few, zeros), { maxLength: 6 }).map((parts) => parts.flat()),
      fc.integer({ min: 1, max: 5 }),
      (bytes, channels) => {
        const palette = Float32Array.from({ length: 256 * channels }, (_, i) => Math.sin(i) * 10);
        const offset = 16384;
        const n = bytes.length;
        const all = new Float32Array(memory.buffer).fill(7);
        all.set(palette, 1024);
        new Uint8Array(memory.buffer).set(bytes, offset + 3 * n);
        run(offset, n, 4096, 1024 * channels);
        expect([...all.subarray(offset / 4, offset / 4 + n)]).toEqual(
          bytes.map((b, i) => palette[256 * (i % channels) + b]!),
        );
        expect(all.subarray(offset / 4 - 64, offset / 4).every((x) => x === 7)).toBe(true);
        expect(all.subarray(offset / 4 + n, offset / 4 + n + 64).every((x) => x === 7)).toBe(true);
        expect(all.subarray(1024, 1024 + palette.length)).toEqual(palette);
      },
    ),
    { numRuns: 300 },
  );
});
