import fc from "fast-check";
import { gzipSync } from "node:zlib";
import { expect, test } from "vitest";
import { gunzip } from "./index.js";

const text = new TextEncoder().encode("to be or not to be, ".repeat(500));
const packed = new Uint8Array(gzipSync(text));

test("unpacks what zlib packed", async () => {
  expect(await gunzip(packed)).toEqual(text);
  expect(await gunzip(new Uint8Array(gzipSync(new Uint8Array(0))))).toEqual(new Uint8Array(0));
});

test("any bytes come back", async () => {
  await fc.assert(
    fc.asyncProperty(fc.uint8Array({ maxLength: 5000 }), fc.nat(9), async (bytes, level) => {
      expect(await gunzip(new Uint8Array(gzipSync(bytes, { level })))).toEqual(bytes);
    }),
  );
});

test("refuses what is no gzip", async () => {
  await expect(gunzip(Uint8Array.of(0x50, 0x4b, 3, 4))).rejects.toThrow("gunzip: expected gzip bytes, which begin with 1f 8b");
});

test("refuses a file cut anywhere", async () => {
  for (let length = 2; length < packed.length; length++) {
    await expect(gunzip(packed.subarray(0, length)), `cut at ${length}`).rejects.toThrow("gunzip: the gzip data is damaged or cut short");
  }
});

test("refuses a wrong checksum", async () => {
  const bytes = packed.slice();
  bytes[bytes.length - 6] ^= 1;
  await expect(gunzip(bytes)).rejects.toThrow("gunzip: the gzip data is damaged or cut short");
});

test("stops at maxBytes", async () => {
  await expect(gunzip(packed, { maxBytes: 9999 })).rejects.toThrow("gunzip: expected at most 9999 bytes inside, got more");
  expect((await gunzip(packed, { maxBytes: 10_000 })).length).toBe(10_000);
  const bomb = new Uint8Array(gzipSync(new Uint8Array(1 << 26)));
  await expect(gunzip(bomb, { maxBytes: 1 << 20 })).rejects.toThrow("raise maxBytes");
  await expect(gunzip(packed, { maxBytes: NaN })).rejects.toThrow("gunzip: expected maxBytes of at least 0, got NaN");
});

test("damaged bytes are unpacked or refused", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.tuple(fc.integer({ min: 2, max: packed.length - 1 }), fc.nat(255)), { minLength: 1, maxLength: 3 }), async (damage) => {
      const bytes = packed.slice();
      for (const [at, value] of damage) bytes[at] = value;
      await gunzip(bytes).catch((error: Error) => expect(error.message).toMatch(/^gunzip: the gzip data is damaged or cut short/));
    }),
    { numRuns: 500 },
  );
});
