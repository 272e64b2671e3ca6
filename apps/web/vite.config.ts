import { svelte } from "@sveltejs/vite-plugin-svelte";
import { defineConfig } from "vite";
import { digitFiles } from "./build/digitFiles.js";
import { isolation } from "./build/isolation.js";
import { offline } from "./build/offline.js";
import { preload } from "./build/preload.js";
import { workerModules, tips } from "./build/tips.js";

/** What every tip trains with is one file: many small ones are larger, and take longer to load. */
const trainer = {
  comments: false,
  codeSplitting: {
    groups: [
      { name: "trainer", test: /worker[\\/]serve\.ts$/ },
      { name: "lab", test: /(internal|packages)[\\/]/, minShareCount: 10 },
    ],
  },
};

export default defineConfig({
  // Paths are relative: the page works in any folder of a file server.
  base: "./",
  plugins: [
    ...[
      svelte({ compilerOptions: { discloseVersion: false } }),
      workerModules(),
      tips(),
      digitFiles(),
      preload(),
      offline(),
      isolation(),
    ],
  ],
  worker: {
    format: "es",
    plugins: () => [workerModules()],
    rolldownOptions: { output: trainer },
  },
  build: {
    target: "es2022",
    modulePreload: { polyfill: false },
    chunkSizeWarningLimit: 700,
    // Notes on calls without effects have been used by then.
    rolldownOptions: { output: { comments: false } },
  },
});
