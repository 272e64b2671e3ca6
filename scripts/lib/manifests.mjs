import { readFileSync } from "node:fs";
import { join } from "node:path";
import { root } from "./root.mjs";

const rootManifest = () => JSON.parse(readFileSync(join(root, "package.json"), "utf8"));

/**
 * What a package's manifest must hold, from the root's: `homepage` there is the address of the
 * repository, from which all others follow. Keywords of its own come after the common ones.
 */
function common({ folder, manifest }, { homepage, keywords, license, author, engines }) {
  const own = (manifest.keywords ?? []).filter((word) => !keywords.includes(word));
  return {
    keywords: [...keywords, ...own],
    homepage: `${homepage}/tree/main/packages/${folder}#readme`,
    bugs: { url: `${homepage}/issues` },
    license,
    author,
    repository: {
      type: "git",
      url: `git+${homepage}.git`,
      directory: `packages/${folder}`,
    },
    type: "module",
    sideEffects: false,
    engines,
    files: ["dist"],
  };
}

const first = ["name", "version", "description"];

/** A package's manifest with all that is common to the packages, in one order of fields. */
export function completed({ folder, manifest }, from = rootManifest()) {
  const fields = common({ folder, manifest }, from);
  const exports = { ...manifest.publishConfig?.exports, "./package.json": "./package.json" };
  const publishConfig = { ...manifest.publishConfig, access: "public", exports };
  const { files, ...before } = fields;
  const whole = { ...manifest, ...fields, publishConfig };
  const order = [
    ...[...first, ...Object.keys(before), "exports", "publishConfig", "files"],
    ...Object.keys(whole),
  ];
  return Object.fromEntries(
    order.filter((name) => name in whole).map((name) => [name, whole[name]]),
  );
}

/** The fields in which a package's manifest differs from `completed`. */
export function manifestProblems({ folder, manifest }, from = rootManifest()) {
  const expected = completed({ folder, manifest }, from);
  const text = JSON.stringify;
  return [
    ...(manifest.description ? [] : ["package.json has no description"]),
    ...Object.keys(expected)
      .filter((name) => text(manifest[name]) !== text(expected[name]))
      .map(
        (name) =>
          `package.json: expected ${name} as ${text(expected[name])}, got ` +
          `${text(manifest[name])}; run \`npm run manifests\``,
      ),
  ];
}
