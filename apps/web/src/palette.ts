import { paletteVariables } from "@tenon/figures/palette";

/** The colours of arms, for both themes. */
export function addPalette(): void {
  const { light, dark } = paletteVariables;
  const style = document.createElement("style");
  style.textContent =
    `:root{${light}}@media(prefers-color-scheme:dark){:root{${dark}}}` +
    `:root[data-theme=light]{${light}}:root[data-theme=dark]{${dark}}`;
  document.head.append(style);
}
