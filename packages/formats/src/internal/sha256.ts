/**
 * The first 32 bits behind the point of the cube roots of the first 64 primes, and of the square
 * roots of the first eight.
 */
const roots = /* @__PURE__ */ constants();

/**
 * SHA-256 of bytes, in 64 hexadecimal letters. Written here since browsers have no digest that
 * answers at once.
 *
 * NIST (2015), Secure hash standard, FIPS 180-4, sections 5 and 6.2
 */
export function sha256(bytes: Uint8Array): string {
  const state = Int32Array.from(roots.square);
  const words = new Int32Array(64);
  const whole = bytes.length - (bytes.length % 64);
  for (let offset = 0; offset < whole; offset += 64) mix(state, words, bytes, offset);
  // The remaining bytes, a one bit, zeros, and the length in bits as 64 of them.
  const rest = bytes.length - whole;
  const last = new Uint8Array(rest < 56 ? 64 : 128);
  const view = new DataView(last.buffer);
  last.set(bytes.subarray(whole));
  last[rest] = 0x80;
  view.setUint32(last.length - 8, Math.floor(bytes.length / 2 ** 29));
  view.setUint32(last.length - 4, bytes.length << 3);
  for (let offset = 0; offset < last.length; offset += 64) mix(state, words, last, offset);
  return Array.from(state, (word) => (word >>> 0).toString(16).padStart(8, "0")).join("");
}

/** Hashes the 64 bytes from `at` on into the state. */
function mix(state: Int32Array, words: Int32Array, bytes: Uint8Array, offset: number): void {
  for (let i = 0, p = offset; i < 16; i++, p += 4)
    words[i] = (bytes[p] << 24) | (bytes[p + 1] << 16) | (bytes[p + 2] << 8) | bytes[p + 3];
  for (let i = 16; i < 64; i++) {
    const x = words[i - 15];
    const y = words[i - 2];
    const s0 = ((x >>> 7) | (x << 25)) ^ ((x >>> 18) | (x << 14)) ^ (x >>> 3);
    const s1 = ((y >>> 17) | (y << 15)) ^ ((y >>> 19) | (y << 13)) ^ (y >>> 10);
    words[i] = words[i - 16] + s0 + words[i - 7] + s1;
  }
  const { cube } = roots;
  // Not by iterators, which cost more than the rounds.
  let a = state[0];
  let b = state[1];
  let c = state[2];
  let d = state[3];
  let e = state[4];
  let f = state[5];
  let g = state[6];
  let h = state[7];
  for (let i = 0; i < 64; i++) {
    const s1 = ((e >>> 6) | (e << 26)) ^ ((e >>> 11) | (e << 21)) ^ ((e >>> 25) | (e << 7));
    const s0 = ((a >>> 2) | (a << 30)) ^ ((a >>> 13) | (a << 19)) ^ ((a >>> 22) | (a << 10));
    const first = (h + s1 + ((e & f) ^ (~e & g)) + cube[i] + words[i]) | 0;
    const second = (s0 + ((a & b) ^ (a & c) ^ (b & c))) | 0;
    h = g;
    g = f;
    f = e;
    e = (d + first) | 0;
    d = c;
    c = b;
    b = a;
    a = (first + second) | 0;
  }
  state[0] += a;
  state[1] += b;
  state[2] += c;
  state[3] += d;
  state[4] += e;
  state[5] += f;
  state[6] += g;
  state[7] += h;
}

/** Exact, in whole numbers: a platform's own roots may differ in their last bits. */
function constants(): { readonly cube: Int32Array; readonly square: Int32Array } {
  const primes: bigint[] = [];
  for (let n = 2n; primes.length < 64; n++)
    if (primes.every((prime) => n % prime !== 0n)) primes.push(n);
  // The largest whole number whose power is at most `of`, by halving.
  const root = (radicand: bigint, power: bigint): bigint => {
    let low = 0n;
    let high = 1n << 40n;
    while (high - low > 1n) {
      const middle = (low + high) >> 1n;
      if (middle ** power <= radicand) low = middle;
      else high = middle;
    }
    return low;
  };
  const bits =
    (power: bigint) =>
    (prime: bigint): number =>
      Number(BigInt.asIntN(32, root(prime << (32n * power), power)));
  return {
    cube: Int32Array.from(primes, bits(3n)),
    square: Int32Array.from(primes.slice(0, 8), bits(2n)),
  };
}
