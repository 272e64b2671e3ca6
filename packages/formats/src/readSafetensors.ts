import type { ByPath, NDArray } from "@tenon/contracts";
import { noOptions } from "@tenon/guards";
import { checkBytes } from "./internal/checkBytes.js";
import { checkDigests, isDigest, type Stored } from "./internal/digests.js";
import { dtypes } from "./internal/dtypes.js";
import { maxHeaderBytes, parseHeader, show } from "./internal/header.js";

/**
 * What a safetensors file holds. Both objects have no prototype, so that any name is only a name.
 */
export interface Safetensors {
  readonly tensors: ByPath<NDArray>;
  readonly metadata: ByPath<string>;
}

/**
 * Reads the bytes of a safetensors file: named arrays, and named strings as metadata.
 *
 * F32 becomes Float32Array, I32 Int32Array, U8 Uint8Array (dtype int32), and F64 Float64Array
 * (dtype float32). F16 and BF16 are widened to float32, and I8, I16, U16 and BOOL to int32. I64,
 * U64 and U32 become int32 where every value fits. The arrays are copies: they do not share memory
 * with `bytes`, which may begin at any offset.
 *
 * A file of `writeSafetensors` carries digests: what was damaged since, be it a bit, is found and
 * named. They are not part of the metadata that is given back.
 *
 * Throws where the file is damaged or malformed (cut short, bytes too many, overlaps or gaps, a
 * shape that does not fit its bytes, a name given twice), has a dtype not listed here, or a value
 * that int32 cannot hold. The length of the file is compared with what the header promises before
 * anything is allocated.
 *
 * Format: https://github.com/huggingface/safetensors#format
 */
export function readSafetensors(bytes: Uint8Array): Safetensors {
  noOptions("readSafetensors", arguments[1]);
  checkBytes("readSafetensors", bytes);
  const total = bytes.byteLength;
  if (total < 8) throw fail(`expected at least 8 bytes, got ${total}: the file is cut short`);
  const length = new DataView(bytes.buffer, bytes.byteOffset, 8).getBigUint64(0, true);
  if (length > maxHeaderBytes)
    throw fail(
      `expected a header of at most ${maxHeaderBytes} bytes, got ${length}: this is no ` +
        "safetensors file",
    );
  const start = 8 + Number(length);
  if (start > total)
    throw fail(`expected a header of ${length} bytes, got ${total - 8}: the file is cut short`);
  const { entries, metadata } = parseHeader(
    decode(copy(bytes.subarray(8, start))),
    total - start,
    fail,
  );

  const stored = entries.map(({ begin, end, ...entry }): Stored => ({
    ...entry,
    bytes: bytes.subarray(start + begin, start + end),
  }));
  checkDigests(stored, metadata, fail);
  const tensors: Record<string, NDArray> = Object.create(null);
  for (const { name, dtype: kind, shape, bytes: tensorBytes } of stored) {
    const { dtype, read } = dtypes.get(kind)!;
    try {
      tensors[name] = { shape, dtype, data: read(copy(tensorBytes)) };
    } catch (error) {
      throw fail(`tensor ${show(name)} of ${kind}: ${(error as Error).message}`);
    }
  }
  for (const key of Object.keys(metadata)) if (isDigest(key)) delete metadata[key];
  return { tensors, metadata };
}

function fail(problem: string): Error {
  return new Error(`readSafetensors: ${problem}`);
}

// Not slice(): Node's Buffer has one that shares memory.
function copy(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  const result = new Uint8Array(bytes.length);
  result.set(bytes);
  return result;
}

function decode(bytes: Uint8Array): string {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    throw fail("expected the header to be UTF-8");
  }
}
