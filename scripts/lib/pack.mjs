import { createHash } from "node:crypto";
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
} from "node:fs";
import { basename, dirname, join } from "node:path";
import { root, workspace } from "./root.mjs";
import { capture } from "./run.mjs";

const folder = join(root, ".cache", "packs");

/**
 * All packages as they would be published (they must be built), `{ name, folder, tarball, path,
 * manifest, files }`: `path` holds what the tarball unpacks to, the manifest is the published one,
 * `files` are the sizes in bytes. They are packed by pnpm, which writes the published exports, and
 * again only after a file has changed.
 */
export async function packed() {
  const packages = workspace("packages");
  const unbuilt = packages.filter(({ path }) => !existsSync(join(path, "dist")));
  if (unbuilt.length > 0)
    throw new Error(`packed: ${unbuilt[0].folder} is not built; run \`npm run build\` first`);
  const into = join(folder, stateOf(packages));
  if (!existsSync(into)) await pack(into);
  return packages.map(({ folder, manifest: { name, version } }) => {
    const path = join(into, "node_modules", name);
    return {
      name,
      folder,
      tarball: join(into, `${name.slice(1).replace("/", "-")}-${version}.tgz`),
      manifest: JSON.parse(readFileSync(join(path, "package.json"), "utf8")),
      files: filesOf(path),
      path,
    };
  });
}

/** What packages that `packed` gave were made of. */
export const stampOf = ([{ tarball }]) => basename(dirname(tarball));

/** The files under a folder, from there, and their sizes in bytes. */
const filesOf = (path) =>
  Object.fromEntries(
    readdirSync(path, { recursive: true })
      .sort()
      .map((name) => [name.replaceAll("\\", "/"), statSync(join(path, name))])
      .filter(([, stat]) => stat.isFile())
      .map(([name, { size }]) => [name, size]),
  );

/** What the tarballs are made of, in 16 letters. */
function stateOf(packages) {
  const hash = createHash("sha256");
  const inputs = packages.flatMap(({ path }) => [
    ...["package.json", "README.md"].map((name) => join(path, name)),
    ...readdirSync(join(path, "dist"), { recursive: true }).map((name) => join(path, "dist", name)),
  ]);
  for (const file of [join(root, "LICENSE"), join(root, "pnpm-workspace.yaml"), ...inputs]) {
    const { mtimeMs, size } = statSync(file);
    hash.update(`${file} ${mtimeMs} ${size}\0`);
  }
  return hash.digest("hex").slice(0, 16);
}

/**
 * Whether nobody needs a folder of packs any more: it holds another state than the one asked for,
 * and no process that still runs is filling it.
 */
const isLeft = (asked) => (name) => {
  const [state, filler] = name.split("-");
  return filler === undefined ? state !== asked : !isRunning(Number(filler));
};

/** Whether a process runs. */
function isRunning(pid) {
  try {
    return process.kill(pid, 0);
  } catch ({ code }) {
    return code === "EPERM";
  }
}

/** Packs all in one process, and unpacks them beside; others may do so at the same moment. */
async function pack(into) {
  const old = existsSync(folder) ? readdirSync(folder).filter(isLeft(basename(into))) : [];
  const next = `${into}-${process.pid}`;
  mkdirSync(next, { recursive: true });
  const { code, output } = await capture("pnpm", [
    ...["-r", "--filter", "./packages/*", "pack", "--pack-destination", next],
  ]);
  if (code !== 0) throw new Error(`packed: pnpm could not pack the packages: ${output}`);
  await unpack(
    next,
    readdirSync(next)
      .filter((name) => name.endsWith(".tgz"))
      .map((name) => join(next, name)),
  );
  try {
    renameSync(next, into);
  } catch (error) {
    // Another process was done first, with the same.
    if (!existsSync(into)) throw error;
    rmSync(next, { recursive: true });
  }
  for (const name of old) rmSync(join(folder, name), { recursive: true, force: true });
}

/**
 * Lays tarballs into a folder's node_modules, as an installation of them leaves it, and gives their
 * names.
 */
export async function unpack(into, tarballs) {
  const names = [];
  for (const tarball of tarballs) {
    const path = join(into, "node_modules", ".unpacked");
    mkdirSync(path, { recursive: true });
    const { code, output } = await capture("tar", [
      ...["-xzf", tarball, "-C", path, "--strip-components=1"],
    ]);
    if (code !== 0) throw new Error(`unpack: could not unpack ${tarball}: ${output}`);
    const { name } = JSON.parse(readFileSync(join(path, "package.json"), "utf8"));
    mkdirSync(join(into, "node_modules", name, ".."), { recursive: true });
    renameSync(path, join(into, "node_modules", name));
    names.push(name);
  }
  return names;
}
