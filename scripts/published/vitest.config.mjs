import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";

export default defineConfig({
  root: fileURLToPath(new URL("../..", import.meta.url)),
  test: {
    include: ["scripts/published/*.test.mjs"],
    // Processors may be shared with other work.
    testTimeout: 240_000,
    hookTimeout: 240_000,
  },
});
