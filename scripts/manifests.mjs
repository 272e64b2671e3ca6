// npm run manifests: writes what is common to the packages, from the root's package.json, into
// theirs; and the address of the repository, if it has changed there, into all that names it.
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { format } from "prettier";
import { completed } from "./lib/manifests.mjs";
import { root, workspace } from "./lib/root.mjs";
import { capture } from "./lib/run.mjs";

const { homepage } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
const packages = workspace("packages");
const before = packages[0].manifest.bugs.url.replace(/\/issues$/, "");

for (const entry of packages)
  writeFileSync(
    join(entry.path, "package.json"),
    await format(JSON.stringify(completed(entry)), { parser: "json-stringify", printWidth: 100 }),
  );

if (before !== homepage) {
  const { output } = await capture("git", ["grep", "-lF", before]);
  for (const name of output.trim().split("\n").filter(Boolean)) {
    const text = readFileSync(join(root, name), "utf8");
    writeFileSync(join(root, name), text.replaceAll(before, homepage));
  }
}
