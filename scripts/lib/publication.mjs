import {
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { root, workspace } from "./root.mjs";
import { capture } from "./run.mjs";

/** Runs a command in a folder; throws with what it wrote if it fails. */
async function succeed(cwd, command, args, env = {}) {
  const { code, output } = await capture(command, args, { cwd, env });
  if (code !== 0) throw new Error(`${command} ${args.join(" ")} failed: ${output}`);
  return output;
}

/**
 * Copies what a publication needs of the workspace (built) into a folder, a git repository of its
 * own: manifests, pages, what was built, changesets, and the links between the packages.
 */
export async function copied(folder) {
  const copy = (path) => cpSync(join(root, path), join(folder, path), { recursive: true });
  mkdirSync(folder, { recursive: true });
  const needed = ["package.json", "pnpm-workspace.yaml", ".pnpmfile.cjs", ".changeset", "LICENSE"];
  for (const name of [...needed, ".prettierrc.json", "examples", "scripts"]) copy(name);
  for (const { group, folder: name, manifest } of workspace()) {
    const path = join(group, name);
    copy(join(path, "package.json"));
    if (group !== "packages") continue;
    for (const page of ["README.md", "CHANGELOG.md"])
      if (existsSync(join(root, path, page))) copy(join(path, page));
    copy(join(path, "dist"));
    for (const other of Object.keys({ ...manifest.dependencies, ...manifest.devDependencies })) {
      const found = workspace().find(({ manifest }) => manifest.name === other);
      if (!found) continue;
      const link = join(folder, path, "node_modules", other);
      mkdirSync(join(link, ".."), { recursive: true });
      symlinkSync(join(folder, found.group, found.folder), link, "dir");
    }
  }
  symlinkSync(join(root, "node_modules"), join(folder, "node_modules"), "dir");
  writeFileSync(join(folder, ".gitignore"), "node_modules\n.npmrc\n");
  await succeed(folder, "git", ["init", "-q", "-b", "main"]);
  await committed(folder, "before");
}

async function committed(folder, message) {
  await succeed(folder, "git", ["add", "-A"]);
  await succeed(folder, "git", [
    ...["-c", "user.name=Tenon", "-c", "user.email=tenon@localhost"],
    ...["commit", "-q", "--no-gpg-sign", "-m", message],
  ]);
}

/**
 * Gives all packages of a copy their next version, from the changesets, and gives that version.
 * Without changesets it is the one they have: a release is under way.
 */
export async function versioned(folder) {
  const names = readdirSync(join(folder, ".changeset"));
  if (names.some((name) => name.endsWith(".md"))) {
    await succeed(folder, process.execPath, [join("scripts", "version.mjs")]);
    await committed(folder, "versions");
  }
  const versions = new Set(
    workspace("packages").map(
      ({ group, folder: name }) =>
        JSON.parse(readFileSync(join(folder, group, name, "package.json"), "utf8")).version,
    ),
  );
  if (versions.size !== 1)
    throw new Error(`versioned: expected one version, got ${[...versions].join(", ")}`);
  return [...versions][0];
}

/** Publishes all packages of a copy in the registry, as a release does. */
export async function published(folder, { npmrc, url }) {
  writeFileSync(join(folder, ".npmrc"), npmrc);
  const env = {
    npm_config_registry: url,
    npm_config_userconfig: join(folder, ".npmrc"),
    GIT_AUTHOR_NAME: "Tenon",
    GIT_AUTHOR_EMAIL: "tenon@localhost",
    GIT_COMMITTER_NAME: "Tenon",
    GIT_COMMITTER_EMAIL: "tenon@localhost",
  };
  return succeed(folder, process.execPath, [join("scripts", "release.mjs")], env);
}

/** Installs packages (`"@tenon/init"`) with npm, from the registry alone, into a new folder. */
export async function installedFrom({ npmrc, url }, folder, names) {
  mkdirSync(folder, { recursive: true });
  if (!existsSync(join(folder, "package.json")))
    writeFileSync(join(folder, "package.json"), JSON.stringify({ private: true, type: "module" }));
  writeFileSync(join(folder, ".npmrc"), npmrc);
  const flags = ["--no-audit", "--no-fund", "--loglevel=error", "--cache", join(folder, ".npm")];
  await succeed(folder, "npm", ["install", ...flags, ...names], { npm_config_registry: url });
}
