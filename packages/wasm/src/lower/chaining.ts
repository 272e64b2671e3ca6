import type { Link } from "@tenon/plan";
import { chain, imagesPerTile } from "../kernels/chain.js";
import { pooledConv2d, pooledConv2dFits } from "../kernels/conv/maxPool/pooledConv2d.js";
import type { Kernel } from "../kernels/kernel.js";
import { enoughWorkItems } from "../machine.js";

/**
 * One kernel that computes both better than their chain does, if it can: `pointer` is where the
 * consumer reads what the producer computes. Its pointers: the consumer's without that one, then
 * the producer's inputs.
 */
type BetterPair = (producer: Kernel, consumer: Kernel, pointer: number) => Kernel | undefined;

/**
 * A convolution of few products whose outputs are reduced in registers by the max pool behind it.
 */
const pooledConvolution: BetterPair = ({ conv }, { maxPool }, pointer) => {
  if (!conv || !maxPool || pointer < maxPool.firstInput) return undefined;
  const { spec, options, firstInput } = maxPool;
  return pooledConv2dFits(conv, spec)
    ? pooledConv2d(conv, spec, options, pointer - firstInput)
    : undefined;
};

/** In the order in which they are tried. */
const betterPairs: readonly BetterPair[] = [pooledConvolution];

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
    from,
    to,
    imageBytes: buffer.bytes / images.count,
  };
  const byImages = consumer.images
    ? consumer
    : consumer.splitByImages?.(images.count, buffer.bytes / 4);
  const tile = byImages && imagesPerTile(producer, byImages, array);
  if (!tile) return undefined;
  // Alone, a loop over one image is many work items. Chained, it must leave threads enough to
  // share.
  const items = images.count / tile;
  if (!consumer.images && items < Math.min(enoughWorkItems, producer.workItems)) return undefined;
  for (const pair of betterPairs) {
    const kernel = pair(producer, consumer, to);
    if (kernel) return kernel;
  }
  return chain(producer, byImages, array);
}
