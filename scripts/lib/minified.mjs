import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { build } from "esbuild";
import { root, workspace } from "./root.mjs";

const options = {
  bundle: true,
  minify: true,
  write: false,
  format: "esm",
  target: "es2022",
  platform: "neutral",
  legalComments: "none",
};
const entryOf = ({ path, manifest }) => join(path, manifest.publishConfig.exports["."].default);

/** A package's built code in one file, minified, without its dependencies. */
export async function minified({ path, manifest }) {
  const {
    outputFiles: [file],
  } = await build({
    ...options,
    entryPoints: [entryOf({ path, manifest })],
    external: [...Object.keys(manifest.dependencies ?? {}), "node:*"],
  });
  return file.text;
}

/**
 * The output of a user's bundler for some code that imports built packages: all that it needs of
 * them, minified. The packages' declaration that their files have no side effects (`sideEffects:
 * false`) can be left out, to see whether the code shows it, too.
 */
export async function asUsed(code, packages = workspace("packages"), { sideEffects = false } = {}) {
  const built = {
    name: "built",
    setup: (hooks) =>
      hooks.onResolve({ filter: /^@tenon\// }, ({ path: name }) => ({
        path: entryOf(packages.find(({ manifest }) => manifest.name === name)),
        sideEffects,
      })),
  };
  const {
    outputFiles: [file],
  } = await build({
    ...options,
    stdin: { contents: code, resolveDir: root },
    external: ["node:*"],
    plugins: [built],
    logLevel: "error",
  });
  return file.text;
}

/** How many bytes a page downloads. */
export const gzipped = (text) => gzipSync(text, { level: 9 }).length;
