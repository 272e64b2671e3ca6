import { badArgument, shown } from "@tenon/guards";

/**
 * A text as 32 bits: FNV-1a over its UTF-8 bytes, as a signed integer. The `stream` of a layer's
 * path is made with it.
 *
 * h ← 0x811c9dc5; for each byte: h ← (h ⊕ byte) · 0x01000193 mod 2³². Lone surrogates count as
 * U+FFFD, as in TextEncoder.
 *
 * Fowler, Noll, Vo & Eastlake, RFC 9923.
 */
export function hashString(text: string): number {
  if (typeof text !== "string") throw badArgument("hashString", "a text", shown(text));
  let hash = 0x811c9dc5 | 0;
  for (let i = 0; i < text.length; i++) {
    let point = text.codePointAt(i)!;
    if (point >= 0x10000) i++;
    else if (point >= 0xd800 && point < 0xe000) point = 0xfffd;
    if (point < 0x80) {
      hash = Math.imul(hash ^ point, 0x01000193);
      continue;
    }
    let shift = point < 0x800 ? 6 : point < 0x10000 ? 12 : 18;
    const lead = shift === 6 ? 0xc0 : shift === 12 ? 0xe0 : 0xf0;
    hash = Math.imul(hash ^ (lead | (point >>> shift)), 0x01000193);
    while (shift > 0) {
      shift -= 6;
      hash = Math.imul(hash ^ (0x80 | ((point >>> shift) & 0x3f)), 0x01000193);
    }
  }
  return hash;
}
