import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { build } from "esbuild";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Held, Maker } from "./manyPrograms.js";
import { printed, skipped } from "./programs.js";

const folder = mkdtempSync(join(tmpdir(), "tenon-programs-"));
const program = join(folder, "run.mjs");
afterAll(() => rmSync(folder, { recursive: true }));
beforeAll(() =>
  build({
    stdin: {
      resolveDir: import.meta.dirname,
      loader: "ts",
      contents: `
        import { manyPrograms } from "./manyPrograms.ts";
        const [what, threads, turns, marks] = JSON.parse(process.argv[2]);
        console.log(JSON.stringify(await manyPrograms(what, threads, turns, marks)));`,
    },
    outfile: program,
    bundle: true,
    format: "esm",
    platform: "node",
    target: "es2022",
  }),
);

const linux = process.platform === "linux";
const mb = 1e6;
const gb = 1e9;

/** What a process of its own holds at each mark; `limit` bounds its address space, in bytes. */
async function held(
  what: Maker,
  options: { threads: number; turns: boolean; marks: readonly number[]; limit?: number },
): Promise<readonly Held[]> {
  const { threads, turns, marks, limit } = options;
  const args = [program, JSON.stringify([what, threads, turns, marks])];
  const limited = `ulimit -v ${(limit ?? 0) / 1024} && exec "$0" "$@"`;
  const { code, out, err } = limit
    ? await printed("bash", ["-c", limited, process.execPath, ...args], 600_000)
    : await printed(process.execPath, args, 600_000);
  expect({ code, err }).toEqual({ code: 0, err: "" });
  return JSON.parse(out) as readonly Held[];
}

// `npm run test:long` makes a thousand of each.
const long = process.env["TENON_LONG"] === "1";

const kinds = [
  { what: "predictors", threads: 1, turns: false },
  { what: "predictors", threads: 2, turns: false },
  { what: "predictors", threads: 2, turns: true },
  ...(long
    ? ([
        { what: "evaluations", threads: 2, turns: false },
        { what: "evaluations", threads: 2, turns: true },
        { what: "fits", threads: 2, turns: true },
      ] as const)
    : []),
] as const;

test.for(kinds)(
  "$what that are made and dropped leave nothing, threads: $threads, turns: $turns",
  { timeout: 600_000 },
  async ({ what, threads, turns }, context) => {
    if (!linux) return skipped(context, "no list of a process' memory on this system");
    const marks = long ? [100, 200, 400, 600, 800, 1000] : [50, 100, 150, 200];
    const measured = await held(what, { threads, turns, marks });
    const [first, last] = [measured[0]!, measured.at(-1)!];
    // Each holds 2 MB and its code; memory that is not collected yet comes and goes.
    expect(last.resident - first.resident, JSON.stringify(measured)).toBeLessThan(150 * mb);
    expect(last.resident, JSON.stringify(measured)).toBeLessThan(400 * mb);
    expect(last.virtual, JSON.stringify(measured)).toBeLessThan(60 * gb);
  },
);

test.for([true, false])(
  "engines that are made and dropped leave nothing, turns: %j",
  { timeout: 600_000 },
  async (turns, context) => {
    if (!linux) return skipped(context, "no list of a process' memory on this system");
    const marks = long ? [20, 1000] : [10, 60];
    const measured = await held("engines", { threads: 2, turns, marks });
    expect(measured[1]!.resident - measured[0]!.resident, JSON.stringify(measured)).toBeLessThan(
      150 * mb,
    );
    expect(measured[1]!.virtual, JSON.stringify(measured)).toBeLessThan(60 * gb);
  },
);

test("address space is in proportion to need", { timeout: 600_000 }, async (context) => {
  if (!linux) return skipped(context, "no list of a process' memory on this system");
  const count = long ? 500 : 60;
  const measured = await held("kept", { threads: 2, turns: true, marks: [count] });
  // A memory of 10 GB of address space for 64 MB.
  expect(measured[0]!.virtual, JSON.stringify(measured)).toBeLessThan(15 * gb + count * 0.45 * gb);
  const limit = 32 * 2 ** 30;
  await held("kept", { threads: 2, turns: true, marks: [20], limit });
  await held("fits", { threads: 2, turns: true, marks: [8], limit });
});
