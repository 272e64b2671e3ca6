import colors from "picocolors";

/** Brightness from 0 to 1 as characters, for terminals without colours. */
const ramp = " .:-=+*#%@";

/**
 * An image of brightnesses in [0, 1], two rows to a line: half blocks in shades of grey, or
 * characters without colours.
 *
 * @param colour whether the terminal shows 256 colours
 */
export function draw(
  pixels: ArrayLike<number>,
  width: number,
  height: number,
  colour: boolean = colors.isColorSupported,
): string[] {
  const brightness = (row: number, column: number): number =>
    row < height ? Math.min(1, Math.max(0, pixels[row * width + column]!)) : 0;
  const grey = (x: number): number => 232 + Math.round(x * 23);
  return Array.from({ length: Math.ceil(height / 2) }, (_, line) => {
    const cells = Array.from({ length: width }, (_, column) => {
      const [top, bottom] = [brightness(2 * line, column), brightness(2 * line + 1, column)];
      return colour
        ? `\x1b[38;5;${grey(top)};48;5;${grey(bottom)}m▀`
        : ramp[Math.round(((top + bottom) / 2) * (ramp.length - 1))]!;
    });
    return cells.join("") + (colour ? "\x1b[0m" : "");
  });
}

/** Pictures next to each other with a caption over each. */
export function sideBySide(
  pictures: readonly {
    readonly caption: string;
    readonly lines: readonly string[];
    readonly width: number;
  }[],
  gap = 2,
): string {
  const space = " ".repeat(gap);
  const rows = Math.max(0, ...pictures.map(({ lines }) => lines.length));
  const captions = pictures.map(({ caption, width }) => caption.padEnd(width)).join(space);
  const lines = Array.from({ length: rows }, (_, i) =>
    pictures.map(({ lines, width }) => lines[i] ?? " ".repeat(width)).join(space),
  );
  return [captions.trimEnd(), ...lines].join("\n");
}
