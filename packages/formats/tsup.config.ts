import { defineConfig, type Options } from "tsup";
import base from "../../tsup.config.js";

// Deno finds node's modules by their full names only.
export default defineConfig({
  ...(base as Options),
  entry: ["src/index.ts", "src/node.ts"],
  external: [/^node:/],
  removeNodeProtocol: false,
});
