import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { availableParallelism, tmpdir } from "node:os";
import { join } from "node:path";
import { build } from "esbuild";
import { afterAll, beforeAll, expect, test } from "vitest";
import { blank, browser, inBrowser, isolated } from "./browser.js";
import { mnist } from "./mnist.js";
import { printed, programOf, skipped } from "./programs.js";
import { threeRuns, type Sums } from "./threeRuns.js";

// No multiple of the batch: the last one is smaller, and a program of its own.
const count = 700;
const { images, labels } = mnist("train");
const [x, y] = [images, labels].map(({ data }, i) =>
  Uint8Array.from(data.subarray(0, count * [784, 1][i]!)),
);
const folder = mkdtempSync(join(tmpdir(), "tenon-bits-"));
const program = join(folder, "run.mjs");
let alone: Sums;
let text: string;
afterAll(() => rmSync(folder, { recursive: true }));

// One file that runs anywhere, with the digits in it: it reads no file and needs no server.
beforeAll(async () => {
  writeFileSync(join(folder, "x.bin"), x!);
  writeFileSync(join(folder, "y.bin"), y!);
  const { outputFiles } = await build({
    stdin: {
      resolveDir: import.meta.dirname,
      loader: "ts",
      contents: `
      import x from ${JSON.stringify(join(folder, "x.bin"))};
      import y from ${JSON.stringify(join(folder, "y.bin"))};
      import { threeRuns } from "./threeRuns.ts";
      export const run = (options) => threeRuns(x, y, options);
      const [, , options] = globalThis.process?.argv ?? [];
      if (options) console.log(JSON.stringify(await run(JSON.parse(options))));`,
    },
    bundle: true,
    format: "esm",
    platform: "neutral",
    target: "es2022",
    loader: { ".bin": "binary" },
    write: false,
  });
  writeFileSync(program, (text = outputFiles[0]!.text));
  alone = await threeRuns(x!, y!, { threads: 1 });
});

const several = availableParallelism() > 1 ? 2 : 1;
const same = (threads: number, turbo = false): Sums => ({ threads, turbo, sums: alone.sums });

test("the three networks have weights of their own", () => {
  expect(new Set(Object.values(alone.sums)).size).toBe(3);
});

test.each([2, 3])("%i threads give the same bits as one", async (threads) => {
  expect(await threeRuns(x!, y!, { threads })).toEqual(same(several === 1 ? 1 : threads));
});

// The engines that read the bytes: V8 of now and of some years ago, and Safari's. The fixtures
// compare a small network in all of them, so that most of these run by `npm run test:long`.
const isLong = process.env["TENON_LONG"] === "1";
interface Runtime {
  readonly where: string;
  readonly turbo?: boolean;
  readonly from: string | undefined;
  readonly args: readonly string[];
  readonly missing: string;
}
test.for<Runtime>([
  {
    where: "a newer Node, with code of 256 bits where it can make it",
    turbo: true,
    from: programOf("TENON_NODE24", ["node"], 24),
    args: [program],
    missing: "no Node ≥ 24 on the path or in TENON_NODE24",
  },
  ...[
    {
      where: "a newer Node",
      from: programOf("TENON_NODE24", ["node"], 22),
      args: [program],
      missing: "no Node ≥ 22 on the path or in TENON_NODE24",
    },
    {
      where: "Deno",
      from: programOf("TENON_DENO", ["deno"]),
      args: ["run", program],
      missing: "no deno on the path or in TENON_DENO",
    },
    {
      where: "Bun",
      from: programOf("TENON_BUN", ["bun"]),
      args: [program],
      missing: "no bun on the path or in TENON_BUN",
    },
  ].filter(() => isLong),
])(
  "$where gives the same bits, and ends when all is done",
  async ({ where, turbo = false, from, args, missing }, context) => {
    if (!from)
      return skipped(
        context,
        `${missing}, so whether ${where} gives the same bits was not tested; .ci/run fetches it`,
      );
    const { code, out, err } = await printed(from, [
      ...args,
      JSON.stringify({ threads: 2, turbo }),
    ]);
    expect({ code, err }).toEqual({ code: 0, err: "" });
    expect(JSON.parse(out)).toEqual(same(several, turbo && process.arch === "x64"));
  },
);

test.for([
  { page: "a page that is cross-origin isolated", headers: isolated, threads: several },
  ...[{ page: "a page that is not", headers: {}, threads: 1 }].filter(() => isLong),
])("Chromium gives the same bits in $page", async ({ headers, threads }, context) => {
  if (!browser)
    return skipped(
      context,
      "no Chromium on this machine, so whether it gives the same bits was not tested; install " +
        "one or name it in CHROMIUM",
    );
  expect(
    await inBrowser<Sums>(
      { "/index.html": blank, "/run.js": text },
      headers,
      "import('/run.js').then(({ run }) => run({ threads: 2 }))",
    ),
  ).toEqual(same(threads));
});
