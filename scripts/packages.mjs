// npm run packages (after a build): each package as it would be published is sound, and holds
// nothing a page forbids; all together are small.
import { basename, join } from "node:path";
import { declarationProblems, installed, typescripts } from "./lib/declarations.mjs";
import { manifestProblems } from "./lib/manifests.mjs";
import { minified } from "./lib/minified.mjs";
import { packed } from "./lib/pack.mjs";
import { codeProblems, contentProblems, importProblems, linterProblems } from "./lib/published.mjs";
import { root, workspace } from "./lib/root.mjs";

/** The size of all packages, unpacked, in bytes. */
const ceiling = 2e6;

function say(what, problems) {
  console.log(`${problems.length === 0 ? "sound" : "WRONG"}  ${what}`);
  for (const problem of problems) console.log(`       ${problem}`);
  if (problems.length > 0) process.exitCode = 1;
}

const packs = await packed();
let total = 0;
for (const entry of workspace("packages")) {
  const pack = packs.find(({ folder }) => folder === entry.folder);
  const size = Object.values(pack.files).reduce((sum, bytes) => sum + bytes, 0);
  total += size;
  say(`${pack.name}  ${basename(pack.tarball)}  ${size} bytes`, [
    ...manifestProblems(entry),
    ...codeProblems(await minified(entry)),
    ...contentProblems(pack),
    ...(await linterProblems(pack.tarball)),
  ]);
}
say(
  `all packages take ${total} bytes`,
  total > ceiling ? [`expected at most ${ceiling}; what has become large?`] : [],
);

const folder = join(root, ".cache", "declarations");
const entries = await installed(folder, packs);
say("all entries, imported by Node from the tarballs", await importProblems(folder, entries));
for (const ts of typescripts())
  say(`all declarations, for TypeScript ${ts.version}`, declarationProblems(folder, ts));
