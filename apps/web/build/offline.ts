import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import type { Plugin } from "vite";

const source = fileURLToPath(new URL("./serviceWorker.js", import.meta.url));

/** A service worker that keeps the files of the page, but for digits, which are kept when read. */
export function offline(): Plugin {
  return {
    name: "offline",
    apply: "build",
    enforce: "post",
    generateBundle(_, bundle) {
      const hash = createHash("sha256");
      const kept = Object.values(bundle)
        .filter(({ fileName }) => !fileName.startsWith("digits/") && !fileName.endsWith(".map"))
        .map((file) => {
          hash.update(file.fileName).update(file.type === "chunk" ? file.code : file.source);
          return file.fileName;
        });
      const code = readFileSync(source, "utf8")
        .replace("__FILES__", JSON.stringify([...new Set([".", ...kept])].sort()))
        .replace("__VERSION__", JSON.stringify(hash.digest("hex").slice(0, 16)));
      this.emitFile({ type: "asset", fileName: "serviceWorker.js", source: code });
    },
  };
}
