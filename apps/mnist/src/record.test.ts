import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { bundled, folder, result } from "./testing.js";

const { run } = bundled("record");
const pathTo = (path: string): string =>
  fileURLToPath(new URL(`../../../${path}`, import.meta.url));
const node24 = pathTo(".cache/tools/node_modules/node/bin/node");

type Seeds = Readonly<
  Record<string, { readonly testAccuracy: number; readonly weightsSha256: string }>
>;
interface Stored {
  readonly seeds: Readonly<Record<"record" | "accurate" | "best", Seeds>>;
}
const { seeds } = JSON.parse(
  await readFile(pathTo("internal/bench/results/records.json"), "utf8"),
) as Stored;

const ways = [
  { title: "one thread", words: ["--threads", "1"], node: process.execPath },
  {
    title: "two threads of Node 24, with turbo",
    words: ["--threads", "2", "--turbo"],
    node: node24,
  },
];
const runs = {
  record: { seed: 7, steps: 844 },
  accurate: { seed: 17, steps: 4 * 844 },
  best: { seed: 11, steps: 6 * 844 },
};
for (const recipe of ["record", "accurate", "best"] as const)
  for (const { title, words, node } of ways)
    test.skipIf(!existsSync(node) || (recipe !== "record" && !process.env["TENON_LONG"]))(
      `--recipe ${recipe} on ${title} gives what docs/records.md says`,
      async () => {
        const { seed, steps } = runs[recipe];
        const stored = seeds[recipe][seed];
        expect(stored).toBeDefined();
        const out = join(await folder(), "run");
        const flags = ["--recipe", recipe, "--seed", `${seed}`, ...words];
        const done = await run([...flags, "--json", "--quiet", "--out", out], { node });
        expect(done, done.err).toMatchObject({ code: 0 });
        expect(result(done)).toMatchObject({ ...stored, steps });
      },
      1_200_000,
    );
