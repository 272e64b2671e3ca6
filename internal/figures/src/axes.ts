import type { Axis, Chart, Point } from "@tenon/experiments";

/** An axis with the range and the ticks that it is drawn with. */
export interface Drawn {
  readonly type: "linear" | "log";
  readonly domain: readonly [number, number];
  readonly ticks: readonly number[];
  readonly format: (value: number) => string;
}

/** Axes of which there are no parts between whole numbers. */
const counts: ReadonlySet<string> = new Set([
  ...["step", "epoch", "examples", "layer", "depth", "members", "batchSize", "patience"],
]);

/** Whether an axis counts, such as epochs: values between whole numbers are given as whole ones. */
export const isCount = ({ label }: Axis): boolean => counts.has(label);

/** 2, 4, 8, …: ticks where all values are of that kind, such as sizes of batches. */
function powersOfTwo(values: readonly number[]): number[] | undefined {
  const powers = values.map(Math.log2);
  if (values.length < 2 || !powers.every(Number.isInteger)) return undefined;
  const [first, last] = [Math.min(...powers), Math.max(...powers)];
  return Array.from({ length: last - first + 1 }, (_, i) => 2 ** (first + i));
}

/** The range of the horizontal axis. */
export function horizontal({ x, series, marks = [], broken = [] }: Chart, ticks: number): Drawn {
  if (x.scale === "categories") {
    const names = x.categories ?? [];
    const all = names.map((_, i) => i);
    return {
      ...{ type: "linear", domain: [-0.5, Math.max(1, names.length) - 0.5], ticks: all },
      format: (value) => names[value] ?? "",
    };
  }
  const values = [
    ...series.flatMap(({ points }) => points.map((point) => point.x)),
    ...marks.filter(({ axis }) => axis === "x").map(({ value }) => value),
    ...broken.map((each) => each.x),
  ];
  // Bars are as wide as their distance, to both sides.
  const bars = series.filter(({ kind }) => kind === "bars").flatMap(({ points }) => points);
  const half = bars.length > 0 ? spacing(bars) / 2 : 0;
  const around = half > 0 ? values.flatMap((value) => [value - half, value + half]) : values;
  const isWhole = isCount(x) || values.every(Number.isInteger);
  const axis = axisOf(x, around, ticks, { room: 0, isCount: isWhole });
  const doublings = axis.type === "log" ? powersOfTwo(values) : undefined;
  return doublings ? { ...axis, ticks: doublings } : axis;
}

/** The range of the vertical axis. */
export function vertical({ y, series, marks = [] }: Chart, ticks: number): Drawn {
  const values = series.flatMap(({ points }) =>
    points.flatMap(({ y: value, low, high }) => [value, low, high]),
  );
  const finite = [
    ...values.filter((value): value is number => Number.isFinite(value)),
    ...marks.filter(({ axis }) => axis === "y").map(({ value }) => value),
  ];
  const hasBars = series.some(({ kind }) => kind === "bars");
  return axisOf(y, hasBars && y.scale === "linear" ? [...finite, 0] : finite, ticks, {
    room: 0.04,
    isCount: false,
  });
}

/** The least distance of two points. */
export function spacing(points: readonly Point[]): number {
  const at = [...new Set(points.map(({ x }) => x))].sort((a, b) => a - b);
  const gaps = at.slice(1).map((x, i) => x - at[i]!);
  return gaps.length > 0 ? Math.min(...gaps) : 1;
}

interface Spacing {
  /** What is added on both sides, as a fraction of the range. */
  readonly room: number;
  /** Whether values are counts, such as epochs, of which there are no parts. */
  readonly isCount: boolean;
}

function axisOf(
  { scale, domain, percent = false }: Axis,
  values: readonly number[],
  count: number,
  spacing: Spacing,
): Drawn {
  return scale === "log"
    ? logAxis(domain, values, count, percent)
    : linearAxis(domain, values, count, { ...spacing, percent });
}

function linearAxis(
  domain: Axis["domain"],
  values: readonly number[],
  count: number,
  { room, isCount, percent }: Spacing & { readonly percent: boolean },
): Drawn {
  const [low, high] = domain ?? extent(values, [0, 1]);
  const size = Math.max(Math.abs(low), Math.abs(high));
  const isFlat = !(high - low > 1e-12 * size) || size < 1e-300;
  const range = isFlat ? (size < 1e-300 ? 1 : size) : high - low;
  const beyond = (isFlat ? 0.5 : room) * range;
  // A range that begins at 0, as of steps or bars, still does.
  const below = low === 0 && !isFlat ? 0 : low - beyond;
  const above = high === 0 && low < 0 ? 0 : high + beyond;
  // Fractions have no ticks below 0 or above 1.
  const isFraction = percent && low >= 0 && high <= 1;
  const from = domain ? low : isFraction ? Math.max(0, below) : below;
  const to = domain ? high : isFraction ? Math.min(1, above) : above;
  const step = Math.max(isCount ? 1 : 0, niceStep((to - from) / Math.max(1, count)));
  const first = Math.ceil(from / step - 1e-9);
  const last = Math.floor(to / step + 1e-9);
  const ticks = Array.from({ length: last - first + 1 }, (_, i) => (first + i) * step);
  return {
    ...{ type: "linear", domain: [from, to], ticks },
    format: (value) => numberText(value, step, percent),
  };
}

