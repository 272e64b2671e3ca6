import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { expect, test } from "vitest";
import { browser, inBrowser, softwareWebgpu } from "./browser.js";
import type { GpuOutcomes } from "./gpuOutcomes.js";
import { skipped } from "./programs.js";

// SwiftShader takes a second to make some of the pipelines: all themes run with
// `npm run test:long`.
const only = process.env["TENON_LONG"] === undefined ? ["elementwise"] : undefined;

async function outcomesInPage(): Promise<GpuOutcomes> {
  const { outputFiles } = await build({
    entryPoints: [fileURLToPath(new URL("gpuOutcomes.ts", import.meta.url))],
    alias: {
      vitest: fileURLToPath(new URL("../../conformance/src/alone/vitest.ts", import.meta.url)),
    },
    ...{ bundle: true, format: "esm", platform: "browser", write: false },
  });
  const files = { "/index.html": "<!doctype html>", "/run.js": outputFiles[0]!.text };
  const run = `import("/run.js").then(({ gpuOutcomes }) => gpuOutcomes(${JSON.stringify(only)}))`;
  return inBrowser<GpuOutcomes>(files, {}, run, softwareWebgpu);
}

/** What became of the tests in a page, or why there is none to run them. */
const found: GpuOutcomes | string = browser
  ? await outcomesInPage().catch((error: Error) => {
      if (/expected a GPU/.test(error.message)) return "a Chromium with SwiftShader for WebGPU";
      throw error;
    })
  : "Chromium; install one or name it in CHROMIUM";

test("the engine for GPUs in a page says what it runs on", (context) => {
  if (typeof found === "string") return skipped(context, `WebGPU in a page lacks ${found}`);
  expect(found.adapter).toBe("google swiftshader");
  expect(found.isSoftware).toBe(true);
});

if (typeof found !== "string")
  for (const { name, state, why } of found.outcomes)
    test(`in a page: ${name}`, (context) => {
      if (state === "skip") context.skip(why);
      if (state === "fail") throw new Error(why);
    });
