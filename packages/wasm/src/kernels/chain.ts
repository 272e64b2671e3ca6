import { i32, type FunctionIndex, type Local } from "@tenon/emit";
import { enoughWorkItems, l2Bytes } from "../machine.js";
import type { Kernel } from "./kernel.js";
import { kernelOf } from "./shared/kernelOf.js";

/** An array that a producer writes and only its consumer reads. */
export interface ChainedArray {
  /** Which of the producer's pointers it is, and which of the consumer's. */
  readonly from: number;
  readonly to: number;
  readonly imageBytes: number;
}

/**
 * Bytes of a tile of the array between two kernels: the rest of L2 is for what both read and write
 * besides. Chosen by `bench/zeros`.
 */
const mostTileBytes = 0.75 * l2Bytes;

/**
 * How many images two kernels compute in turn when they are chained; undefined if they cannot be:
 * both must map their work items to the same images, and a group of images must fit into L2.
 */
export function imagesPerTile(
  producer: Kernel,
  consumer: Kernel,
  { from, to, imageBytes }: ChainedArray,
): number | undefined {
  const written = producer.images;
  const read = consumer.images;
  if (
    !written?.pointers.includes(from) ||
    !read?.pointers.includes(to) ||
    written.count !== read.count ||
    written.count === 0
  )
    return undefined;
  const group = Math.max(written.group, read.group);
  const groupBytes = group * imageBytes;
  if (group % written.group > 0 || group % read.group > 0 || groupBytes > mostTileBytes)
    return undefined;
  const groupsThatFit = Math.floor(mostTileBytes / 2 / groupBytes);
  const groupsPerItem = Math.floor(written.count / (enoughWorkItems * group));
  return group * Math.max(1, Math.min(groupsThatFit, groupsPerItem));
}

/**
 * Two kernels as one, tiled by batch: the producer computes a tile of images of an array that only
 * the consumer reads, then the consumer reads it while it is in L2. Pointers: the consumer's, then
 * the producer's, both without that array, a tile of which is in scratch memory. A work item is a
 * tile.
 *
 * Neither kernel is changed: both get the address at which the whole array would begin if its
 * current tile were where the scratch memory is.
 */
export function chain(producer: Kernel, consumer: Kernel, array: ChainedArray): Kernel {
  const { from, to, imageBytes } = array;
  const tile = imagesPerTile(producer, consumer, array);
  if (tile === undefined)
    throw new Error(
      "chain: expected kernels whose work items are the same images, got " +
        `${producer.key} and ${consumer.key}`,
    );
  const { count } = producer.images!;
  const tileBytes = 16 * Math.ceil((tile * imageBytes + 16) / 16);
  return kernelOf(
    {
      key: `${producer.key} → ${consumer.key} ${from} ${to}`,
      pointers: producer.pointers + consumer.pointers - 2,
      workItems: Math.ceil(count / tile),
      scratch: tileBytes + Math.max(producer.scratch, consumer.scratch),
      flops: producer.flops + consumer.flops,
    },
    (f, pointers, { begin, end }, module, scratch) => {
      const produce = producer.emit(module);
      const consume = consumer.emit(module);
      const consumed = pointers.slice(0, consumer.pointers - 1);
      const produced = pointers.slice(consumer.pointers - 1);
      const scratchOfEach = f.let(i32.add(scratch, tileBytes));
      const last = f.min(i32.mul(end, tile), count);
      f.for(i32.mul(begin, tile), last, tile, (image) => {
        const until = f.min(i32.add(image, tile), count);
        const base = f.let(i32.sub(scratch, i32.mul(image, imageBytes)));
        const call = (
          { scratch: needed, images }: Kernel,
          compiled: FunctionIndex,
          others: readonly Local<"address">[],
          pointer: number,
        ): void =>
          f.call(
            compiled,
            ...others.slice(0, pointer),
            base,
            ...others.slice(pointer),
            ...(needed > 0 ? [scratchOfEach] : []),
            images!.firstItem(image),
            images!.firstItem(until),
          );
        call(producer, produce, produced, from);
        call(consumer, consume, consumed, to);
      });
    },
  );
}
