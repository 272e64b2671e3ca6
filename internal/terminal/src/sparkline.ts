const heights = "▁▂▃▄▅▆▇█";

/** How many means are kept. */
const kept = 512;

/** Values in the order of time: means of blocks of equal length, in bounded memory. */
export interface Series {
  readonly means: readonly number[];
  /** How many values a block has. */
  readonly block: number;
  /** Of the block under way. */
  readonly open: { readonly sum: number; readonly count: number };
  readonly first: number;
  readonly last: number;
}

export const emptySeries: Series = {
  means: [],
  block: 1,
  open: { sum: 0, count: 0 },
  first: NaN,
  last: NaN,
};

/** The series with one more value. Those that are not finite are left out. */
export function appended({ means, block, open, first }: Series, value: number): Series {
  if (!Number.isFinite(value)) return { means, block, open, first, last: value };
  const [sum, count] = [open.sum + value, open.count + 1];
  const full = count === block;
  const all = full ? [...means, sum / block] : means;
  const halve = all.length === kept;
  return {
    means: halve ? shrunk(all, kept / 2) : all,
    block: halve ? 2 * block : block,
    open: full ? { sum: 0, count: 0 } : { sum, count },
    first: means.length === 0 && open.count === 0 ? value : first,
    last: value,
  };
}

/** As many means of neighbours. */
const shrunk = (values: readonly number[], count: number): number[] =>
  Array.from({ length: count }, (_, i) => {
    const group = values.slice(
      Math.floor((i * values.length) / count),
      Math.floor(((i + 1) * values.length) / count),
    );
    return group.reduce((sum, value) => sum + value, 0) / group.length;
  });

/**
 * `█▆▅▃▂▁`: values from the smallest to the largest; on a logarithmic scale from the smallest
 * positive one.
 *
 * @param range what the lowest and the highest block stand for. @defaultValue that of the values
 */
export function sparkline(
  values: readonly number[],
  width: number,
  scale: "log" | "linear" = "log",
  range?: readonly [number, number],
): string {
  const shown = fitted(values, width);
  const at = scale === "log" ? Math.log : (value: number): number => value;
  const drawn = shown.filter((value) => scale === "linear" || value > 0);
  const [low, high] = (range ?? [Math.min(...drawn), Math.max(...drawn)]).map(at) as [
    number,
    number,
  ];
  // Noise of rounding is not stretched to the full height.
  const height = Math.max(high - low, scale === "log" ? 1e-3 : 1e-9);
  return shown
    .map((value) => {
      const part = scale === "linear" || value > 0 ? (at(value) - low) / height : 0;
      const block = Math.floor(part * heights.length);
      return heights[Math.max(0, Math.min(heights.length - 1, block))]!;
    })
    .join("");
}

/** As many values as columns: means of neighbours, or some of them several times. */
function fitted(values: readonly number[], width: number): readonly number[] {
  if (values.length === 0 || values.length > width) return shrunk(values, width);
  return Array.from({ length: width }, (_, i) => values[Math.floor((i * values.length) / width)]!);
}
