import type { GpuBuffer, GpuCommandEncoder, GpuDevice } from "./gpu.js";
import { accepted, watch } from "./refusals.js";
import { usage } from "./usage.js";

/** A part of a buffer. */
export interface Source {
  readonly buffer: GpuBuffer;
  readonly offset: number;
  readonly bytes: number;
}

/** Who waits for an answer. */
export interface Waiting {
  resolve(data: ArrayBuffer): void;
  reject(cause: unknown): void;
}

/** Reads what steps leave in memory, in their order, without keeping later ones waiting. */
export interface Answers {
  /** Adds the commands that copy the answers of some steps, which lie in these parts in order. */
  add(encoder: GpuCommandEncoder, sources: readonly Source[], waiting: readonly Waiting[]): void;
  /**
   * To be called when the commands were submitted.
   *
   * @param accepted rejects where the device refused them, or some before: there are no answers
   */
  submitted(accepted: Promise<unknown>): void;
}

/** A buffer that the host reads: answers of several steps are mapped at once. */
interface Page {
  readonly buffer: GpuBuffer;
  readonly waiting: Waiting[];
  /** How often answers were added. */
  additions: number;
}

const pageBytes: number = 1 << 18;

/**
 * Answers go to a page. While one page is being mapped, which takes longer than a step, those of
 * later steps gather in the next: they are then mapped together.
 *
 * @param bytes of an answer
 * @param most answers that are added at a time
 * @param done called when answers have come, with how often those were added
 */
export function answersOf(
  device: GpuDevice,
  bytes: number,
  most: number,
  done: (additions: number) => void,
): Answers {
  const perPage = Math.max(most, Math.floor(pageBytes / bytes));
  const free: Page[] = [];
  const full: Page[] = [];
  let current: Page | undefined;
  let isMapping = false;
  let latest: Promise<unknown> = Promise.resolve();

  const newPage = (): Page => ({
    buffer: device.createBuffer({
      size: perPage * bytes,
      usage: usage.mapRead | usage.copyDestination,
    }),
    waiting: [],
    additions: 0,
  });

  const mapNext = (): void => {
    if (isMapping) return;
    const page = full.shift() ?? current;
    if (!page || page.waiting.length === 0) return;
    if (page === current) current = undefined;
    isMapping = true;
    void read(page).finally(() => {
      isMapping = false;
      const { additions } = page;
      page.additions = 0;
      free.push(page);
      done(additions);
      mapNext();
    });
  };

  const read = async (page: Page): Promise<void> => {
    const waiting = page.waiting.splice(0);
    try {
      const size = waiting.length * bytes;
      await accepting(latest, page.buffer.mapAsync(usage.mapRead, 0, size));
      const data = page.buffer.getMappedRange(0, size).slice(0);
      page.buffer.unmap();
      waiting.forEach(({ resolve }, i) => resolve(data.slice(i * bytes, (i + 1) * bytes)));
    } catch (cause) {
      page.buffer.unmap();
      for (const { reject } of waiting) reject(cause);
    }
  };

  return {
    add(encoder, sources, waiting) {
      if (current && current.waiting.length + waiting.length > perPage) {
        full.push(current);
        current = undefined;
      }
      const page = (current ??= free.pop() ?? newPage());
      let to = page.waiting.length * bytes;
      for (const source of sources) {
        encoder.copyBufferToBuffer(source.buffer, source.offset, page.buffer, to, source.bytes);
        to += source.bytes;
      }
      page.waiting.push(...waiting);
      page.additions++;
    },
    submitted(accepted) {
      latest = accepted;
      mapNext();
    },
  };
}

/** A mapping, where the device has accepted what comes to it: why it has not says more. */
async function accepting(accepted: Promise<unknown>, mapped: Promise<unknown>): Promise<void> {
  mapped.catch(() => {});
  await accepted;
  await mapped;
}

/** Reads parts of buffers once: one after the other. */
export async function readOnce(
  device: GpuDevice,
  ...sources: readonly Source[]
): Promise<ArrayBuffer> {
  const bytes = sources.reduce((sum, source) => sum + source.bytes, 0);
  if (bytes === 0) return new ArrayBuffer(0);
  const refusal = watch(device);
  const copy = device.createBuffer({ size: bytes, usage: usage.mapRead | usage.copyDestination });
  const encoder = device.createCommandEncoder();
  let to = 0;
  for (const { buffer, offset, bytes } of sources) {
    encoder.copyBufferToBuffer(buffer, offset, copy, to, bytes);
    to += bytes;
  }
  device.queue.submit([encoder.finish()]);
  const mapped = copy.mapAsync(usage.mapRead);
  await accepting(accepted(refusal()), mapped);
  const data = copy.getMappedRange().slice(0);
  copy.unmap();
  copy.destroy();
  return data;
}
