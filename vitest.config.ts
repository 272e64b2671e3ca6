import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["{packages,internal,apps}/*/{src,test}/**/*.test.ts", "scripts/test/*.test.mjs"],
    testTimeout: 60_000,
  },
});
