import { sha256 } from "@noble/hashes/sha2.js";
import { bytesToHex, utf8ToBytes } from "@noble/hashes/utils.js";
import type { ByPath, NDArray } from "@tenon/contracts";

/**
 * The SHA-256 of a model's weights, in hexadecimal: of each parameter, in the order of their paths,
 * the path, the shape and the bytes of the float32 elements, the low byte first. The same run has
 * the same digest on every machine.
 */
export function weightsDigest(params: ByPath<NDArray>): string {
  const hash = sha256.create();
  const paths = Object.keys(params).sort((a, b) => (a < b ? -1 : 1));
  for (const path of paths) {
    const { shape, data } = params[path]!;
    hash.update(utf8ToBytes(`${path} ${JSON.stringify(shape)}\n`));
    const bytes = new DataView(new ArrayBuffer(4 * data.length));
    for (let i = 0; i < data.length; i++) bytes.setFloat32(4 * i, data[i]!, true);
    hash.update(new Uint8Array(bytes.buffer));
  }
  return bytesToHex(hash.digest());
}
