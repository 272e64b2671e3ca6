import { invocations } from "./kernel.js";

// How the work of a product is shared: the tile of a workgroup, and the parts of its sums.

/** The sizes of `batch` products [m, k] · [k, n]. */
export interface ProductSize {
  readonly batch: number;
  readonly m: number;
  readonly n: number;
  readonly k: number;
}

/** How a workgroup shares a tile of the result. */
export interface Tile {
  readonly m: number;
  readonly n: number;
  /** Products of each sum that are in the workgroup's memory at a time. */
  readonly k: number;
  /** Rows and columns of the tile of one invocation: multiples of 4. */
  readonly rows: number;
  readonly columns: number;
  /** The share of the peak that it reaches when the GPU is full, roughly. */
  readonly rate: number;
}

export const tiles: readonly Tile[] = [
  { m: 128, n: 128, k: 16, rows: 8, columns: 8, rate: 0.52 },
  { m: 128, n: 128, k: 8, rows: 8, columns: 8, rate: 0.5 },
  { m: 64, n: 64, k: 16, rows: 4, columns: 4, rate: 0.3 },
  { m: 32, n: 32, k: 32, rows: 4, columns: 4, rate: 0.22 },
  { m: 64, n: 16, k: 32, rows: 4, columns: 4, rate: 0.17 },
  { m: 16, n: 64, k: 32, rows: 4, columns: 4, rate: 0.17 },
  { m: 16, n: 16, k: 64, rows: 4, columns: 4, rate: 0.1 },
];

/** Invocations that share one element of the result, each a part of its products. */
export const slicesOf = ({ m, n, rows, columns }: Tile): number =>
  invocations / ((m / rows) * (n / columns));

export interface Cut {
  readonly tile: Tile;
  /** Parts of the sums, in workgroups of their own. */
  readonly parts: number;
}

/** The vec4f of the workgroup's memory: both factors, then the sums of slices, or rows of sums. */
export const tileVectors = (tile: Tile): number =>
  Math.max(
    tile.k * (tile.m / 4 + 1 + tile.n / 4 + 1),
    (Math.min(2, Math.floor(slicesOf(tile) / 2)) * tile.m * tile.n) / 4,
    ((tile.m / tile.rows) * tile.n) / 4,
  );

/** How often invocations that share an element wait for each other while they add their sums. */
const roundsOf = (tile: Tile): number => {
  let rounds = 0;
  for (let half = slicesOf(tile) / 2; half >= 1; half /= 2) rounds += Math.ceil(half / 2);
  return rounds;
};

/**
 * The tile and the number of parts with the least time on a large GPU, in microseconds: 128
 * processors with some workgroups at a time, each a microsecond for itself, another for each tile
 * that it loads and half of one for each round of sums; five for one more dispatch, and the memory
 * for the parts at 2 TB/s. `bench/products.bench.ts` measures what the constants stand for.
 */
export function cutOf({ batch, m, n, k }: ProductSize, tileBytes: number): Cut {
  let best: Cut & { readonly time: number } = { tile: tiles.at(-1)!, parts: 1, time: Infinity };
  for (const tile of tiles) {
    if (16 * tileVectors(tile) > tileBytes) continue;
    for (let parts = 1; parts <= 64; parts *= 2) {
      const perPart = partOf(k, parts, tile);
      if (parts > 1 && perPart === partOf(k, parts / 2, tile)) break;
      const used = Math.max(1, Math.ceil(k / perPart));
      const workgroups = batch * Math.ceil(m / tile.m) * Math.ceil(n / tile.n) * used;
      const loads = Math.ceil(perPart / tile.k);
      const computing = (workgroups * loads * tile.k * tile.m * tile.n) / (128 * 256e3 * tile.rate);
      const one = 1 + 0.5 * roundsOf(tile) + 0.1 * tile.rows + loads;
      const waiting = one * Math.ceil(workgroups / 512);
      const adding = used > 1 ? 5 + (8 * used * batch * m * n) / 2e6 : 0;
      const time = Math.max(computing, waiting) + adding;
      if (time < best.time) best = { tile, parts, time };
    }
  }
  return best;
}

/** Products in each part of a sum. */
export const partOf = (k: number, parts: number, tile: Tile): number =>
  Math.ceil(k / parts / tile.k) * tile.k;
