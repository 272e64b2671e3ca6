import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["{packages,internal,apps}/*/{src,test}/**/*.test.ts", "scripts/test/*.test.mjs"],
    setupFiles: [fileURLToPath(new URL("scripts/test/typedArrays.mjs", import.meta.url))],
    // Files share a process, and the modules in it: no package has state of its own, and to load
    // all of them again for each of 340 files would take longer than most tests.
    isolate: false,
    // Vitest would leave one processor idle, and use one of two.
    maxWorkers: "100%",
    // Processors may be shared with other work.
    testTimeout: 120_000,
    hookTimeout: 120_000,
  },
});
