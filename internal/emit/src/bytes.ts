/** An unsigned number in 7-bit groups, low ones first (LEB128). */
export function unsigned(n: number): number[] {
  const bytes: number[] = [];
  do {
    const low = n & 0x7f;
    n >>>= 7;
    bytes.push(n === 0 ? low : low | 0x80);
  } while (n !== 0);
  return bytes;
}

/** A signed 32-bit number in 7-bit groups. */
export function signed(n: number): number[] {
  const bytes: number[] = [];
  for (n |= 0; ;) {
    const low = n & 0x7f;
    n >>= 7;
    const last = (n === 0 && (low & 0x40) === 0) || (n === -1 && (low & 0x40) !== 0);
    bytes.push(last ? low : low | 0x80);
    if (last) return bytes;
  }
}

/** The four bytes of a float32. */
export function float32(x: number): number[] {
  return [...new Uint8Array(Float32Array.of(x).buffer)];
}

/** The eight bytes of a float64. */
export function float64(x: number): number[] {
  return [...new Uint8Array(Float64Array.of(x).buffer)];
}

/** A list: its length, then its items. */
export function vector(items: readonly (readonly number[])[]): number[] {
  return [...unsigned(items.length), ...items.flat()];
}

/** Bytes after their count. */
export function sized(bytes: readonly number[]): number[] {
  return [...unsigned(bytes.length), ...bytes];
}

/** A name in UTF-8. */
export function text(name: string): number[] {
  return sized([...new TextEncoder().encode(name)]);
}
