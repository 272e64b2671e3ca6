import { build } from "esbuild";
import { importing } from "./costs.mjs";
import { gzipped } from "./minified.mjs";
import { root } from "./root.mjs";

/** A bundler's comment above the code of a module. */
const heading = /^\/\/ ((?:packages|internal)\/.+\.ts)$/;
/** A text of several words, which is what users read. */
const sentence = /"(?:[^"\\\n]|\\.)* (?:[^"\\\n]|\\.)*"|`[^`\n]* [^`\n]*`/g;

/**
 * What each module adds to an import: how many gzipped bytes fewer the bundle has without it. The
 * bundle is made of sources, with line breaks, so that the sum differs from the built packages'.
 *
 * @returns `{ whole, words, modules }`: the size, that of sentences, and `[module, bytes]` by size
 */
export async function attribution(take) {
  const {
    outputFiles: [file],
  } = await build({
    ...{ bundle: true, write: false, format: "esm", target: "es2022", platform: "neutral" },
    ...{ minifyIdentifiers: true, minifySyntax: true, legalComments: "none", logLevel: "error" },
    stdin: { contents: importing(take), resolveDir: root },
    ...{ absWorkingDir: root, external: ["node:*"] },
    alias: Object.fromEntries(
      Object.keys(take).map((folder) => [
        `@tenon/${folder}`,
        `${root}/packages/${folder}/src/index.ts`,
      ]),
    ),
  });
  const parts = new Map();
  let module = "the entry";
  for (const line of file.text.split("\n")) {
    module = heading.exec(line)?.[1] ?? module;
    if (!line.trimStart().startsWith("//"))
      parts.set(module, `${parts.get(module) ?? ""}${line.trim()}\n`);
  }
  const size = (texts) => gzipped([...texts].join(""));
  const whole = size(parts.values());
  const without = (one) => size([...parts].flatMap(([name, text]) => (name === one ? [] : text)));
  const modules = [...parts.keys()].map((name) => [name, whole - without(name)]);
  const words = whole - size([...parts.values()].map((text) => text.replace(sentence, '""')));
  return { whole, words, modules: modules.sort((a, b) => b[1] - a[1]) };
}

/** The same as lines of text: the packages, then the modules from 100 bytes on. */
export function attributionLines({ whole, words, modules }) {
  const packages = new Map();
  for (const [name, bytes] of modules) {
    const folder = name.split("/").slice(0, 2).join("/");
    packages.set(folder, (packages.get(folder) ?? 0) + bytes);
  }
  const line = ([name, bytes]) => `${String(bytes).padStart(7)}  ${name}`;
  return [
    line(["gzipped, with line breaks", whole]),
    line(["of it texts of several words", words]),
    "",
    ...[...packages].sort((a, b) => b[1] - a[1]).map(line),
    "",
    ...modules.filter(([, bytes]) => bytes >= 100).map(line),
  ];
}
