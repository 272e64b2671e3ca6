// npm run catalogue: docs/catalogue.md and docs/migration.md say what the sources and the tables in
// scripts/names say; with --write, they are written.
import { cataloguePage, migrationPage } from "./lib/catalogue.mjs";
import { generated } from "./lib/pages.mjs";

const how = {
  write: process.argv.includes("--write"),
  command: "npm run catalogue -- --write",
};
const problems = [
  ...(await generated("docs/catalogue.md", cataloguePage(), how)),
  ...(await generated("docs/migration.md", migrationPage(), how)),
];
for (const problem of problems) console.error(problem);
process.exitCode = Number(problems.length > 0);
