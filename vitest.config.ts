import { availableParallelism } from "node:os";
import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";
import { LongestFirst } from "./scripts/test/longestFirst.mjs";

export default defineConfig({
  test: {
    include: ["{packages,internal,apps}/*/{src,test}/**/*.test.ts", "scripts/test/*.test.mjs"],
    setupFiles: [fileURLToPath(new URL("scripts/test/typedArrays.mjs", import.meta.url))],
    // Files share a process, and the modules in it: no package has state of its own, and to load
    // all of them again for each of 340 files would take longer than most tests.
    isolate: false,
    sequence: { sequencer: LongestFirst },
    // One more than there are processors: many tests wait for a browser or for programs they start.
    maxWorkers: availableParallelism() + 1,
    // Processors may be shared with other work.
    testTimeout: 240_000,
    hookTimeout: 240_000,
  },
});
