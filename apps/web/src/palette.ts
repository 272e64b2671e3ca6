import { armInk, palette, paletteVariables } from "@tenon/figures/palette";

/** The colours of arms, for both themes, and a class for text of each. */
export function addPalette(): void {
  const { light, dark } = paletteVariables;
  const style = document.createElement("style");
  const inks = palette.light.map((_, i) => `.arm-${i + 1}{color:${armInk(i)}}`).join("");
  style.textContent =
    `:root{${light}}@media(prefers-color-scheme:dark){:root{${dark}}}` +
    `:root[data-theme=light]{${light}}:root[data-theme=dark]{${dark}}${inks}`;
  document.head.append(style);
}
