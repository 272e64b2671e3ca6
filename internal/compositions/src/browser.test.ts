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

/** What a page says that trains, served with these headers. */
async function inBrowser(headers: Readonly<Record<string, string>>, threads: number): Promise<{ readonly isolated: boolean; readonly bits: string }> {
  const { outputFiles } = await build({ entryPoints: [fileURLToPath(new URL("./smallRun.ts", import.meta.url))], bundle: true, format: "esm", platform: "browser", write: false });
  const instance = await chromium.launch({ executablePath: browser!, args: ["--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"] });
  try {
    const page = await instance.newPage();
    await page.route("https://tenon.test/**", (route) => route.fulfill(route.request().url().endsWith(".js")
      ? { contentType: "text/javascript", headers, body: outputFiles[0]!.text }
      : { contentType: "text/html", headers, body: '<!doctype html><script type="module" src="/run.js"></script>' }));
    await page.goto("https://tenon.test/");
    return await page.evaluate(`import('/run.js').then(async ({ smallRun }) => ({ isolated: crossOriginIsolated, bits: await smallRun(${threads}) }))`);
  } finally {
    await instance.close();
  }
}

const policy = "default-src 'self'; script-src 'self' 'wasm-unsafe-eval'";

const isolated = { "cross-origin-opener-policy": "same-origin", "cross-origin-embedder-policy": "require-corp" };
test.for([
  { how: "under a policy that forbids eval", threads: 1, headers: { "content-security-policy": policy } },
  { how: "on threads, in a page that is cross-origin isolated", threads: 2, headers: { ...isolated, "content-security-policy": `${policy}; worker-src blob:` } },
  { how: "with one thread, where the policy allows no workers", threads: 2, headers: { ...isolated, "content-security-policy": policy } },
  { how: "with one thread, where memory cannot be shared", threads: 2, headers: { "content-security-policy": `${policy}; worker-src blob:` } },
])("a browser trains to the same bits as Node, $how", async ({ threads, headers }, context) => {
  if (!browser) {
    console.warn("SKIPPED: no Chromium on this machine, so what happens in a browser was not tested; install one or name it in CHROMIUM");
    return context.skip("no Chromium here");
  }
  const there = await inBrowser(headers, threads);
  expect(there.isolated).toBe("cross-origin-opener-policy" in headers);
  expect(there.bits).toBe(await smallRun(1));
});
