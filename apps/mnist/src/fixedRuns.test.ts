import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { readSafetensors } from "@tenon/formats";
import { beforeAll, expect, test } from "vitest";
import { built, folder, runApp, type Settings } from "./testing.js";

/**
 * The sha256 of all that one short run leaves in last.safetensors: weights, the optimizer's state,
 * running statistics. They were written down at commit 20f0ed0. A change that only moves code, or
 * makes it faster, leaves them as they are; whoever changes what is computed says why and writes
 * down the new ones.
 */
const expected = {
  "--model cnn": "46707cda4422ba62660eddb3fc19bff8fe6117c91575cdbed614ec821b71d987",
  "--recipe fast": "e8b837fc9864e1ce0211a98249f1d7bccc4f299ec6ab705e8bed36df2ad47c0d",
  "--model mlp": "3e7f8c77b515dd8ca3bc7f98c24cb10d19b1a6a434e72c8d993a17ec97c3a4ba",
  "--model resnet": "e810357f96c942b752c58167c6f41290eb1e2b4fc7de8b908e36eb7e35e0b596",
  "--model inception": "26cd5dc6aff616f9d77fa02fa7ffeb2c52a7537f2247ca1aeb75eb91f5e74fc1",
} as const;
const recipes = Object.keys(expected) as (keyof typeof expected)[];

const node24 = fileURLToPath(
  new URL("../../../.cache/tools/node_modules/node/bin/node", import.meta.url),
);

let app: string;
beforeAll(async () => {
  app = await built("fixedRuns");
});

async function weightsAfter(args: readonly string[], settings?: Settings): Promise<string> {
  const out = join(await folder(), "run");
  const short = ["--limit", "640", "--epochs", "1", "--quiet", "--out", out];
  const done = await runApp(app, [...args, ...short], settings);
  expect(done, done.err).toMatchObject({ code: 0 });
  const { tensors } = readSafetensors(await readFile(join(out, "last.safetensors")));
  const hash = createHash("sha256");
  for (const name of Object.keys(tensors).sort())
    if (!name.startsWith("best/")) hash.update(name).update(tensors[name]!.data);
  return hash.digest("hex");
}

for (const recipe of recipes) {
  for (const threads of [1, 2]) {
    test(`${recipe} on ${threads} threads leaves the same weights as ever`, async () => {
      const args = [...recipe.split(" "), "--threads", `${threads}`];
      expect(await weightsAfter(args)).toBe(expected[recipe]);
    });
  }
  test.skipIf(!existsSync(node24))(
    `${recipe} with --turbo on Node 24 leaves the same weights as ever`,
    async () => {
      const args = [...recipe.split(" "), "--turbo"];
      expect(await weightsAfter(args, { node: node24 })).toBe(expected[recipe]);
    },
  );
}
if (!existsSync(node24))
  console.warn(`fixedRuns.test.ts: no Node 24 at ${node24}; runs with --turbo are skipped`);
