import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["{packages,internal,apps}/*/{src,test}/**/*.test.ts", "scripts/test/*.test.mjs"],
    // Vitest would leave one processor idle, and use one of two.
    maxWorkers: "100%",
    // Processors may be shared with other work.
    testTimeout: 120_000,
  },
});
