// What the tests ask a page in the browser; each function stands alone, as it runs there.

/** The widths of the page and of the window: a wider page scrolls sideways. */
export const widths = (): number[] => {
  const { scrollWidth, clientWidth } = document.documentElement;
  return [scrollWidth, clientWidth];
};

/** Texts of pictures that do not lie in the picture. */
export const textsCut = (): (string | null)[] =>
  [...document.querySelectorAll("[data-made] svg")].flatMap((svg) => {
    const { left, right } = svg.getBoundingClientRect();
    return [...svg.querySelectorAll("text")]
      .filter((text) => {
        const box = text.getBoundingClientRect();
        return box.left < left - 1 || box.right > right + 1;
      })
      .map(({ textContent }) => textContent);
  });

/** Buttons, fields, cells of tables and small charts that reach beyond the window. */
export const partsCut = (): string[] =>
  [...document.querySelectorAll("button, select, input, .arms td, .cells svg")]
    .filter((part) => part.getBoundingClientRect().right > document.documentElement.clientWidth)
    .map(({ outerHTML }) => outerHTML.slice(0, 120));

/** Buttons that lie over a code. */
export const buttonsOverCode = (): number =>
  [...document.querySelectorAll("pre + button")].filter((button) => {
    const [box, code] = [button, button.previousElementSibling!].map((each) =>
      each.getBoundingClientRect(),
    );
    return box!.top < code!.bottom && box!.bottom > code!.top;
  }).length;

/** What has the focus, if part of it is under the player's bar. */
export const focusUnderPlayer = (): string[] => {
  const [focused, player] = [document.activeElement!, document.querySelector(".player")!];
  const box = focused.getBoundingClientRect();
  const { top } = player.getBoundingClientRect();
  // Of what is higher than the window some is below it.
  const isUnder = box.bottom > top + 1 && box.height < top;
  return isUnder && !player.contains(focused) ? [focused.outerHTML.slice(0, 120)] : [];
};
