// node scripts/pack.mjs optimizers contracts … (after a build): packs the packages as they would be
// published, and prints the tarballs' paths; without names, all of them.
import { packed } from "./lib/pack.mjs";
import { fail } from "./lib/stage.mjs";

const packages = await packed();
const names = process.argv.slice(2);
for (const name of names.length > 0 ? names : packages.map(({ folder }) => folder)) {
  const found =
    packages.find(({ folder }) => folder === name) ??
    fail(`no package ${name}; there are ${packages.map(({ folder }) => folder).join(", ")}`, 2);
  console.log(found.tarball);
}
