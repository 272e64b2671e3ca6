import type { ModuleBuilder } from "@tenon/emit";
import type { Lanes } from "../../shared/lanes.js";
import { patchOf } from "./band.js";
import type { UnpooledConv } from "./unpooledConv.js";

/** Vectors of a cell's channels that are read in one pass, so that patches stay in L1. */
const blockVectors = 8;

/** A vector of a patch: where its lanes are in the image, and where in the gradient, in bytes. */
export interface PatchVector {
  readonly patch: Lanes;
  readonly gradient: Lanes;
}

export interface PatchVectors {
  /** Those of the first block. */
  readonly vectors: readonly PatchVector[];
  readonly blockBytes: number;
  readonly blocks: number;
}

/**
 * The vectors of a patch in blocks, so that a block of all patches stays in L1: channels that fill
 * vectors are cut, others are one block.
 */
export function patchVectors({ features }: ModuleBuilder, unpooled: UnpooledConv): PatchVectors {
  const { conv, attrs } = unpooled;
  const { vectorsPerRow, imageRowBytes } = patchOf(unpooled);
  const [kh, kw] = attrs.kernel;
  /** What is `offset` bytes from the start of a row. */
  const at = (row: number, offset: number) => ({
    patch: row * imageRowBytes + offset,
    gradient: 16 * row * vectorsPerRow + offset,
  });
  const rows = Array.from({ length: kh }, (_, row) => row);
  if (conv.c % 4 === 0) {
    const block = largestDivisor(conv.c / 4, blockVectors);
    const vectors = rows.flatMap((row) =>
      Array.from({ length: kw * block }, (_, k) =>
        at(row, 4 * conv.c * Math.floor(k / block) + 16 * (k % block)),
      ),
    );
    return { vectors, blockBytes: 16 * block, blocks: conv.c / 4 / block };
  }
  const rowFloats = kw * conv.c;
  const joined = rowFloats % 4 === 1 && kh > 1 && !features.vectors256;
  const whole = joined ? vectorsPerRow - 1 : vectorsPerRow;
  const vectors: PatchVector[] = rows.flatMap((row) =>
    Array.from({ length: whole }, (_, k) => at(row, 16 * k)),
  );
  // The last floats of four rows are one vector: 5×5 taps take 7 vectors instead of 10. On 256 bits
  // two vectors of a row are one register, as long as they are next to each other.
  for (let row = 0; joined && row < kh; row += 4) {
    const last = rows.slice(row, row + 4).map((row) => at(row, 4 * (rowFloats - 1)));
    vectors.push({
      patch: last.map(({ patch }) => patch),
      gradient: last.map(({ gradient }) => gradient),
    });
  }
  return { vectors, blockBytes: 16 * vectorsPerRow, blocks: 1 };
}

/** The largest divisor of n that is at most `most`. */
function largestDivisor(n: number, most: number): number {
  let divisor = most;
  while (n % divisor > 0) divisor--;
  return divisor;
}
