/** An array in memory that steps write and read. */
export interface Buffer {
  readonly bytes: number;
  /** The same where it holds words that checks set to 0. */
  readonly words?: number | undefined;
  /** Of a part of another buffer: where it is. */
  readonly part?: BufferPart;
}

/** Where a part of a buffer is. */
export interface BufferPart {
  readonly of: Buffer;
  /** The byte of that buffer at which it begins. */
  readonly at: number;
  /** By how many bytes it moves on with each repetition. */
  readonly by: number;
  /** Which repetition that is. */
  readonly repetition?: Repetition;
}

/** Steps that are repeated, one after the other. */
export interface Repetition {
  readonly times: number;
}

/** The whole buffer that a buffer is a part of, where it begins there, and how far it moves. */
export function wholeOf(buffer: Buffer): BufferPart {
  const { part } = buffer;
  if (!part) return { of: buffer, at: 0, by: 0 };
  const { of, at, by } = wholeOf(part.of);
  return { of, at: at + part.at, by: by + part.by };
}

/** From which step to which a buffer is in use. */
export interface Lifetime {
  readonly buffer: Buffer;
  readonly first: number;
  readonly last: number;
}

export interface Layout {
  readonly offsets: ReadonlyMap<Buffer, number>;
  readonly bytes: number;
}

/** How an engine wants its memory. */
export interface MemoryOptions {
  /** Every buffer begins at a multiple of this many bytes. */
  readonly alignment: number;
  /** Bytes after each buffer that kernels may read, and their vectors write. */
  readonly padding: number;
  /** Bytes before the first buffer that the engine uses itself. */
  readonly reserved: number;
}

/** The bytes that a buffer takes with its padding, up to where the next one may begin. */
export const alignedBytes = (
  bytes: number,
  { alignment, padding }: Pick<MemoryOptions, "alignment" | "padding">,
): number => Math.max(alignment, Math.ceil((bytes + padding) / alignment) * alignment);

/**
 * Gives every buffer an offset so that no two that are in use at the same time overlap: the largest
 * first, each at the lowest offset that is free.
 */
export function layOut(
  lifetimes: readonly Lifetime[],
  options: Pick<MemoryOptions, "alignment" | "padding">,
): Layout {
  const placed: { begin: number; end: number; first: number; last: number }[] = [];
  const offsets = new Map<Buffer, number>();
  let bytes = 0;
  const largestFirst = [...lifetimes].sort(
    (a, b) => b.buffer.bytes - a.buffer.bytes || a.first - b.first,
  );
  for (const { buffer, first, last } of largestFirst) {
    const size = alignedBytes(buffer.bytes, options);
    let offset = 0;
    for (const other of placed) {
      if (other.last < first || other.first > last) continue;
      if (other.begin >= offset + size) break;
      offset = Math.max(offset, other.end);
    }
    const end = offset + size;
    offsets.set(buffer, offset);
    bytes = Math.max(bytes, end);
    const index = placed.findIndex((other) => other.begin > offset);
    placed.splice(index < 0 ? placed.length : index, 0, { begin: offset, end, first, last });
  }
  return { offsets, bytes };
}
