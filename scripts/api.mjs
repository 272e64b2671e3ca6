// npm run api (after a build): packages/*/api.md are the declarations as they are published, of
// which every type has a name that is exported; with --write, they are written.
import { apiReport, unexported } from "./lib/apiReport.mjs";
import { generated } from "./lib/pages.mjs";
import { workspace } from "./lib/root.mjs";

const how = { write: process.argv.includes("--write"), command: "npm run api -- --write" };
const problemsOf = async (entry) => [
  ...(await generated(`packages/${entry.folder}/api.md`, apiReport(entry), how)),
  ...unexported(entry).map(
    (name) =>
      `${entry.manifest.name}: expected every type of its exports to be exported, got ${name}, ` +
      "which is not; export it in src/index.ts",
  ),
];
for (const entry of workspace("packages"))
  for (const problem of await problemsOf(entry)) {
    console.error(problem);
    process.exitCode = 1;
  }
