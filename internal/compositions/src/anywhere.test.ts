import {
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { createRequire } from "node:module";
import { availableParallelism, tmpdir } from "node:os";
import { join, relative } from "node:path";
import { build } from "esbuild";
import { build as vite } from "vite";
import { afterAll, beforeAll, expect, test } from "vitest";
import { browser, inBrowser, isolated } from "./browser.js";
import { printed, programOf, skipped, tools } from "./programs.js";
import { published } from "./published.js";
import { smallRun } from "./smallRun.js";

// A user's project: the packages as published, a page, and a program in JavaScript.
const folder = realpathSync(mkdtempSync(join(tmpdir(), "tenon-anywhere-")));
const main = join(folder, "main.js");
const page = '<!doctype html><script type="module" src="/main.js"></script>';
let packages: Readonly<Record<string, string>>;
let all: object;
afterAll(() => rmSync(folder, { recursive: true }));

beforeAll(async () => {
  const { metafile } = await build({
    stdin: {
      resolveDir: import.meta.dirname,
      loader: "ts",
      contents: `
      import { helped } from "./helped.ts";
      import { smallRun } from "./smallRun.ts";
      globalThis.done = helped().then(async (seen) => ({ ...seen, bits: await smallRun() }));
      if (!globalThis.document) console.log(JSON.stringify(await globalThis.done));`,
    },
    outfile: main,
    bundle: true,
    format: "esm",
    platform: "neutral",
    target: "es2022",
    packages: "external",
    metafile: true,
  });
  packages = await published(
    folder,
    Object.values(metafile.outputs).flatMap(({ imports }) => imports.map(({ path }) => path)),
  );
  writeFileSync(join(folder, "package.json"), JSON.stringify({ type: "module", private: true }));
  writeFileSync(join(folder, "index.html"), page);
  const threads = Math.min(8, availableParallelism());
  all = { threads, helped: threads > 1, right: true, bits: await smallRun(1) };
});

/** The files of a site under a folder. */
const site = (under: string): Record<string, string> =>
  Object.fromEntries(
    readdirSync(under, { recursive: true, encoding: "utf8" })
      .filter((name) => /\.(html|js)$/.test(name))
      .map((name) => [`/${name.replaceAll("\\", "/")}`, readFileSync(join(under, name), "utf8")]),
  );

const ways: Readonly<Record<string, () => Promise<Record<string, string> | undefined>>> = {
  // As it stands: names are found by an import map.
  async "without a bundler"() {
    const imports = Object.fromEntries(
      Object.entries(packages).map(([name, path]) => [name, `/${relative(folder, path)}`]),
    );
    return {
      ...site(folder),
      "/index.html": page.replace(
        "<script",
        `<script type="importmap">${JSON.stringify({ imports })}</script><script`,
      ),
    };
  },
  async "by esbuild"() {
    const { outputFiles } = await build({
      entryPoints: [main],
      bundle: true,
      minify: true,
      format: "esm",
      platform: "browser",
      write: false,
    });
    return { "/index.html": page, "/main.js": outputFiles[0]!.text };
  },
  async "by Vite"() {
    const outDir = join(folder, "vite");
    await vite({ root: folder, configFile: false, logLevel: "warn", build: { outDir } });
    return site(outDir);
  },
  async "by webpack"() {
    if (!existsSync(join(tools, "webpack"))) return undefined;
    const path = join(folder, "webpack");
    const webpack = createRequire(join(tools, "index.js"))("webpack") as (
      options: object,
      done: (error: unknown, stats?: { hasErrors(): boolean; toString(): string }) => void,
    ) => void;
    await new Promise<void>((resolve, reject) =>
      webpack(
        { mode: "production", context: folder, entry: "./main.js", output: { path } },
        (error, stats) =>
          stats && !stats.hasErrors() ? resolve() : reject(error ?? new Error(stats!.toString())),
      ),
    );
    return { "/index.html": page, ...site(path) };
  },
};
test.for(Object.entries(ways))(
  "a page that was made %s finds the threads, and they help",
  async ([how, make], context) => {
    if (!browser)
      return skipped(
        context,
        `no Chromium on this machine, so whether threads are found in a page made ${how} was ` +
          "not tested; install one or name it in CHROMIUM",
      );
    const files = await make();
    if (!files)
      return skipped(
        context,
        `no webpack in .cache/tools, so whether threads are found in a page made ${how} was ` +
          "not tested; .ci/run fetches it",
      );
    expect(await inBrowser(files, isolated, "done")).toEqual(all);
  },
);

test.for([
  { where: "Node", from: process.execPath, args: [main], missing: "" },
  {
    where: "a newer Node",
    from: programOf("TENON_NODE24", ["node"], 22),
    args: [main],
    missing: "no Node ≥ 22 on the path or in TENON_NODE24",
  },
  {
    where: "Deno",
    from: programOf("TENON_DENO", ["deno"]),
    args: ["run", "--no-prompt", main],
    missing: "no deno on the path or in TENON_DENO",
  },
  {
    where: "Bun",
    from: programOf("TENON_BUN", ["bun"]),
    args: [main],
    missing: "no bun on the path or in TENON_BUN",
  },
])(
  "$where finds the threads, they help, and it ends when all is done",
  async ({ where, from, args, missing }, context) => {
    if (!from)
      return skipped(
        context,
        `${missing}, so whether ${where} finds the threads was not tested; .ci/run fetches it`,
      );
    const { code, out, err } = await printed(from, args, 20_000);
    expect({ code, err }).toEqual({ code: 0, err: "" });
    expect(JSON.parse(out)).toEqual(all);
  },
);

test.for([
  { where: "Node", from: process.execPath, flag: "--experimental-permission" },
  { where: "a newer Node", from: programOf("TENON_NODE24", ["node"], 23), flag: "--permission" },
])(
  "$where with its permission model and no leave for workers does it all with one thread",
  async ({ where, from, flag }, context) => {
    if (!from)
      return skipped(
        context,
        `no ${where} here, so what it does without leave for workers was not tested; .ci/run ` +
          "fetches it",
      );
    if (!process.allowedNodeEnvironmentFlags.has(flag) && from === process.execPath)
      flag = "--permission";
    const { code, out } = await printed(from, [flag, "--allow-fs-read=*", main], 20_000);
    expect(code).toBe(0);
    expect(JSON.parse(out)).toEqual({ ...all, threads: 1, helped: false });
  },
);
