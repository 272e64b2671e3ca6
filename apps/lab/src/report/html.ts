/** A text as HTML. */
export const escaped = (text: string): string =>
  text.replace(
    /[&<>"]/g,
    (character) => ({ "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" })[character]!,
  );

/** A table of texts that are HTML already; the first cell of each row is its head. */
export function table(heads: readonly string[], rows: readonly (readonly string[])[]): string {
  const head = heads.map((cell) => `<th scope="col">${cell}</th>`).join("");
  const body = rows.map(([first, ...cells]) => {
    const others = cells.map((cell) => `<td>${cell}</td>`).join("");
    return `<tr><th scope="row">${first!}</th>${others}</tr>`;
  });
  return (
    `<div class="wide"><table><thead><tr>${head}</tr></thead>` +
    `<tbody>${body.join("")}</tbody></table></div>`
  );
}
