import { isGzip } from "./internal/gzip.js";

export interface GunzipOptions {
  /** Stops a small file from becoming a huge one. @defaultValue 2³⁰, which is 1 GiB */
  readonly maxBytes?: number;
}

/**
 * Unpacks gzip bytes with the platform's own `DecompressionStream`.
 *
 * Rejects where the bytes are no gzip, are damaged or cut short, or hold more than `maxBytes`.
 *
 * Deutsch (1996), GZIP file format specification. RFC 1952
 */
export async function gunzip(bytes: Uint8Array, { maxBytes = 2 ** 30 }: GunzipOptions = {}): Promise<Uint8Array<ArrayBuffer>> {
  if (!(maxBytes >= 0)) throw new Error(`gunzip: expected maxBytes of at least 0, got ${maxBytes}`);
  if (!isGzip(bytes)) throw new Error("gunzip: expected gzip bytes, which begin with 1f 8b");
  const { readable, writable } = new DecompressionStream("gzip");
  const writer = writable.getWriter();
  // What goes wrong here goes wrong on the reading side too, which reports it.
  writer.write(new Uint8Array(bytes)).then(() => writer.close()).catch(() => {});
  writer.closed.catch(() => {});

  const reader = readable.getReader();
  const chunks: Uint8Array[] = [];
  let total = 0;
  for (;;) {
    const { done, value } = await reader.read().catch((error: Error) => {
      throw new Error(`gunzip: the gzip data is damaged or cut short${error.message && ` (${error.message})`}`);
    });
    if (done) break;
    total += value.byteLength;
    if (total > maxBytes) {
      await reader.cancel().catch(() => {});
      throw new Error(`gunzip: expected at most ${maxBytes} bytes inside, got more; raise maxBytes if the file is meant to be this large`);
    }
    chunks.push(value);
  }
  const result = new Uint8Array(total);
  let at = 0;
  for (const chunk of chunks) {
    result.set(chunk, at);
    at += chunk.byteLength;
  }
  return result;
}
