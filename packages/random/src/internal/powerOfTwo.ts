/** 2ᵏ, exactly, for an integer k from −1074 to 1023. Usually one or two multiplications. */
export function powerOfTwo(k: number): number {
  let power = 1;
  for (; k >= 30; k -= 30) power *= 0x40000000;
  for (; k <= -30; k += 30) power /= 0x40000000;
  return k >= 0 ? power * (1 << k) : power / (1 << -k);
}

/** The exponent of the largest power of two that is at most x, for a finite x > 0. */
export function exponentOf(x: number): number {
  let k = 31;
  for (; x >= 0x100000000; k += 32) x /= 0x100000000;
  for (; x < 1; k -= 32) x *= 0x100000000;
  return k - Math.clz32(x);
}
