import type { FunctionBuilder, I32, Local } from "@tenon/emit";
import * as i32 from "@tenon/emit/i32";
import type { ConvSpec } from "@tenon/plan";
import { windows } from "@tenon/tensor";
import type { Geometry } from "../geometry.js";

/**
 * Which sources the outputs along one axis read: through tap k, output o reads source (step · o +
 * offset + tap · k) / divisor, if that is an integer and the index of a source. So both a
 * convolution and the gradient of its image are described.
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

/** Both axes of a convolution: outputs read cells of the image. */
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

/** The arrays of outputs and of the sources that they read. Sizes in bytes. */
export interface Layout {
  readonly rows: Axis;
  readonly columns: Axis;
  readonly images: number;
  readonly channels: number;
  readonly cellBytes: number;
  /** Of a row of outputs, and of sources. */
  readonly rowBytes: number;
  readonly sourceRowBytes: number;
  /** Of all outputs, and of all sources. */
  readonly bytes: number;
  readonly sourceBytes: number;
}

export function layoutOf({ images, c }: Geometry, [rows, columns]: readonly [Axis, Axis]): Layout {
  const cellBytes = 4 * c;
  const rowBytes = columns.outputs * cellBytes;
  const sourceRowBytes = columns.sources * cellBytes;
  return {
    rows,
    columns,
    images,
    channels: c,
    cellBytes,
    rowBytes,
    sourceRowBytes,
    bytes: images * rows.outputs * rowBytes,
    sourceBytes: images * rows.sources * sourceRowBytes,
  };
}

/** The adjoint: outputs and sources are exchanged. */
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
 * From one tap through which an output reads a source to the next such tap, and from the one source
 * to the other.
 */
export function stepsOf({ tap, divisor }: Axis): {
  readonly taps: number;
  readonly sources: number;
} {
  const taps = divisor / gcd(divisor, Math.abs(tap));
  return { taps, sources: (tap * taps) / divisor };
}

/** Outputs [from, until) whose taps all read existing sources. */
export function innerOutputs({
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

/** The access of an output to a source through a tap. */
export interface TapAccess {
  /** Relative to the first output of the tile. */
  readonly output: number;
  readonly tap: number;
  /** Relative to the first source that the tile reads. */
  readonly source: number;
}

/** Adjacent tiles of outputs with equal accesses. */
export interface TileGroup {
  /** The number of tiles, and outputs of a tile. */
  readonly count: number;
  readonly width: number;
  /** The first output of the first tile, and the first source that it reads. */
  readonly output: number;
  readonly source: number;
  /** From the first source of one tile to that of the next. */
  readonly advance: number;
  /** In the order of sources. */
  readonly accesses: readonly TapAccess[];
}

/** Accesses by source, in the order of sources. */
export function bySource(
  accesses: readonly TapAccess[],
): ReadonlyMap<number, readonly TapAccess[]> {
  const map = new Map<number, TapAccess[]>();
  for (const access of accesses)
    map.set(access.source, [...(map.get(access.source) ?? []), access]);
  return map;
}

/** Divides the outputs of an axis into tiles of at most `most`, all but the last of one width. */
export function tilesAlong(axis: Axis, most: number): readonly TileGroup[] {
  const { step, divisor, outputs } = axis;
  // Tiles have equal accesses if their distance is a multiple of this.
  const period = divisor / gcd(divisor, step);
  const units = Math.ceil(outputs / period);
  const perTile = Math.max(1, Math.floor(most / period));
  const full = period * Math.ceil(units / Math.ceil(units / perTile));
  const advance = (step * full) / divisor;
  const groups: (TileGroup & { readonly key: string })[] = [];
  for (let output = 0; output < outputs; output += full) {
    const width = Math.min(full, outputs - output);
    const { source, accesses } = accessesOf(axis, output, width);
    const key = JSON.stringify([width, accesses]);
    const last = groups[groups.length - 1];
    if (
      last?.key === key &&
      (accesses.length === 0 || source === last.source + last.count * advance)
    )
      groups[groups.length - 1] = { ...last, count: last.count + 1 };
    else groups.push({ key, count: 1, width, output, source, advance, accesses });
  }
  return groups;
}

/** The accesses of `width` outputs from `first` on, and the first source that they read. */
function accessesOf(
  { step, offset, tap, divisor, taps, sources }: Axis,
  first: number,
  width: number,
): Pick<TileGroup, "source" | "accesses"> {
  const absolute: TapAccess[] = [];
  for (let output = 0; output < width; output++)
    for (let k = 0; k < taps; k++) {
      const source = (step * (first + output) + offset + tap * k) / divisor;
      if (Number.isInteger(source) && source >= 0 && source < sources)
        absolute.push({ output, tap: k, source });
    }
  const source = absolute.length === 0 ? 0 : Math.min(...absolute.map((access) => access.source));
  const accesses = absolute
    .map((access) => ({ ...access, source: access.source - source }))
    .sort((a, b) => a.source - b.source || a.output - b.output);
  return { source, accesses };
}

/**
 * Emits a search for the first tap through which an output reads a source, that source, and the
 * number of such taps.
 */
export function tapsOf(
  f: FunctionBuilder,
  { step, offset, tap, divisor, taps, sources }: Axis,
  output: I32,
): { readonly tap: Local<"i32">; readonly source: Local<"i32">; readonly count: Local<"i32"> } {
  const position = f.let(i32.add(i32.mul(output, step), offset));
  const count = f.let(0);
  const source = f.let(0);
  const first = f.let(0);
  f.for(0, taps, 1, (k) => {
    // A position before the first source is a very large unsigned number.
    const exists = i32.ltU(position, divisor * sources);
    f.if(divisor === 1 ? exists : i32.and(exists, i32.eqz(i32.remU(position, divisor))), () => {
      f.if(i32.eqz(count), () => {
        f.set(first, k);
        f.set(source, i32.divU(position, divisor));
      });
      f.bump(count, 1);
    });
    f.bump(position, tap);
  });
  return { tap: first, source, count };
}
