/** How a byte at the front changes the rest of the sum, for each byte. */
const table = /* @__PURE__ */ Int32Array.from({ length: 256 }, (_: unknown, byte: number) => {
  let sum = byte;
  for (let bit = 0; bit < 8; bit++) sum = (sum & 1 ? 0xedb88320 : 0) ^ (sum >>> 1);
  return sum;
});

/** The checksum at the end of a gzip member (RFC 1952, section 8): CRC-32 of bytes[from … to). */
export function crc32(bytes: Uint8Array, from = 0, to: number = bytes.length): number {
  let sum = -1;
  for (let i = from; i < to; i++) sum = table[(sum ^ bytes[i]) & 255] ^ (sum >>> 8);
  return ~sum >>> 0;
}
