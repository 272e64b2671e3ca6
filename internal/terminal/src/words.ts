/** Seconds in words. */
export function duration(seconds: number): string {
  const s = Math.max(0, Math.round(seconds));
  return s < 60
    ? `${s} s`
    : s < 3600
      ? `${Math.floor(s / 60)} min ${String(s % 60).padStart(2, "0")} s`
      : `${Math.floor(s / 3600)} h ${String(Math.floor((s % 3600) / 60)).padStart(2, "0")} min`;
}

/** `1,280` */
export const grouped = (n: number): string => n.toLocaleString("en");

/** `1 epoch`, `1,280 steps` */
export const counted = (n: number, noun: string): string =>
  `${grouped(n)} ${noun}${n === 1 ? "" : "s"}`;

export const percent = (share: number, digits = 2): string => `${(100 * share).toFixed(digits)} %`;

/** `████████▌   ` */
export function bar(share: number, width: number): string {
  const eighths = Math.round(Math.min(1, Math.max(0, share)) * width * 8);
  const full = Math.floor(eighths / 8);
  return ("█".repeat(full) + (eighths % 8 ? "▏▎▍▌▋▊▉"[(eighths % 8) - 1]! : "")).padEnd(width);
}

/** Three significant digits: `0.0712`, `12.3`, `1.2e-7`. */
export const figure = (value: number): string => String(Number(value.toPrecision(3)));

/**
 * JSON in a line, as machines read it. Values that JSON lacks are written "NaN", "Infinity",
 * "-Infinity".
 */
export const jsonLine = (value: object): string =>
  `${JSON.stringify(value, (_, item: unknown) =>
    typeof item === "number" && !Number.isFinite(item) ? String(item) : item,
  )}\n`;
