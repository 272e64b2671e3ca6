import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Application, LogLevel } from "typedoc";
import { entriesOf } from "../../../scripts/lib/exports.mjs";
import { root, workspace } from "../../../scripts/lib/root.mjs";
import { cache } from "./places.mjs";

/**
 * What TypeDoc reads in the public entries of all packages, as its JSON: `{ name, children }` for
 * each entry, by the name that one imports. What was read before is used again while no source has
 * changed.
 */
export async function readApi() {
  const stamp = fingerprint();
  const file = join(cache, `api-${stamp}.json`);
  if (existsSync(file)) return JSON.parse(readFileSync(file, "utf8"));
  const entries = workspace("packages").flatMap(entriesOf);
  const tsconfig = join(cache, "tsconfig.json");
  mkdirSync(cache, { recursive: true });
  writeFileSync(
    tsconfig,
    JSON.stringify({
      extends: join(root, "tsconfig.base.json"),
      compilerOptions: { types: ["node"], typeRoots: [join(root, "node_modules/@types")] },
      files: entries.map(([, file]) => file),
    }),
  );
  const app = await Application.bootstrapWithPlugins({
    entryPoints: entries.map(([, file]) => file),
    tsconfig,
    basePath: root,
    displayBasePath: root,
    skipErrorChecking: true, // `npm run typecheck` does that
    disableGit: true,
    sourceLinkTemplate: "{path}#L{line}",
    readme: "none",
    // Options that only an alias exports are to be in its table.
    plugin: ["typedoc-plugin-missing-exports"],
    internalModule: "internal",
    validation: false,
    logLevel: LogLevel.Error,
  });
  const project = await app.convert();
  if (!project || app.logger.hasErrors()) throw new Error("TypeDoc could not read the packages");
  const names = new Map(entries.map(([name, file]) => [file, name]));
  const modules = app.serializer.projectToObject(project, root).children.map((module) => ({
    ...module,
    name: names.get(join(root, module.sources[0].fileName)),
  }));
  writeFileSync(file, JSON.stringify(modules));
  return modules;
}

/** Of all sources, this file and the versions of what reads them. */
function fingerprint() {
  const hash = createHash("sha256");
  const sources = workspace("packages").flatMap(({ path }) =>
    readdirSync(join(path, "src"), { recursive: true })
      .filter((name) => name.endsWith(".ts") && !name.endsWith(".test.ts"))
      .sort()
      .map((name) => join(path, "src", name)),
  );
  const own = [new URL(import.meta.url), new URL("../package.json", import.meta.url)];
  for (const file of [...sources, ...own]) hash.update(readFileSync(file)).update("\0");
  return hash.digest("hex").slice(0, 16);
}
