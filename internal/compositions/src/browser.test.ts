import { execFileSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { chromium } from "playwright-core";
import { expect, test } from "vitest";
import { smallRun } from "./smallRun.js";

const browser = ((): string | undefined => {
  for (const name of [process.env["CHROMIUM"], "chromium", "chromium-browser", "google-chrome"]) {
    if (!name) continue;
    try {
      return execFileSync("which", [name], { encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] }).trim();
    } catch {
      // Not this one.
    }
  }
  return undefined;
})();

test("a browser trains to the same bits as Node, under a policy that forbids eval", async (context) => {
  if (!browser) {
    console.warn("SKIPPED: no Chromium on this machine, so what happens in a browser was not tested; install one or name it in CHROMIUM");
    return context.skip("no Chromium here");
  }
  const { outputFiles } = await build({ entryPoints: [fileURLToPath(new URL("./smallRun.ts", import.meta.url))], bundle: true, format: "esm", platform: "browser", write: false });
  const instance = await chromium.launch({ executablePath: browser, args: ["--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"] });
  try {
    const page = await instance.newPage();
    await page.route("http://tenon.test/**", (route) => route.fulfill(route.request().url().endsWith(".js")
      ? { contentType: "text/javascript", body: outputFiles[0]!.text }
      : { contentType: "text/html", headers: { "content-security-policy": "default-src 'self'; script-src 'self' 'wasm-unsafe-eval'" }, body: '<!doctype html><script type="module" src="/run.js"></script>' }));
    await page.goto("http://tenon.test/");
    const there = await page.evaluate("import('/run.js').then(({ smallRun }) => smallRun())");
    expect(there).toBe(await smallRun());
  } finally {
    await instance.close();
  }
});
