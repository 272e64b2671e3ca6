import type { Link } from "@tenon/plan";
import { chain, imagesPerTile } from "../kernels/chain.js";
import type { Kernel } from "../kernels/kernel.js";
import { enoughWorkItems } from "../machine.js";

/**
 * One kernel for two that work image by image, of which the second reads the images that the first
 * has just computed while they are in the cache; undefined if they do not, or it does not pay.
 */
export function chained(
  producer: Kernel,
  consumer: Kernel,
  { from, to, buffer }: Link,
): Kernel | undefined {
  const { images } = producer;
  if (!images) return undefined;
  const array = {
    producerPointer: from,
    consumerPointer: to,
    imageBytes: buffer.bytes / images.count,
  };
  const byImages = consumer.images
    ? consumer
    : consumer.splitByImages?.(images.count, buffer.bytes / 4);
  const tile = byImages && imagesPerTile(producer, byImages, array);
  if (!tile) return undefined;
  // Alone, a loop over one image is many work items. Chained, it must leave threads enough to share.
  const items = images.count / tile;
  if (!consumer.images && items < Math.min(enoughWorkItems, producer.workItems)) return undefined;
  return consumer.fuseProducer?.(producer, to) ?? chain(producer, byImages, array);
}
