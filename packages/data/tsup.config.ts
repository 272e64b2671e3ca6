import { defineConfig, type Options } from "tsup";
import base from "../../tsup.config.js";

// @tenon/random is a dependency of the build alone: its code is inside this package's. Deno finds
// node's modules by their full names only.
export default defineConfig({
  ...(base as Options),
  entry: ["src/index.ts", "src/csv.ts", "src/node.ts"],
  noExternal: ["@tenon/random"],
  external: [/^node:/],
  removeNodeProtocol: false,
});
