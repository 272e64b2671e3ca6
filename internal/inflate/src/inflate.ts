/** Bytes that are being written, and where the next one goes. */
export interface Output {
  bytes: Uint8Array<ArrayBuffer>;
  length: number;
  /** Throws where `length` more bytes exceed the limit. */
  readonly check: (length: number) => void;
}

/**
 * A prefix code: for each value of the next `bits` bits a symbol and its length, symbol · 16 +
 * length; 0 where no code matches.
 */
interface Code {
  readonly bits: number;
  readonly entries: Uint16Array;
}

/**
 * Lengths and distances of copies: where each symbol's range begins, and how many bits say where in
 * it (RFC 1951, section 3.2.5).
 */
const lengthExtra = [
  0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3, 4, 4, 4, 4, 5, 5, 5, 5, 0,
];
const lengthStart = /* @__PURE__ */ lengthExtra.map((_, i) =>
  i === 28 ? 258 : lengthExtra.slice(0, i).reduce((position, extra) => position + (1 << extra), 3),
);
const distanceExtra = /* @__PURE__ */ Array.from({ length: 30 }, (_, i) =>
  Math.max(0, (i >> 1) - 1),
);
const distanceStart = /* @__PURE__ */ distanceExtra.map((_, i) =>
  distanceExtra.slice(0, i).reduce((position, extra) => position + (1 << extra), 1),
);
/** The order in which a block gives the lengths of the code of its codes' lengths. */
const lengthsOrder = [16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15];
const fixedLengths = /* @__PURE__ */ Array.from({ length: 288 }, (_, i) =>
  i < 144 ? 8 : i < 256 ? 9 : i < 280 ? 7 : 8,
);

/**
 * The code whose symbols have these lengths. A code of one symbol may be incomplete, as zlib has
 * it.
 */
function codeOf(lengths: readonly number[], what: string, mayBeIncomplete = true): Code {
  const bits = Math.max(1, ...lengths);
  const entries = new Uint16Array(1 << bits);
  const counts = new Array<number>(bits + 1).fill(0);
  for (const length of lengths) counts[length]++;
  counts[0] = 0;
  const unusedCodes = counts.reduce(
    (left, count, length) => left - count * 2 ** (bits - length),
    2 ** bits,
  );
  if (unusedCodes < 0 || (unusedCodes > 0 && !(mayBeIncomplete && bits === 1)))
    throw new Error(`${what} are no prefix code`);
  const next = new Array<number>(bits + 1).fill(0);
  for (let length = 1; length <= bits; length++)
    next[length] = (next[length - 1] + (length > 1 ? counts[length - 1] : 0)) << 1;
  lengths.forEach((length, symbol) => {
    if (length === 0) return;
    // Codes are stored most significant bit first, other values least significant bit first.
    let reversed = 0;
    for (let bit = 0, code = next[length]++; bit < length; bit++, code >>= 1)
      reversed = (reversed << 1) | (code & 1);
    for (let position = reversed; position < entries.length; position += 1 << length)
      entries[position] = symbol * 16 + length;
  });
  return { bits, entries };
}

let fixed: readonly [Code, Code] | undefined;

/**
 * Unpacks one stream of "deflate" and says where it ends, which no platform's `DecompressionStream`
 * does.
 *
 * Deutsch (1996), DEFLATE compressed data format specification. RFC 1951
 *
 * @throws what is wrong, without a prefix
 */
export function inflate(from: Uint8Array, start: number, output: Output): number {
  const first = output.length;
  let position = start;
  let hold = 0;
  let held = 0;

  function bits(count: number): number {
    for (; held < count; held += 8) {
      if (position >= from.length) throw new Error("cut short");
      hold |= from[position++] << held;
    }
    const value = hold & ((1 << count) - 1);
    hold >>>= count;
    held -= count;
    return value;
  }

  function symbol(code: Code): number {
    for (; held < code.bits && position < from.length; held += 8) hold |= from[position++] << held;
    const entry = code.entries[hold & ((1 << code.bits) - 1)];
    const length = entry & 15;
    if (length > held || (length === 0 && held < code.bits)) throw new Error("cut short");
    if (length === 0) throw new Error("a code that stands for nothing");
    hold >>>= length;
    held -= length;
    return entry >> 4;
  }

  function reserve(more: number): void {
    const needed = output.length + more;
    output.check(needed);
    if (needed <= output.bytes.length) return;
    const larger = new Uint8Array(Math.max(needed, 2 * output.bytes.length, 1 << 16));
    larger.set(output.bytes.subarray(0, output.length));
    output.bytes = larger;
  }

  function stored(): void {
    position -= held >> 3;
    hold = held = 0;
    const length = bits(16);
    const complement = bits(16);
    if (length !== (complement ^ 0xffff))
      throw new Error("a block whose length contradicts itself");
    if (position + length > from.length) throw new Error("cut short");
    reserve(length);
    output.bytes.set(from.subarray(position, position + length), output.length);
    output.length += length;
    position += length;
  }

  function described(): readonly [Code, Code] {
    const literals = bits(5) + 257;
    const distances = bits(5) + 1;
    const given = bits(4) + 4;
    if (literals > 286 || distances > 30) throw new Error("a block with too many codes");
    const codeLengths = new Array<number>(19).fill(0);
    for (let i = 0; i < given; i++) codeLengths[lengthsOrder[i]] = bits(3);
    const code = codeOf(codeLengths, "the lengths of code lengths", false);
    const lengths: number[] = [];
    while (lengths.length < literals + distances) {
      const value = symbol(code);
      if (value === 16 && lengths.length === 0)
        throw new Error("a block that repeats a length before the first one");
      const [length, times] =
        value < 16
          ? [value, 1]
          : value === 16
            ? [lengths[lengths.length - 1], 3 + bits(2)]
            : value === 17
              ? [0, 3 + bits(3)]
              : [0, 11 + bits(7)];
      for (let i = 0; i < times; i++) lengths.push(length);
    }
    if (lengths.length > literals + distances || lengths[256] === 0)
      throw new Error("a block whose code lengths do not fit");
    return [
      codeOf(lengths.slice(0, literals), "the lengths of literals"),
      codeOf(lengths.slice(literals), "the lengths of distances"),
    ];
  }

  function block([literals, distances]: readonly [Code, Code]): void {
    for (;;) {
      const value = symbol(literals);
      if (value === 256) return;
      if (value < 256) {
        if (output.length === output.bytes.length) reserve(1);
        output.bytes[output.length++] = value;
        continue;
      }
      if (value > 285) throw new Error("an invalid length");
      const length = lengthStart[value - 257] + bits(lengthExtra[value - 257]);
      const d = symbol(distances);
      if (d > 29) throw new Error("an invalid distance");
      const distance = distanceStart[d] + bits(distanceExtra[d]);
      if (distance > output.length - first)
        throw new Error("a copy of what is before the beginning");
      reserve(length);
      const { bytes } = output;
      for (let i = 0, to = output.length; i < length; i++, to++) bytes[to] = bytes[to - distance];
      output.length += length;
    }
  }

  for (let last = 0; last === 0;) {
    last = bits(1);
    const kind = bits(2);
    if (kind === 3) throw new Error("a block of an invalid kind");
    if (kind === 0) stored();
    else
      block(
        kind === 1
          ? (fixed ??= [
              codeOf(fixedLengths, "fixed"),
              codeOf(new Array<number>(32).fill(5), "fixed"),
            ])
          : described(),
      );
  }
  return position - (held >> 3);
}
