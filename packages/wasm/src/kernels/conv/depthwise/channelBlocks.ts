import type { I32, Index } from "@tenon/emit";
import * as i32 from "@tenon/emit/i32";

/** Blocks of channels: their number, and where in bytes each begins and ends. */
export interface ChannelBlocks {
  readonly count: number;
  from(block: Index): I32;
  until(block: Index): I32;
}

/**
 * Blocks of `perBlock` channels, a multiple of four. Channels that fill no vector belong to the
 * last block.
 */
export function channelBlocks(channels: number, perBlock: number): ChannelBlocks {
  const vectorBytes = 4 * (channels - (channels % 4));
  const blockBytes = 4 * perBlock;
  const count = Math.max(1, Math.ceil(vectorBytes / blockBytes));
  return {
    count,
    from: (block) => i32.mul(block, blockBytes),
    until: (block) =>
      i32.select(i32.ltS(block, count - 1), i32.mul(i32.add(block, 1), blockBytes), vectorBytes),
  };
}
