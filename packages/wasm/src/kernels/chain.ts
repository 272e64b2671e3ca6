import * as i32 from "@tenon/emit/i32";
import { enoughWorkItems, l2Bytes } from "../machine.js";
import type { Kernel } from "./kernel.js";
import { kernelOf } from "./shared/kernelOf.js";

/** A kernel of a chain, and which of its pointers is the array that is passed on. */
export interface ChainLink {
  readonly kernel: Kernel;
  readonly pointer: number;
}

/**
 * Bytes of a tile of the array between two kernels: the rest of L2 is for what both read and write
 * besides. Chosen by `bench/zeros`.
 */
const mostTileBytes = 0.75 * l2Bytes;

/**
 * How many images kernels compute in turn when they are chained; undefined if they cannot be: all
 * must map their work items to the same images, and a group of images must fit into L2.
 *
 * @param imageBytes of the array that is passed on
 */
export function imagesPerTile(links: readonly ChainLink[], imageBytes: number): number | undefined {
  const all = links.map(({ kernel: { images }, pointer }) =>
    images?.pointers.includes(pointer) ? images : undefined,
  );
  const count = all[0]?.count;
  if (!count || all.some((images) => images?.count !== count)) return undefined;
  const groups = all.map((images) => images!.group);
  const group = Math.max(...groups);
  const groupBytes = group * imageBytes;
  if (groups.some((each) => group % each > 0) || groupBytes > mostTileBytes) return undefined;
  const groupsThatFit = Math.floor(mostTileBytes / 2 / groupBytes);
  const groupsPerItem = Math.floor(count / (enoughWorkItems * group));
  return group * Math.max(1, Math.min(groupsThatFit, groupsPerItem));
}

/**
 * Several kernels as one, tiled by batch: the first computes a tile of images of an array that only
 * the others read, then each of these reads it while it is in L2. Pointers: those of the others,
 * then of the first, all without that array, a tile of which is in scratch memory. A work item is a
 * tile.
 *
 * No kernel is changed: each gets the address at which the whole array would begin if its current
 * tile were where the scratch memory is.
 *
 * @param tile as `imagesPerTile` has it
 */
export function chain(links: readonly ChainLink[], imageBytes: number, tile: number): Kernel {
  const kernels = links.map(({ kernel }) => kernel);
  const { count } = kernels[0]!.images!;
  const tileBytes = 16 * Math.ceil((tile * imageBytes + 16) / 16);
  const [first, ...others] = links as [ChainLink, ...ChainLink[]];
  /** Of each pointer of the chain whether it is of an array with a row per image. */
  const areByImage = [...others, first].flatMap(({ kernel: { pointers, images }, pointer }) =>
    Array.from({ length: pointers }, (_, p) => images!.pointers.includes(p)).filter(
      (_, p) => p !== pointer,
    ),
  );
  const kernel = kernelOf(
    {
      key: `${kernels.map(({ key }) => key).join(" → ")} ${links.map(({ pointer }) => pointer).join(" ")}`,
      pointers: areByImage.length,
      workItems: Math.ceil(count / tile),
      scratch: tileBytes + Math.max(...kernels.map(({ scratch }) => scratch)),
      flops: kernels.reduce((sum, { flops }) => sum + flops, 0),
    },
    (f, pointers, { begin, end }, module, scratch) => {
      const compiled = kernels.map((kernel) => kernel.emit(module));
      const scratchOfEach = f.let(i32.add(scratch, tileBytes));
      const last = f.min(i32.mul(end, tile), count);
      f.for(i32.mul(begin, tile), last, tile, (image) => {
        const until = f.min(i32.add(image, tile), count);
        const base = f.let(i32.sub(scratch, i32.mul(image, imageBytes)));
        const left = [...pointers];
        const own = others.map(({ kernel }) => left.splice(0, kernel.pointers - 1));
        [left, ...own].forEach((given, k) => {
          const { kernel, pointer } = links[k]!;
          f.call(
            compiled[k]!,
            ...given.slice(0, pointer),
            base,
            ...given.slice(pointer),
            ...(kernel.scratch > 0 ? [scratchOfEach] : []),
            kernel.images!.firstItem(image),
            kernel.images!.firstItem(until),
          );
        });
      });
    },
  );
  return {
    ...kernel,
    isChain: true,
    images: {
      count,
      group: tile,
      firstItem: (image) => i32.divU(i32.add(image, tile - 1), tile),
      pointers: [...areByImage.keys()].filter((p) => areByImage[p]),
    },
  };
}
