import { svelte } from "@sveltejs/vite-plugin-svelte";
import { defineConfig } from "vite";
import { digitFiles } from "./build/digitFiles.js";
import { isolation } from "./build/isolation.js";
import { offline } from "./build/offline.js";
import { workerModules, tips } from "./build/tips.js";

export default defineConfig({
  // Paths are relative: the page works in any folder of a file server.
  base: "./",
  plugins: [svelte(), workerModules(), tips(), digitFiles(), offline(), isolation()],
  worker: { format: "es", plugins: () => [workerModules()] },
  build: { target: "es2022", modulePreload: false, chunkSizeWarningLimit: 700 },
});
