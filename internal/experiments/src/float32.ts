/**
 * The distance from a float32 number to the next larger one: 2^(e − 23) with e = ⌊log₂ |x|⌋, and
 * 2⁻¹⁴⁹ below 2⁻¹²⁶.
 *
 * IEEE 754, binary32
 */
export function float32Spacing(x: number): number {
  const [bits] = new Uint32Array(Float32Array.of(Math.abs(x)).buffer);
  const exponent = Math.max(1, bits! >>> 23) - 127;
  return 2 ** (exponent - 23);
}

/** Sign, exponent and fraction of a float32 number, as bits. */
export function float32Bits(x: number): readonly [string, string, string] {
  const [bits] = new Uint32Array(Float32Array.of(x).buffer);
  const text = bits!.toString(2).padStart(32, "0");
  return [text.slice(0, 1), text.slice(1, 9), text.slice(9)];
}
