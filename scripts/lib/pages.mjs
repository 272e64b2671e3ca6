import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { root } from "./root.mjs";

/**
 * A page's text as `npm run format` leaves it. Prettier is loaded late: commands that install it
 * import this file.
 */
async function formatted(file, text) {
  const { format, resolveConfig } = await import("prettier");
  return format(text, { ...(await resolveConfig(file)), filepath: file });
}

/**
 * Writes a generated page, or compares it with what is there: what is wrong with it, if anything.
 *
 * @param path from the root, such as `docs/parity.md`
 * @param command what writes the page
 */
export async function generated(path, text, { write, command }) {
  const file = join(root, path);
  const wanted = await formatted(file, text);
  if (write) writeFileSync(file, wanted);
  const found = existsSync(file) ? readFileSync(file, "utf8") : "";
  return found === wanted ? [] : [`${path} is out of date; ${command}`];
}

/** A Markdown table; bars in the cells are escaped. */
export const table = (head, rows) =>
  [head, head.map(() => "---"), ...rows]
    .map((cells) => `| ${cells.map((cell) => String(cell).replaceAll("|", "\\|")).join(" | ")} |`)
    .join("\n");
