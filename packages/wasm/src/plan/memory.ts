/** A stretch of memory that steps write and read. */
export interface Buffer {
  readonly bytes: number;
}

/** From which step to which a buffer holds something. */
export interface Lifetime {
  readonly buffer: Buffer;
  readonly first: number;
  readonly last: number;
}

export interface Layout {
  readonly offsets: ReadonlyMap<Buffer, number>;
  readonly bytes: number;
}

/** Cache lines do not straddle buffers, and a vector may be loaded past the end of one. */
const alignment = 64;

export const aligned = (bytes: number): number =>
  Math.max(alignment, Math.ceil((bytes + 16) / alignment) * alignment);

/**
 * Gives every buffer a place so that no two that live at the same time overlap: the largest first,
 * each at the lowest place that is free.
 */
export function layOut(lifetimes: readonly Lifetime[]): Layout {
  const placed: { from: number; to: number; first: number; last: number }[] = [];
  const offsets = new Map<Buffer, number>();
  let bytes = 0;
  for (const { buffer, first, last } of [...lifetimes].sort(
    (a, b) => b.buffer.bytes - a.buffer.bytes || a.first - b.first,
  )) {
    const size = aligned(buffer.bytes);
    let at = 0;
    for (const other of placed) {
      if (other.last < first || other.first > last) continue;
      if (other.from >= at + size) break;
      at = Math.max(at, other.to);
    }
    offsets.set(buffer, at);
    bytes = Math.max(bytes, at + size);
    const index = placed.findIndex((other) => other.from > at);
    placed.splice(index < 0 ? placed.length : index, 0, { from: at, to: at + size, first, last });
  }
  return { offsets, bytes };
}
