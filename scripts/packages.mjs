// npm run packages (after a build): each package as it would be published is sound, and holds
// nothing a page forbids.
import { readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { publint } from "publint";
import { formatMessage } from "publint/utils";
import { declarationProblems, installed, typescripts } from "./lib/declarations.mjs";
import { minified } from "./lib/minified.mjs";
import { pack } from "./lib/pack.mjs";
import { root, workspace } from "./lib/root.mjs";
import { capture } from "./lib/run.mjs";

const forbidden = [
  [/\bprocess\s*\.\s*env\b/, "process.env"],
  [/\brequire\s*\(/, "require("],
  [/\bnew\s+Function\b|\bFunction\s*\(/, "new Function"],
  [/\beval\s*\(/, "eval("],
];

const packed = [];
for (const entry of workspace("packages")) {
  const problems = [];
  const code = await minified(entry);
  for (const [pattern, name] of forbidden)
    if (pattern.test(code)) problems.push(`its code holds ${name}`);
  for (const field of ["description", "license", "engines", "files"])
    if (!entry.manifest[field]) problems.push(`package.json has no ${field}`);
  if (entry.manifest.sideEffects !== false)
    problems.push("package.json must say sideEffects: false");

  const tarball = await pack(entry);
  packed.push({
    name: entry.manifest.name,
    tarball,
    entries: Object.keys(entry.manifest.publishConfig.exports),
  });
  const { buffer, byteOffset, byteLength } = readFileSync(tarball);
  const { messages, pkg } = await publint({
    pack: { tarball: buffer.slice(byteOffset, byteOffset + byteLength) },
  });
  problems.push(
    ...messages
      .filter(({ type }) => type !== "suggestion")
      .map((message) => `publint: ${formatMessage(message, pkg, { color: false })}`),
  );
  for (const [name, range] of Object.entries(pkg.dependencies ?? {}))
    if (/^workspace:/.test(range))
      problems.push(`depends on ${name} ${range}, which no other package depends on`);

  const types = await capture("attw", [
    tarball,
    "--profile",
    "esm-only",
    "--no-color",
    "--no-emoji",
  ]);
  if (types.code !== 0) problems.push(`are the types wrong: ${types.output.trim()}`);

  console.log(
    `${problems.length === 0 ? "sound" : "WRONG"}  ${entry.manifest.name}  ${basename(tarball)}`,
  );
  for (const problem of problems) console.log(`       ${problem}`);
  if (problems.length > 0) process.exitCode = 1;
}

const folder = join(root, ".cache", "declarations");
await installed(folder, packed);
for (const ts of typescripts()) {
  const problems = declarationProblems(folder, ts);
  console.log(
    `${problems.length === 0 ? "sound" : "WRONG"}  all declarations, for TypeScript ${ts.version}`,
  );
  for (const problem of problems) console.log(`       ${problem}`);
  if (problems.length > 0) process.exitCode = 1;
}
