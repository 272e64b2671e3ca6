import { nameOfArm } from "@tenon/experiments/words";

/** The colours of arms on a light and on a dark background, as CSS writes them. */
export interface Palette {
  readonly light: readonly string[];
  readonly dark: readonly string[];
}

/**
 * Eight colours for arms, in the order of arms. Each stands out from its background (3 : 1 or more,
 * WCAG 2.2, 1.4.11), and any two differ for people who do not see red or green, too.
 */
export const palette: Palette = {
  light: [
    ...["#2f73ed", "#d57213", "#10a680", "#a63190"],
    ...["#581185", "#75601c", "#1c98bb", "#790512"],
  ],
  dark: [
    ...["#62aafe", "#fc850e", "#3fe0a5", "#dd799f"],
    ...["#9d59cd", "#f2d137", "#4ed9f1", "#bb5d44"],
  ],
};

/** How the line of an arm is drawn. */
export interface LineStyle {
  readonly color: string;
  /** The colour of its name: it is read, and so it needs more contrast. */
  readonly ink: string;
  /** Of lines that share a colour: the first is pale, the last is not. */
  readonly opacity: number;
  /** A pattern of dashes, where there are more lines than colours. */
  readonly dash?: string;
}

/** The arms that colours are given to. */
export interface Colored {
  /** The names of lines, in order: the first has the first colour. */
  readonly arms: readonly string[];
  /**
   * What an arm is a part of, such as a point of a sweep or one depth of a kind of network, by
   * patterns as of names (`nameOfArm`): it has that line's colour.
   */
  readonly lines?: Readonly<Record<string, string>>;
}

/**
 * How lines are drawn, by arm: the same arm is drawn alike in every picture.
 *
 * @param drawn the arms that have a line of their own in the picture
 */
export function lineStyles(
  { arms, lines = {} }: Colored,
  drawn: readonly string[],
): (arm: string) => LineStyle {
  const lineOf = (arm: string): string => nameOfArm({ arms: lines }, arm);
  const order = [...new Set([...arms, ...drawn].map(lineOf))];
  const unique = [...new Set(drawn)];
  return (arm) => {
    const line = lineOf(arm);
    const i = order.indexOf(line);
    const n = i < 0 ? order.length : i;
    const alike = unique.filter((other) => lineOf(other) === line);
    const [place, last] = [alike.indexOf(arm), alike.length - 1];
    const dash = dashes[Math.floor(n / palette.light.length)] ?? dashes.at(-1)!;
    return {
      ...{ color: armColor(n), ink: armInk(n) },
      opacity: place < 0 || last < 1 ? 1 : Math.round(45 + (55 * place) / last) / 100,
      ...(dash !== "" && { dash }),
    };
  };
}

/** The patterns of the first eight lines, of the next eight, and so on. */
const dashes = ["", "7 3", "2 3", "9 3 2 3"] as const;

/** The n-th colour, from 0: a CSS variable, or the light colour where it is not set. */
const armColor = (n: number): string => {
  const i = n % palette.light.length;
  return `var(--arm-${i + 1}, ${palette.light[i]!})`;
};

/** The colour of text about the n-th arm: between that of the arm and that of other text. */
export const armInk = (n: number): string =>
  `color-mix(in oklab, ${armColor(n)} 68%, var(--figure-ink, CanvasText))`;

const declared = (colors: readonly string[]): string =>
  colors.map((color, i) => `--arm-${i + 1}:${color}`).join(";");

/** Declarations of the variables, to be put into a rule of a style sheet. */
export const paletteVariables: Readonly<Record<keyof Palette, string>> = {
  light: declared(palette.light),
  dark: declared(palette.dark),
};
