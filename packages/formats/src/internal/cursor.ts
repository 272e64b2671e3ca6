/** Reads bytes one after the other. Every method throws where the bytes end before it has read. */
export interface Cursor {
  byte(): number;
  /** Unsigned, of 16 and 32 bits, and of 64 up to 2⁵³. */
  uint16(): number;
  uint32(): number;
  uint64(): number;
  int32(): number;
  /** Of 64 bits, the high byte first. */
  float64(): number;
  /** A signed integer of so many bytes. */
  integer(length: number): number;
  /** UTF-8 of so many bytes. */
  text(length: number): string;
  /** Text to the end of the line. */
  line(): string;
}

export function cursor(bytes: Uint8Array): Cursor {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let at = 0;
  const take = (count: number): number => {
    if (at + count > bytes.length) throw new Error("the pickle is cut short");
    at += count;
    return at - count;
  };
  const text = (length: number): string => {
    const begin = take(length);
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes.slice(begin, begin + length));
  };
  return {
    byte: () => bytes[take(1)],
    uint16: () => view.getUint16(take(2), true),
    uint32: () => view.getUint32(take(4), true),
    uint64() {
      const value = Number(view.getBigUint64(take(8), true));
      if (!Number.isSafeInteger(value)) throw new Error("the pickle has a length beyond 2⁵³");
      return value;
    },
    int32: () => view.getInt32(take(4), true),
    float64: () => view.getFloat64(take(8)),
    integer(length) {
      const begin = take(length);
      let value = 0n;
      for (let i = length - 1; i >= 0; i--) value = (value << 8n) | BigInt(bytes[begin + i]);
      return Number(BigInt.asIntN(8 * length, value));
    },
    text,
    line() {
      const end = bytes.indexOf(10, at);
      if (end < 0) throw new Error("the pickle is cut short");
      const word = text(end - at);
      at++;
      return word;
    },
  };
}
