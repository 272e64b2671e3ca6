import { asUsed, gzipped } from "./minified.mjs";
import { workspace } from "./root.mjs";

/** The code that takes these names: `{ optimizers: "adam onArrays" }`. */
export const importing = (take) =>
  Object.entries(take)
    .map(([folder, names]) => `export { ${names.split(" ").join(", ")} } from "@tenon/${folder}";`)
    .join("\n");

/**
 * What each import of the list costs, and what is wrong with it: `{ what, bytes, gzipped, ceiling,
 * problem }`. An entry of the list is `{ what, take, ceiling, reason }`. Then, for each package:
 * what remains of it in a bundle that uses nothing of it, which should be nothing.
 */
export async function costs(list, packages = workspace("packages")) {
  const rows = [];
  for (const { what, take, ceiling, reason } of list) {
    const code = await asUsed(importing(take), packages);
    const size = gzipped(code);
    const problem = !reason
      ? "has no reason in scripts/sizes.json"
      : size > ceiling
        ? `too large by ${size - ceiling}`
        : "";
    rows.push({ what, bytes: Buffer.byteLength(code), gzipped: size, ceiling, problem });
  }
  for (const { folder, manifest } of packages) {
    const remaining = await asUsed(`import * as all from "${manifest.name}";`, packages, {
      sideEffects: true,
    });
    const bytes = Buffer.byteLength(remaining.trim());
    if (bytes > ignored(folder))
      rows.push({
        what: `nothing of ${folder}`,
        bytes,
        gzipped: gzipped(remaining),
        ceiling: gzipped(""),
        problem: `stays although nothing uses it; mark the call that makes it as pure: ${remaining.slice(0, 200)}`,
      });
    if (folder !== "contracts" && !list.some(({ take }) => take[folder]))
      rows.push({
        what: folder,
        bytes: 0,
        gzipped: 0,
        ceiling: 0,
        problem: "has no import in scripts/sizes.json",
      });
  }
  return rows;
}

/**
 * A few quotients and powers of constants, which esbuild keeps; and all of an engine, whose exports
 * need it.
 */
const ignored = (folder) => (folder === "wasm" || folder === "webgpu" ? Infinity : 100);
