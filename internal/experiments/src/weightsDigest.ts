import { sha256 } from "@noble/hashes/sha2.js";
import { bytesToHex } from "@noble/hashes/utils.js";
import type { ByPath, NDArray } from "@tenon/contracts";

/**
 * The SHA-256 of a model's weights, in hexadecimal: of each parameter, in the order of their paths,
 * the path, the shape and the bytes of the float32 elements, the low byte first. The same run has
 * the same digest on every machine.
 */
export const weightsDigest = (params: ByPath<NDArray>): string =>
  bytesToHex(sha256(weightsBytes(params)));

/** The bytes that `weightsDigest` is the SHA-256 of: for hosts that have their own. */
export function weightsBytes(params: ByPath<NDArray>): Uint8Array<ArrayBuffer> {
  const paths = Object.keys(params).sort((a, b) => (a < b ? -1 : 1));
  const parts = paths.flatMap((path) => {
    const { shape, data } = params[path]!;
    const bytes = new DataView(new ArrayBuffer(4 * data.length));
    for (let i = 0; i < data.length; i++) bytes.setFloat32(4 * i, data[i]!, true);
    const header = new TextEncoder().encode(`${path} ${JSON.stringify(shape)}\n`);
    return [header, new Uint8Array(bytes.buffer)];
  });
  const all = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}
