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
  for (const byte of new TextEncoder().encode(text)) hash = Math.imul(hash ^ byte, 0x01000193);
  return hash;
}
