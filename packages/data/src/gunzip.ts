import type { Bytes } from "@tenon/contracts";
import { badArgument, known, shown } from "@tenon/guards";
import { checkBytes } from "./internal/check.js";
import { isGzip, isOnlyMember, unpackMembers } from "./internal/gzip.js";

export interface GunzipOptions {
  /** Stops a small file from becoming a huge one. @defaultValue 2³⁰, which is 1 GiB */
  readonly maxBytes?: number;
}

/**
 * Unpacks gzip bytes: one member with the platform's own `DecompressionStream`, which runs in
 * parallel to the program; files of several (`cat a.gz b.gz`, pigz, bgzip), or with zeros at their
 * end, by itself, since platforms differ in what they make of them.
 *
 * Members are joined, and zeros after them ignored, as gzip(1) and Python's gzip do. Rejects where
 * the bytes are no gzip, are damaged, cut short or followed by something else, or hold more than
 * `maxBytes`: the same everywhere.
 *
 * Deutsch (1996), GZIP file format specification. RFC 1952
 */
export async function gunzip(bytes: Uint8Array, options: GunzipOptions = {}): Promise<Bytes> {
  const { maxBytes = 2 ** 30 } = known("gunzip", options, "maxBytes");
  if (typeof maxBytes !== "number" || !(maxBytes >= 0))
    throw badArgument("gunzip", "maxBytes of at least 0", shown(maxBytes));
  checkBytes("gunzip", bytes);
  if (!isGzip(bytes)) throw new Error("gunzip: expected gzip bytes, which begin with 1f 8b");
  const tooLarge = new Error(
    `gunzip: expected at most ${maxBytes} bytes inside, got more; raise maxBytes if the file ` +
      "is meant to be this large",
  );
  const check = (length: number): void => {
    if (length > maxBytes) throw tooLarge;
  };
  try {
    const inside = await unpackedByPlatform(bytes, check);
    if (inside && isOnlyMember(bytes, inside)) return inside;
    return unpackMembers(bytes, check);
  } catch (error) {
    throw error === tooLarge
      ? error
      : new Error(`gunzip: the gzip data is damaged or cut short (${(error as Error).message})`);
  }
}

/** The bytes that the platform unpacks; undefined where it lacks the format or refuses the file. */
async function unpackedByPlatform(
  bytes: Uint8Array,
  check: (length: number) => void,
): Promise<Bytes | undefined> {
  if (typeof DecompressionStream === "undefined") return undefined;
  const { readable, writable } = new DecompressionStream("gzip");
  const writer = writable.getWriter();
  // What goes wrong here goes wrong on the reading side too, which reports it.
  writer
    .write(new Uint8Array(bytes))
    .then(() => writer.close())
    .catch(() => {});
  writer.closed.catch(() => {});

  const reader = readable.getReader();
  const chunks: Uint8Array[] = [];
  let total = 0;
  for (;;) {
    const { done, value } = await reader.read().catch(() => ({ done: true, value: null }) as const);
    if (value === null) return undefined;
    if (done) break;
    total += value.byteLength;
    try {
      check(total);
    } catch (error) {
      await reader.cancel().catch(() => {});
      throw error;
    }
    chunks.push(value);
  }
  const result = new Uint8Array(total);
  let offset = 0;
  for (const chunk of chunks) {
    result.set(chunk, offset);
    offset += chunk.byteLength;
  }
  return result;
}
