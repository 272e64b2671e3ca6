// node scripts/pack.mjs optimizers contracts …: packs packages as they would be published, and
// prints the tarballs' paths.
import { pack } from "./lib/pack.mjs";
import { workspace } from "./lib/root.mjs";
import { fail } from "./lib/stage.mjs";

const packages = workspace("packages");
for (const name of process.argv.slice(2)) {
  const found =
    packages.find(({ folder }) => folder === name) ??
    fail(`no package ${name}; there are ${packages.map(({ folder }) => folder).join(", ")}`, 2);
  console.log(await pack(found));
}
