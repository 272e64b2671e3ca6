import { expect, test } from "vitest";
import { lineStyles, palette } from "./palette.js";

type Rgb = readonly [number, number, number];

/** Of a colour, the linear parts of red, green and blue (IEC 61966-2-1). */
const linearOf = (hex: string): Rgb =>
  [1, 3, 5].map((i) => {
    const part = parseInt(hex.slice(i, i + 2), 16) / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  }) as unknown as Rgb;

/** WCAG 2.2, relative luminance and contrast. */
const luminance = ([r, g, b]: Rgb): number => 0.2126 * r + 0.7152 * g + 0.0722 * b;
const contrast = (a: Rgb, b: Rgb): number => {
  const [low, high] = [luminance(a), luminance(b)].sort((x, y) => x - y);
  return (high! + 0.05) / (low! + 0.05);
};

/**
 * What people see: all colours, no long waves (red), no middle ones (green). Machado et al. 2009.
 */
const eyes = {
  all: [1, 0, 0, 0, 1, 0, 0, 0, 1],
  protanopia: [
    ...[0.152286, 1.052583, -0.204868, 0.114503, 0.786281, 0.099216],
    ...[-0.003882, -0.048116, 1.051998],
  ],
  deuteranopia: [
    ...[0.367322, 0.860646, -0.227968, 0.280085, 0.672501, 0.047413],
    ...[-0.01182, 0.04294, 0.968881],
  ],
} as const;
const seen = (m: readonly number[], [r, g, b]: Rgb): Rgb =>
  [0, 3, 6].map((i) =>
    Math.min(1, Math.max(0, m[i]! * r + m[i + 1]! * g + m[i + 2]! * b)),
  ) as unknown as Rgb;

/** Oklab (Ottosson 2020), in which distances are about as large as they look. */
const oklab = ([r, g, b]: Rgb): Rgb => {
  const l = Math.cbrt(0.4122214708 * r + 0.5363325363 * g + 0.0514459929 * b);
  const m = Math.cbrt(0.2119034982 * r + 0.6806995451 * g + 0.1073969566 * b);
  const s = Math.cbrt(0.0883024619 * r + 0.2817188376 * g + 0.6299787005 * b);
  return [
    0.2104542553 * l + 0.793617785 * m - 0.0040720468 * s,
    1.9779984951 * l - 2.428592205 * m + 0.4505937099 * s,
    0.0259040371 * l + 0.7827717662 * m - 0.808675766 * s,
  ];
};

/** The inverse of `oklab`. */
const linearOfOklab = ([l, a, b]: Rgb): Rgb => {
  const [x, y, z] = [
    l + 0.3963377774 * a + 0.2158037573 * b,
    l - 0.1055613458 * a - 0.0638541728 * b,
    l - 0.0894841775 * a - 1.291485548 * b,
  ].map((part) => part ** 3) as unknown as Rgb;
  return [
    4.0767416621 * x - 3.3077115913 * y + 0.2309699292 * z,
    -1.2684380046 * x + 2.6097574011 * y - 0.3413193965 * z,
    -0.0041960863 * x - 0.7034186147 * y + 1.707614701 * z,
  ];
};

test.each([
  ["light", "#ffffff"],
  ["dark", "#12151a"],
] as const)(
  "colours on a %s background stand out from it, and differ for all eyes",
  (theme, back) => {
    const colors = palette[theme].map(linearOf);
    for (const color of colors) expect(contrast(color, linearOf(back))).toBeGreaterThanOrEqual(3);
    for (const matrix of Object.values(eyes))
      for (const [i, a] of colors.entries())
        for (const b of colors.slice(0, i)) {
          const [x, y] = [oklab(seen(matrix, a)), oklab(seen(matrix, b))];
          const distance = Math.hypot(...x.map((part, k) => part - y[k]!));
          expect(distance).toBeGreaterThan(0.09); // at 0.02 colours just differ
        }
  },
);

test.each([
  ["light", "#ffffff", "#1d2126"],
  ["dark", "#12151a", "#e8eaed"],
] as const)("names of arms can be read on a %s background", (theme, back, ink) => {
  // As color-mix(in oklab) does: between the colour and that of other text.
  for (const color of palette[theme]) {
    const [a, b] = [oklab(linearOf(color)), oklab(linearOf(ink))];
    const mixed = linearOfOklab(a.map((part, k) => 0.68 * part + 0.32 * b[k]!) as unknown as Rgb);
    expect(contrast(mixed, linearOf(back)), color).toBeGreaterThanOrEqual(4.5);
  }
});

test("arms have colours in order, as variables with the light ones where they are not set", () => {
  const style = lineStyles({ arms: ["a", "b"] }, ["c"]);
  expect(["a", "b", "c"].map((arm) => style(arm).color)).toEqual([
    ...["var(--arm-1, #2f73ed)", "var(--arm-2, #d57213)", "var(--arm-3, #10a680)"],
  ]);
  expect(style("a").opacity).toBe(1);
});

test("no two lines are drawn alike, however many there are", () => {
  const arms = Array.from({ length: 24 }, (_, i) => `arm${i}`);
  const style = lineStyles({ arms }, arms);
  expect(new Set(arms.map((arm) => JSON.stringify(style(arm)))).size).toBe(24);
});

test("arms of one line share its colour; those that are drawn are paler and less pale", () => {
  const lines = { "plain{n}": "plain", "norm={norm} rate={rate}": "{norm}" };
  const colored = { arms: ["plain", "none", "batch"], lines };
  const style = lineStyles(colored, ["plain4", "plain16", "plain32"]);
  expect(["plain4", "plain16", "plain32", "plain8", "plain"].map((arm) => style(arm))).toEqual(
    [0.45, 0.73, 1, 1, 1].map((opacity) => ({ ...style("plain"), opacity })),
  );
  expect(style("norm=batch rate=0.1").color).toBe(style("batch").color);
  expect(style("batch").color).not.toBe(style("none").color);
});
