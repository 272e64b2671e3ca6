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
 * running statistics. They were written down at commit 20f0ed0, that of the record when it was
 * made. A change that only moves code, or makes it faster, leaves them as they are; a change of
 * what is computed must say why and write down the new ones.
 */
const expected = {
  "--model cnn": "79ee095eb42e66a5f448d372d78e04f53d2312cc8d261ab8bfe6bf3686366ffc",
  "--recipe fast": "b5c371055cc143274d287fced26aa604b0ad68fe5ab4efca3babe098ba6a7129",
  "--recipe record": "b0ebb6013984c1018fb0920a1cd68b9f22d34037ce0c9a1372a0c59f6258e881",
  "--recipe accurate": "a398b1755a473cf300ddeb28565f5ad6359c885634fa87cc02f0dd5e65bd55e1",
  "--recipe best": "cd091a2d5b58eea18262e2123478fddda1b315a97a5861da60fbfa12cef8687f",
  "--model mlp": "f0d5dc9c42e9076661c63263acd3fcc5eda6eaabbb56587481f38e5beb415afd",
  "--model resnet": "c78754a591385d5857652631d62cad3de4a0de7ca798f33173ed266494a6f092",
  "--model inception": "7db43fed51894471ea05431b2fa22d122458a0ee90966ce0692153ea857c1c1b",
  "--model vit": "cc8bb68aa51743e3fb5129c65dba9958156728a3bce7d497d96910794e1d8d6f",
  "--model lstm": "fe97d56a05a651304b5e4c5b8ef167089b42d343b001e06afe250fc821ef3b90",
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

const isLong = process.env["TENON_LONG"] !== undefined;
/** The larger networks on one thread, too, only in `npm run test:long`. */
const threadsFor = (recipe: string): readonly number[] =>
  isLong || /^--recipe|cnn|mlp/.test(recipe) ? [1, 2] : [2];

for (const recipe of recipes) {
  for (const threads of threadsFor(recipe)) {
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
