import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { readSafetensors } from "@tenon/formats";
import { beforeAll, expect, test } from "vitest";
import { built, firstDigits, folder, runApp, type Settings } from "./testing.js";

/**
 * The sha256 of all that one short run leaves in last.safetensors: weights, the optimizer's state,
 * running statistics. They were written down at commit 20f0ed0. A change that only moves code, or
 * makes it faster, leaves them as they are; a change of what is computed must say why and write
 * down the new ones.
 */
const expected = {
  "--model cnn": "79ee095eb42e66a5f448d372d78e04f53d2312cc8d261ab8bfe6bf3686366ffc",
  "--recipe fast": "b5c371055cc143274d287fced26aa604b0ad68fe5ab4efca3babe098ba6a7129",
  "--model mlp": "f0d5dc9c42e9076661c63263acd3fcc5eda6eaabbb56587481f38e5beb415afd",
  "--model resnet": "8aa4cba6aeaf9735d7722a9419591ca5827c0927763555b2f623edaf3db6d587",
  "--model inception": "4ace9c2dc662169aa00b22b1c96b4ea6e867dd755a8d1ebf480105dca9c4b710",
} as const;
const recipes = Object.keys(expected) as (keyof typeof expected)[];

const node24 = fileURLToPath(
  new URL("../../../.cache/tools/node_modules/node/bin/node", import.meta.url),
);

const few = await firstDigits(256, 10);
let app: string;
beforeAll(async () => {
  app = await built("fixedRuns");
});

async function weightsAfter(args: readonly string[], settings?: Settings): Promise<string> {
  const out = join(await folder(), "run");
  const short = [...few, "--epochs", "1", "--quiet", "--out", out];
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
