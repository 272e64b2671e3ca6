import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { build } from "esbuild";

/** A package's built code in one piece, minified; what it depends on is left out. */
export async function minified({ path, manifest }) {
  const { outputFiles: [file] } = await build({
    entryPoints: [join(path, manifest.publishConfig.exports["."].default)],
    bundle: true, minify: true, write: false, format: "esm", target: "es2022", platform: "neutral", legalComments: "none",
    external: [...Object.keys(manifest.dependencies ?? {}), "node:*"],
  });
  return file.text;
}

/** How many bytes travel when a page asks for it. */
export const gzipped = (text) => gzipSync(text, { level: 9 }).length;
