import type { ConvSpec } from "../geometry.js";
import { windows } from "../geometry.js";

/**
 * How the outputs along one axis look at sources: through tap k, output o sees source (step · o +
 * offset + tap · k) / divisor, if that is a whole number of a source that is there. So both a
 * convolution and its image's gradient are described.
 */
export interface Axis {
  readonly step: number;
  readonly offset: number;
  readonly tap: number;
  readonly divisor: number;
  readonly taps: number;
  readonly outputs: number;
  readonly sources: number;
}

/** Both axes of a convolution: windows look at cells. */
export function axesOf({ attrs }: ConvSpec): readonly [Axis, Axis] {
  const { image, kernel, strides, dilation, padding } = attrs;
  const counts = windows(image, kernel, attrs);
  const axis = (d: 0 | 1): Axis => ({
    step: strides[d],
    offset: -padding[d][0],
    tap: dilation[d],
    divisor: 1,
    taps: kernel[d],
    outputs: counts[d],
    sources: image[d],
  });
  return [axis(0), axis(1)];
}

/** The adjoint: what were outputs are now sources. */
export const transposedAxis = ({ step, offset, tap, taps, outputs, sources }: Axis): Axis => ({
  step: 1,
  offset: -offset,
  tap: -tap,
  divisor: step,
  taps,
  outputs: sources,
  sources: outputs,
});

const gcd = (a: number, b: number): number => (b === 0 ? a : gcd(b, a % b));

/**
 * From one tap through which an output sees something to the next such, and from source to source
 * meanwhile.
 */
export function stepsOf({ tap, divisor }: Axis): {
  readonly taps: number;
  readonly sources: number;
} {
  const taps = divisor / gcd(divisor, Math.abs(tap));
  return { taps, sources: (tap * taps) / divisor };
}

/** Outputs [from, until) all of whose taps are sure to lie within, if there are any. */
export function innerOf({
  step,
  offset,
  tap,
  divisor,
  taps,
  outputs,
  sources,
}: Axis): readonly [number, number] {
  const reach = tap * (taps - 1);
  const low = Math.min(0, reach) + offset;
  const high = Math.max(0, reach) + offset;
  const from = Math.min(outputs, Math.max(0, Math.ceil(-low / step)));
  const until = Math.min(outputs, Math.ceil((divisor * sources - high) / step));
  return [from, Math.max(from, until)];
}

/** An output of a tile that sees a source through a tap. */
export interface Look {
  readonly output: number;
  readonly tap: number;
  /** From the first source that the tile sees. */
  readonly source: number;
}

/**
 * Tiles side by side that are all alike: so many outputs each, which see sources in the same way.
 */
export interface Tiles {
  readonly count: number;
  readonly width: number;
  /** The first output of the first tile, and the first source that it sees. */
  readonly output: number;
  readonly source: number;
  /** From one tile's first source to the next one's. */
  readonly advance: number;
  /** In the order of sources. */
  readonly looks: readonly Look[];
}

/**
 * Cuts the outputs of an axis into tiles of at most so many outputs, all but the last of one width.
 */
export function tilesAlong(axis: Axis, most: number): readonly Tiles[] {
  const { step, offset, tap, divisor, taps, outputs, sources } = axis;
  // Tiles look alike if their distance is a multiple of this.
  const period = divisor / gcd(divisor, step);
  const units = Math.ceil(outputs / period);
  const perTile = Math.max(1, Math.floor(most / period));
  const full = period * Math.ceil(units / Math.ceil(units / perTile));
  const advance = (step * full) / divisor;
  const tiles: (Tiles & { readonly key: string })[] = [];
  for (let output = 0; output < outputs; output += full) {
    const width = Math.min(full, outputs - output);
    const seen: Look[] = [];
    for (let t = 0; t < width; t++)
      for (let k = 0; k < taps; k++) {
        const source = (step * (output + t) + offset + tap * k) / divisor;
        if (Number.isInteger(source) && source >= 0 && source < sources)
          seen.push({ output: t, tap: k, source });
      }
    const source = seen.reduce((least, look) => Math.min(least, look.source), Infinity);
    const first = seen.length > 0 ? source : 0;
    const looks = seen
      .map((look) => ({ ...look, source: look.source - first }))
      .sort((a, b) => a.source - b.source || a.output - b.output);
    const key = JSON.stringify([width, looks]);
    const last = tiles[tiles.length - 1];
    if (last?.key === key && (looks.length === 0 || first === last.source + last.count * advance))
      tiles[tiles.length - 1] = { ...last, count: last.count + 1 };
    else tiles.push({ key, count: 1, width, output, source: first, advance, looks });
  }
  return tiles;
}
