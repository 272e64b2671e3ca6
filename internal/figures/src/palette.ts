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

/** The colour of the n-th arm, from 0: a CSS variable, or the light colour where it is not set. */
export const armColor = (n: number): string => {
  const i = n % palette.light.length;
  return `var(--arm-${i + 1}, ${palette.light[i]!})`;
};

const declared = (colors: readonly string[]): string =>
  colors.map((color, i) => `--arm-${i + 1}:${color}`).join(";");

/** Declarations of the variables, to be put into a rule of a style sheet. */
export const paletteVariables: Readonly<Record<keyof Palette, string>> = {
  light: declared(palette.light),
  dark: declared(palette.dark),
};
