import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { availableParallelism } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { expect, test } from "vitest";
import { laid, made, printedBy } from "../lib/fixtures.mjs";
import { browserHere, isolated } from "../../internal/compositions/src/chromium.mjs";
import { doneIn, served } from "../lib/inPage.mjs";
import { root } from "../lib/root.mjs";
import { libraryAt, nodes, programOf } from "../lib/tools.mjs";

const expected = JSON.parse(readFileSync(join(root, "fixtures", "expected.json"), "utf8"));
const { light } = expected;
const threads = Math.min(8, availableParallelism());
const all = { threads, helped: threads > 1, right: true, bits: expected.train, light };
const alone = { ...all, threads: 1, helped: false };
const node = process.execPath;

/** Where a page is shown, and what it must have in `done`. */
async function expectPage(folder, headers, value) {
  const { url, stop } = await served(folder, headers);
  try {
    expect(await doneIn(url)).toEqual(value);
  } finally {
    stop();
  }
}

const programs = [
  ...[20, 22, 24, 26].map((line) => ({
    what: `Node ${line}`,
    program: nodes()[line],
    folder: "node",
    args: ["index.js"],
  })),
  ...[20, 24].map((line) => ({
    what: `Node ${line} without leave to start threads`,
    program: nodes()[line],
    folder: "node",
    args: [
      line < 23 ? "--experimental-permission" : "--permission",
      ...["--no-warnings", "--allow-fs-read=*", "index.js"],
    ],
    value: alone,
  })),
  { what: "Deno", program: programOf("deno"), folder: "deno", args: ["run", "index.js"] },
  { what: "Bun", program: programOf("bun"), folder: "bun", args: ["index.ts"] },
];
test.for(programs)("$what", async ({ what, program, folder, args, value = all }, context) => {
  if (!program) return skipped(context, what);
  expect(await printedBy(await laid(folder), program, args)).toEqual(value);
});

test("a program in TypeScript, without declarations of DOM and with all libraries checked", async () => {
  const folder = await laid("types");
  await made(folder, "tsc", ["-p", "."]);
  expect(await printedBy(folder, node, ["dist/index.js"])).toEqual(expected.types);
});

test("workerd, which compiles no WebAssembly at run time", async (context) => {
  const workerd = programOf("workerd");
  if (!workerd) return skipped(context, "workerd");
  const folder = await laid("workerd");
  await bundled(folder, "worker.js");
  expect(await printedBy(folder, workerd, ["test", "config.capnp"], /\[ (TEST|PASS) \]/)).toEqual(
    light,
  );
});

const bundled = (folder, ...files) =>
  made(folder, "esbuild", [
    ...[...files, "--bundle", "--minify", "--format=esm", "--outdir=dist", "--log-level=warning"],
  ]);

/** How the pages are made; each gives what is served. */
const bundlers = {
  async vite(folder) {
    await made(folder, node, [join(libraryAt("vite"), "bin", "vite.js"), "build"]);
    return join(folder, "dist");
  },
  async webpack(folder) {
    const require = createRequire(join(folder, "index.js"));
    const webpack = require("webpack");
    const { default: config } = await import(
      pathToFileURL(join(folder, "webpack.config.mjs")).href
    );
    const output = { ...config.output, path: join(folder, "dist") }; // as if called from there
    await new Promise((resolve, reject) =>
      webpack({ ...config, context: folder, output }, (error, stats) =>
        error || stats.hasErrors() ? reject(error ?? new Error(stats.toString())) : resolve(),
      ),
    );
    return folder;
  },
  async rollup(folder) {
    const rollup = join(libraryAt("rollup"), "dist", "bin", "rollup");
    await made(folder, node, [rollup, "-c", "rollup.config.mjs"]);
    return folder;
  },
  async esbuild(folder) {
    await bundled(folder, "index.js");
    return folder;
  },
};
const needs = { vite: ["vite"], webpack: ["webpack"], esbuild: ["esbuild"] };
needs.rollup = ["rollup", "@rollup/plugin-node-resolve"];

test.for(Object.entries(needs))("a page made by %s", async ([name, libraries], context) => {
  const lacks = libraries.filter((library) => !libraryAt(library));
  if (lacks.length > 0) return skipped(context, lacks.join(", "));
  if (!browserHere()) return skipped(context, "Chromium");
  const folder = await laid(name, libraries);
  await expectPage(await bundlers[name](folder), isolated, all);
});

test("Vite's server for development", async (context) => {
  if (!libraryAt("vite") || !browserHere()) return skipped(context, "Vite or Chromium");
  const folder = await laid("vite", ["vite"]);
  const { createServer } = await import(
    pathToFileURL(join(libraryAt("vite"), "dist", "node", "index.js")).href
  );
  const server = await createServer({
    root: folder,
    cacheDir: join(folder, ".vite"),
    logLevel: "warn",
    server: { host: "127.0.0.1", port: 0, headers: isolated },
  });
  try {
    await server.listen();
    expect(await doneIn(`http://127.0.0.1:${server.httpServer.address().port}/`)).toEqual(all);
  } finally {
    await server.close();
  }
});

test("a page whose policy forbids all but its own scripts and WebAssembly", async (context) => {
  if (!browserHere()) return skipped(context, "Chromium");
  const folder = await laid("page");
  await bundled(folder, "index.js");
  const policy = "default-src 'self'; script-src 'self' 'wasm-unsafe-eval'";
  await expectPage(folder, { "content-security-policy": policy }, alone);
});

test("a page that trains in a worker", async (context) => {
  if (!browserHere()) return skipped(context, "Chromium");
  const folder = await laid("worker");
  await bundled(folder, "index.js", "worker.js");
  await expectPage(folder, isolated, { bits: expected.train, light });
});

function skipped(context, lacks) {
  console.warn(`SKIPPED: ${context.task.name}: no ${lacks} here; .ci/run fetches what there is`);
  context.skip(lacks);
}
