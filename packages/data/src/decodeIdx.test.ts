import { gzipSync } from "node:zlib";
import { expect, test } from "vitest";
import { decodeIdx, readIdx } from "./index.js";

const plain = Uint8Array.of(0, 0, 8, 1, 0, 0, 0, 3, 7, 8, 9);

test("reads a file the same, packed or not", async () => {
  expect(await decodeIdx(plain)).toEqual(readIdx(plain));
  expect(await decodeIdx(new Uint8Array(gzipSync(plain)))).toEqual(readIdx(plain));
});

test("says which part of a file is wrong", async () => {
  await expect(decodeIdx(new Uint8Array(gzipSync(plain)).subarray(0, 20))).rejects.toThrow(
    "gunzip: the gzip data is damaged",
  );
  await expect(decodeIdx(new Uint8Array(gzipSync(plain.subarray(0, 10))))).rejects.toThrow(
    "readIdx: expected 11 bytes for shape [3] of uint8, got 10",
  );
  await expect(decodeIdx(new Uint8Array(gzipSync(plain)), { maxBytes: 5 })).rejects.toThrow(
    "expected at most 5 bytes",
  );
});
