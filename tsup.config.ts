import { defineConfig } from "tsup";

/** One build for every package: ESM, types next to it, nothing but the package's own code. */
export default defineConfig({
  entry: ["src/index.ts"],
  format: ["esm"],
  target: "es2022",
  platform: "neutral",
  dts: true,
  clean: true,
  treeshake: true,
  sourcemap: true,
});
