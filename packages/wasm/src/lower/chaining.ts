import type { Link } from "@tenon/plan";
import { chain, imagesPerTile } from "../kernels/chain.js";
import { pooledConv2d, pooledConv2dFits } from "../kernels/conv/maxPool/pooledConv2d.js";
import type { Kernel } from "../kernels/kernel.js";
import { loopByImages } from "../kernels/loop/byImages.js";
import { enoughWorkItems } from "../machine.js";

/**
 * A convolution of few products whose outputs are reduced in registers by the max pool behind it,
 * which reads them at `pointer`. Its pointers: those of a chain of both.
 */
function pooledConvolution(
  { conv }: Kernel,
  { maxPool }: Kernel,
  pointer: number,
): Kernel | undefined {
  if (!conv || !maxPool || pointer < maxPool.firstInput) return undefined;
  const { spec, options, firstInput } = maxPool;
  return pooledConv2dFits(conv, spec)
    ? pooledConv2d(conv, spec, options, pointer - firstInput)
    : undefined;
}

/**
 * One kernel for several that work image by image, of which the others read the images that the
 * first has just computed while they are in the cache; undefined if they do not, or it does not
 * pay.
 */
export function chained(
  producer: Kernel,
  { from, consumers, buffer }: Link<Kernel>,
): Kernel | undefined {
  const { images } = producer;
  // Of two kernels that read an array, one would have to wait for more of it than is in the cache,
  // except where the others only summarize it.
  const summarized = consumers.some(({ kernel }) => kernel.isSummary);
  if (!images || (!summarized && (consumers.length > 1 || producer.isChain))) return undefined;
  const links = [{ kernel: producer, pointer: from }];
  for (const { kernel, to } of consumers) {
    const { loop, splitByImages } = kernel;
    const elements = buffer.bytes / 4;
    const byImages = kernel.images
      ? kernel
      : loop
        ? loopByImages(loop, images.count, elements)
        : splitByImages?.(images.count, elements);
    if (!byImages) return undefined;
    links.push({ kernel: byImages, pointer: to });
  }
  const imageBytes = buffer.bytes / images.count;
  const tile = imagesPerTile(links, imageBytes);
  if (!tile) return undefined;
  // Alone, a loop over one image is many work items. Chained, it must leave threads enough to
  // share.
  const items = images.count / tile;
  const areSplit = consumers.some(({ kernel }) => !kernel.images);
  if (areSplit && items < Math.min(enoughWorkItems, producer.workItems)) return undefined;
  const [{ kernel: consumer, to }] = consumers as [(typeof consumers)[0]];
  const pooled = consumers.length === 1 && pooledConvolution(producer, consumer, to);
  return pooled || chain(links, imageBytes, tile);
}