function logAxis(
  domain: Axis["domain"],
  values: readonly number[],
  count: number,
  percent: boolean,
): Drawn {
  const [low, high] =
    domain ??
    extent(
      values.filter((value) => value > 0),
      [0.1, 1],
    );
  const middle = Math.sqrt(low) * Math.sqrt(high);
  // A narrower range, such as that of the first steps of a run, may have no tick.
  const [from, to] =
    domain || high >= 2 * low ? [low, high] : [middle / Math.SQRT2, middle * Math.SQRT2];
  const decades = Math.log10(to / from);
  const room = domain ? 1 : 10 ** (0.04 * decades);
  const range = [from / room, to * room] as const;
  return {
    ...{ type: "log", domain: range, ticks: logTicks(range, count) },
    format: (value) => (percent ? `${plain(100 * value)} %` : plain(value)),
  };
}

/** Powers of ten; of a range of less than two decades also 2 and 5 times these. */
function logTicks([from, to]: readonly [number, number], count: number): number[] {
  const decades = Math.log10(to / from);
  const factors = decades > 2 ? [1] : decades > 0.7 ? [1, 2, 5] : [1, 1.5, 2, 3, 4, 5, 6, 7, 8, 9];
  const every = Math.max(1, Math.ceil(decades / Math.max(2, count)));
  const [first, last] = [Math.floor(Math.log10(from)), Math.ceil(Math.log10(to))];
  const ticks: number[] = [];
  for (let power = Math.ceil(first / every) * every; power <= last; power += every)
    for (const factor of factors) ticks.push(Number(`${factor}e${power}`));
  const below = every === 1 ? factors.map((factor) => Number(`${factor}e${first}`)) : [];
  return [...new Set([...below, ...ticks])]
    .filter((tick) => tick >= from * (1 - 1e-9) && tick <= to * (1 + 1e-9))
    .sort((a, b) => a - b);
}

function extent(values: readonly number[], fallback: readonly [number, number]) {
  let [low, high] = [Infinity, -Infinity];
  for (const value of values) [low, high] = [Math.min(low, value), Math.max(high, value)];
  return low <= high ? ([low, high] as const) : fallback;
}

/** 1, 2 or 5 times a power of ten, about as large. */
function niceStep(wanted: number): number {
  const power = 10 ** Math.floor(Math.log10(wanted));
  const ratio = wanted / power;
  // The limits are the means of neighbours, of logarithms.
  const factor =
    ratio >= Math.sqrt(50) ? 10 : ratio >= Math.sqrt(10) ? 5 : ratio >= Math.SQRT2 ? 2 : 1;
  return factor * power;
}

/** A value with as many digits as tell neighbouring ticks apart. */
function numberText(value: number, step: number, percent: boolean): string {
  const scaled = percent ? 100 * value : value;
  const digits = Math.max(0, -Math.floor(Math.log10((percent ? 100 : 1) * step) + 1e-9));
  const isSmall = digits > 4;
  const isLarge = Math.abs(scaled) >= 1e6;
  const text = isSmall || isLarge ? plain(scaled) : grouped(scaled, digits);
  return percent ? `${text} %` : text;
}

const grouped = (value: number, digits: number): string =>
  (value + 0).toLocaleString("en", {
    minimumFractionDigits: digits,
    maximumFractionDigits: digits,
  });

const superscripts = "⁰¹²³⁴⁵⁶⁷⁸⁹";

/** A number as one reads it: `0.01`, `1,000`, `2 × 10⁻⁷`. */
export function plain(value: number): string {
  const size = Math.abs(value);
  if (value === 0 || (size >= 1e-3 && size < 1e6))
    return value.toLocaleString("en", { maximumSignificantDigits: 3 });
  const [mantissa, exponent] = value.toExponential(1).split("e") as [string, string];
  const power = [...String(Math.abs(Number(exponent)))].map((digit) => superscripts[Number(digit)]);
  const factor = mantissa.replace(/\.0$/, "");
  const sign = factor === "1" ? "" : factor === "-1" ? "−" : `${factor.replace("-", "−")}·`;
  return `${sign}10${Number(exponent) < 0 ? "⁻" : ""}${power.join("")}`;
}
