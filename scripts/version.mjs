// npm run release:version: the next version of all packages and their changelogs, made from the
// changesets, which it removes; the examples then ask for that version.
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { exampleFolders, nextVersion } from "./lib/exampleFolders.mjs";
import { root, workspace } from "./lib/root.mjs";
import { run } from "./lib/run.mjs";
import { fail } from "./lib/stage.mjs";

const before = workspace("packages")[0].manifest.version;
if ((await run("changeset", ["version"])) !== 0)
  fail("changeset version failed; it says why above");
const { version } = workspace("packages")[0].manifest;
if (version === before)
  fail("there is no changeset, so no version to make; `npx changeset` adds one");
for (const { path } of exampleFolders()) {
  const file = join(path, "package.json");
  const text = readFileSync(file, "utf8");
  writeFileSync(file, text.replace(/("@tenon\/[a-z]+": )"[^"]*"/g, `$1"^${nextVersion()}"`));
}
const made = ["packages/*/{CHANGELOG.md,package.json}", "examples/*/package.json"];
process.exitCode = await run("prettier", ["--write", "--log-level=warn", ...made]);
console.log(`version ${version}, from ${before}; in ${root}, nothing is published`);
