/** A checksum of bytes[from … to). */
export type Crc = (bytes: Uint8Array, from?: number, to?: number) => number;

/** The checksum of 32 bits with a polynomial, whose bits are given from the lowest power on. */
function crcOf(polynomial: number): Crc {
  // How a byte at the front changes the rest of the sum, for each byte.
  const table = Int32Array.from({ length: 256 }, (_: unknown, byte: number) => {
    let sum = byte;
    for (let bit = 0; bit < 8; bit++) sum = (sum & 1 ? polynomial : 0) ^ (sum >>> 1);
    return sum;
  });
  return (bytes, from = 0, to = bytes.length) => {
    let sum = -1;
    for (let i = from; i < to; i++) sum = table[(sum ^ bytes[i]) & 255] ^ (sum >>> 8);
    return ~sum >>> 0;
  };
}

/** The checksum at the end of a gzip member (RFC 1952, section 8). */
export const crc32: Crc = /* @__PURE__ */ crcOf(0xedb88320);

/** Castagnoli's, of TensorFlow's records (RFC 3720, section 12.1). */
export const crc32c: Crc = /* @__PURE__ */ crcOf(0x82f63b78);
