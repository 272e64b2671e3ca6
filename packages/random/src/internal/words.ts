/** The low 32 bits of a safe integer, in two's complement. */
export function lowWord(n: number): number {
  return n | 0;
}

/** The 32 bits above them (of which a safe integer uses 22). */
export function highWord(n: number): number {
  return Math.floor(n / 0x100000000) | 0;
}
