import { defineConfig } from "tsup";

/**
 * One build for every package: ESM, types next to it, nothing but the package's own code. Blanks
 * and comments are left out, constants folded, names are kept, and each statement has its line.
 * There are no source maps: with the sources in them all packages would take 6 MB, and without they
 * would point at nothing.
 */
export default defineConfig({
  entry: ["src/index.ts"],
  format: ["esm"],
  target: "es2022",
  platform: "neutral",
  dts: true,
  clean: true,
  treeshake: true,
  minify: "terser",
  terserOptions: {
    module: true,
    ecma: 2020,
    // Functions stay where they are: inlined, they compress worse.
    compress: { inline: 0, reduce_funcs: false, sequences: false },
    mangle: false,
    // What is marked as pure stays so: bundlers leave it out where it is not used.
    format: { semicolons: false, preserve_annotations: true, comments: /@__NO_SIDE_EFFECTS__/ },
  },
});
