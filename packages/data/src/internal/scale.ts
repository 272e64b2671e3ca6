import type { Elements } from "@tenon/contracts";
import { badArgument, shown } from "@tenon/guards";
import type { Scaling } from "../scaling.js";

/** A Uint8Array has few values: their scaled forms fit in a table, one per channel. */
const maxChannels = 16;

/** Throws unless the scaling can be applied to `count` values. */
export function checkScaling(who: string, scaling: Scaling, count: number): void {
  const { center, scale } =
    (typeof scaling === "object" ? scaling : undefined) ?? ({} as Partial<Scaling>);
  const isUnit = (value: unknown): value is Scaling["center"] =>
    typeof value === "number" || Array.isArray(value) || ArrayBuffer.isView(value);
  if (!isUnit(center) || !isUnit(scale))
    throw badArgument(who, "a scaling, { center, scale }, such as toUnit()", shown(scaling));
  for (const [name, values] of [
    ["center", center],
    ["scale", scale],
  ] as const) {
    const list = typeof values === "number" ? [values] : values;
    const wrong = list.findIndex(
      (value) => !Number.isFinite(value) || (name === "scale" && value === 0),
    );
    if (wrong >= 0)
      throw badArgument(
        who,
        `${name} to be finite${name === "scale" ? " and not 0" : ""}`,
        shown(list[wrong]),
      );
    if (list.length === 0 || count % list.length !== 0) {
      throw badArgument(
        who,
        `a list for ${name} that repeats evenly along ${count} values`,
        `${list.length} values`,
      );
    }
  }
  if (typeof center !== "number" && typeof scale !== "number" && center.length !== scale.length) {
    throw badArgument(who, "as many centers as scales", `${center.length} and ${scale.length}`);
  }
}

/**
 * Writes `count` scaled values from `source` to `target`; the scaling's lists begin with the first
 * of them.
 */
export function scaleInto(
  target: Float32Array,
  offset: number,
  source: Elements,
  from: number,
  count: number,
  { center, scale }: Scaling,
): void {
  if (typeof center === "number" && typeof scale === "number") {
    for (let i = 0; i < count; i++) target[offset + i] = (source[from + i] - center) / scale;
    return;
  }
  const centers = typeof center === "number" ? [center] : center;
  const scales = typeof scale === "number" ? [scale] : scale;
  for (let i = 0, c = 0, s = 0; i < count; i++) {
    target[offset + i] = (source[from + i] - centers[c]) / scales[s];
    if (++c === centers.length) c = 0;
    if (++s === scales.length) s = 0;
  }
}

/**
 * The scaled forms of all bytes, a table of 256 for each channel; undefined where there are too
 * many channels.
 */
export function byteTable(scaling: Scaling): Float32Array | undefined {
  const { center, scale } = scaling;
  const channels = Math.max(
    typeof center === "number" ? 1 : center.length,
    typeof scale === "number" ? 1 : scale.length,
  );
  if (channels > maxChannels) return undefined;
  const valueFor = (values: number | readonly number[], channel: number): number =>
    typeof values === "number" ? values : values[channel % values.length];
  const table = new Float32Array(256 * channels);
  for (let channel = 0; channel < channels; channel++) {
    for (let byte = 0; byte < 256; byte++)
      table[256 * channel + byte] = (byte - valueFor(center, channel)) / valueFor(scale, channel);
  }
  return table;
}

/** Writes the scaled forms of bytes, by looking them up in `byteTable`. */
export function lookUpInto(target: Float32Array, source: Uint8Array, table: Float32Array): void {
  if (table.length === 256) {
    for (let i = 0; i < source.length; i++) target[i] = table[source[i]];
    return;
  }
  for (let i = 0, base = 0; i < source.length; i++) {
    target[i] = table[base + source[i]];
    base += 256;
    if (base === table.length) base = 0;
  }
}
