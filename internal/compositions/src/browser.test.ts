import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { expect, test } from "vitest";
import { browser, inBrowser, isolated } from "./browser.js";
import { skipped } from "./programs.js";
import { smallRun } from "./smallRun.js";

/** What a page says that trains, served with these headers. */
async function trained(headers: Readonly<Record<string, string>>, threads: number): Promise<{ readonly isolated: boolean; readonly bits: string }> {
  const { outputFiles } = await build({ entryPoints: [fileURLToPath(new URL("./smallRun.ts", import.meta.url))], bundle: true, format: "esm", platform: "browser", write: false });
  const files = { "/index.html": '<!doctype html><script type="module" src="/run.js"></script>', "/run.js": outputFiles[0]!.text };
  return inBrowser(files, headers, `import('/run.js').then(async ({ smallRun }) => ({ isolated: crossOriginIsolated, bits: await smallRun(${threads}) }))`);
}

const policy = "default-src 'self'; script-src 'self' 'wasm-unsafe-eval'";

test.for([
  { how: "under a policy that forbids eval", threads: 1, headers: { "content-security-policy": policy } },
  { how: "on threads, in a page that is cross-origin isolated", threads: 2, headers: { ...isolated, "content-security-policy": `${policy}; worker-src blob:` } },
  { how: "with one thread, where the policy allows no workers", threads: 2, headers: { ...isolated, "content-security-policy": policy } },
  { how: "with one thread, where memory cannot be shared", threads: 2, headers: { "content-security-policy": `${policy}; worker-src blob:` } },
])("a browser trains to the same bits as Node, $how", async ({ threads, headers }, context) => {
  if (!browser) return skipped(context, "no Chromium on this machine, so what happens in a browser was not tested; install one or name it in CHROMIUM");
  const there = await trained(headers, threads);
  expect(there.isolated).toBe("cross-origin-opener-policy" in headers);
  expect(there.bits).toBe(await smallRun(1));
});
