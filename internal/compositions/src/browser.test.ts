import { availableParallelism } from "node:os";
import { build } from "esbuild";
import { expect, test } from "vitest";
import { browser, inBrowser, isolated } from "./browser.js";
import { skipped } from "./programs.js";
import { smallRun } from "./smallRun.js";

interface Trained {
  readonly isolated: boolean;
  readonly threads: number;
  readonly bits: string;
}

/** What an expression is in a page that has `smallRun` and `wasm`, served with these headers. */
async function inPage<T>(
  headers: Readonly<Record<string, string>>,
  expression: string,
): Promise<T> {
  const { outputFiles } = await build({
    stdin: {
      resolveDir: import.meta.dirname,
      loader: "ts",
      contents:
        'export { smallRun } from "./smallRun.ts"; export { wasm } from "@tenon/wasm"; export { adam, onArrays } from "@tenon/optimizers";',
    },
    bundle: true,
    format: "esm",
    platform: "browser",
    write: false,
  });
  const files = {
    "/index.html": '<!doctype html><script type="module" src="/run.js"></script>',
    "/run.js": outputFiles[0]!.text,
  };
  return inBrowser<T>(files, headers, `import('/run.js').then(async (all) => ${expression})`);
}

const policy = "default-src 'self'; script-src 'self' 'wasm-unsafe-eval'";
const absent =
  "no Chromium on this machine, so what happens in a browser was not tested; install one or " +
  "name it in CHROMIUM";

test.for([
  {
    how: "under a policy that forbids eval",
    threads: 1,
    found: 1,
    headers: { "content-security-policy": policy },
  },
  {
    how: "on threads, in a page that is cross-origin isolated",
    threads: 2,
    found: 2,
    headers: { ...isolated, "content-security-policy": `${policy}; worker-src blob:` },
  },
  {
    how: "with one thread, where the policy allows no workers",
    threads: 2,
    found: 1,
    headers: { ...isolated, "content-security-policy": policy },
  },
  {
    how: "with one thread, where the policy allows other workers",
    threads: 2,
    found: 1,
    headers: { ...isolated, "content-security-policy": `${policy}; worker-src 'self'` },
  },
  {
    how: "with one thread, where the policy wants trusted types",
    threads: 2,
    found: 1,
    headers: {
      ...isolated,
      "content-security-policy": `${policy}; worker-src blob:; require-trusted-types-for 'script'`,
    },
  },
  {
    how: "with one thread, where memory cannot be shared",
    threads: 2,
    found: 1,
    headers: { "content-security-policy": `${policy}; worker-src blob:` },
  },
])(
  "a browser trains to the same bits as Node, $how",
  async ({ threads, found, headers }, context) => {
    if (!browser) return skipped(context, absent);
    const trained = await inPage<Trained>(
      headers,
      `({ isolated: crossOriginIsolated, threads: (await all.wasm({ threads: ${threads} ` +
        `})).threads, bits: await all.smallRun(${threads}) })`,
    );
    const several = availableParallelism() > 1;
    expect(trained).toEqual({
      isolated: "cross-origin-opener-policy" in headers,
      threads: several ? found : 1,
      bits: await smallRun(1),
    });
  },
);

test("a page without WebAssembly gets an error of wasm(); onArrays works", async (context) => {
  if (!browser) return skipped(context, absent);
  const headers = { "content-security-policy": "default-src 'self'; script-src 'self'" };
  const said = await inPage<string>(
    headers,
    "all.wasm().then(() => 'no error', (error) => error.message)",
  );
  expect(said).toBe(
    "wasm: expected WebAssembly that may be compiled; allow 'wasm-unsafe-eval' in the content " +
      "security policy, or use the reference engine",
  );
  const step = "all.onArrays(all.adam({ learningRate: 0.5 }), { w: new Float32Array(1000) })";
  expect(await inPage(headers, `typeof ${step}`)).toBe("object");
});
