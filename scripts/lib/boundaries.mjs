import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative, resolve, sep } from "node:path";
import ts from "typescript";

/**
 * Who may enter which room (docs/architecture.md, section 2). `imports` are dependencies at run
 * time; what is in `bundles` is a dependency of the build alone: its code is inside the package's
 * own.
 */
export const rooms = {
  contracts: { imports: [] },
  random: { imports: ["contracts"], bundles: ["guards"] },
  init: { imports: ["contracts"], bundles: ["random", "guards"] },
  schedulers: { imports: ["contracts"], bundles: ["random", "guards"] },
  optimizers: { imports: ["contracts"], bundles: ["emit", "guards"] },
  regularizers: { imports: ["contracts"], bundles: ["guards"] },
  tensor: { imports: ["contracts", "random"], bundles: ["guards"] },
  wasm: { imports: ["contracts", "tensor"], bundles: ["emit", "guards"] },
  layers: { imports: ["contracts", "tensor", "init"], bundles: ["guards"] },
  losses: { imports: ["contracts", "tensor"], bundles: ["guards"] },
  metrics: { imports: ["contracts"], bundles: ["guards"] },
  data: { imports: ["contracts"], bundles: ["random", "guards"] },
  trainer: { imports: ["contracts", "tensor", "random"], bundles: ["guards"] },
  formats: { imports: ["contracts"], bundles: ["guards"] },
  emit: { imports: [] },
  guards: { imports: [] },
  testkit: { imports: ["contracts"], libraries: ["vitest", "typescript"] },
  golden: { imports: [] },
  bench: { imports: "anything" },
  compositions: { imports: "anything" },
  mnist: { imports: "anything" },
};

/**
 * Packages whose built JavaScript imports nothing outside itself, but for `node:` in entries of
 * their own for Node.
 */
export const leaves = [
  "random",
  "init",
  "schedulers",
  "optimizers",
  "regularizers",
  "metrics",
  "data",
  "formats",
];

const packageOf = (specifier) =>
  specifier
    .split("/")
    .slice(0, specifier.startsWith("@") ? 2 : 1)
    .join("/");

/**
 * What the sources of these packages (`{ group, folder, path, manifest }`) import and may not, one
 * sentence each. `shared` names the libraries that any test may use.
 */
export function forbiddenImports(
  packages,
  table = rooms,
  shared = ["vitest", "fast-check", "typescript", "esbuild"],
) {
  const problems = [];
  for (const { folder, path, manifest } of packages) {
    const room = table[folder];
    if (!room) {
      problems.push(`${folder}: no row in scripts/lib/boundaries.mjs says what it may import`);
      continue;
    }
    const anything = room.imports === "anything";
    const names = (list = []) => list.map((name) => `@tenon/${name}`);
    const dependencies = Object.keys(manifest.dependencies ?? {});
    const dev = Object.keys(manifest.devDependencies ?? {});
    const allowed = anything
      ? [...dependencies, ...dev, ...shared]
      : [
          ...names(room.imports).filter((name) => dependencies.includes(name)),
          ...names(room.bundles).filter((name) => dev.includes(name)),
          ...(room.libraries ?? []),
        ];

    for (const name of dependencies) {
      if (!anything && !names(room.imports).includes(name))
        problems.push(`${folder}/package.json: may not depend on ${name}`);
    }
    // What no entry reaches is not shipped: tests, benches, and what helps them.
    const shipped = anything
      ? undefined
      : new Set(entries(manifest).flatMap((entry) => [...reached(join(path, entry))]));
    const isTest = (file) => shipped !== undefined && !shipped.has(file);
    for (const { file, specifier } of importsUnder(path, "src", "bench", "test")) {
      const where = `${folder}/${relative(path, file).split(sep).join("/")}`;
      if (specifier.startsWith(".")) {
        if (!inside(path, resolve(dirname(file), specifier)))
          problems.push(`${where}: ${specifier} leaves the package; import its package by name`);
      } else if (specifier.startsWith("node:")) {
        if (leaves.includes(folder) && !isTest(file) && !nodeFiles(path).has(file))
          problems.push(
            `${where}: ${specifier} is for entries of Node only, and src/index.ts reaches this ` +
              "file",
          );
      } else {
        const name = packageOf(specifier);
        const known = isTest(file) ? [...allowed, ...dependencies, ...dev, ...shared] : allowed;
        if (name !== manifest.name && !known.includes(name))
          problems.push(`${where}: may not import ${specifier}`);
      }
    }
  }
  return problems;
}

/** What the built JavaScript of the leaves imports and may not, one sentence each. */
export function forbiddenInBuilt(packages, only = leaves) {
  const problems = [];
  for (const { folder, path } of packages.filter(({ folder }) => only.includes(folder))) {
    const dist = join(path, "dist");
    if (!existsSync(join(dist, "index.js"))) {
      problems.push(`${folder}: not built`);
      continue;
    }
    for (const entry of readdirSync(dist).filter(
      (name) => name.endsWith(".js") && !name.startsWith("chunk-"),
    )) {
      for (const file of reached(join(dist, entry))) {
        for (const specifier of importsOf(file).filter((name) => !name.startsWith("."))) {
          const allowed = specifier.startsWith("node:") && entry === "node.js";
          if (!allowed)
            problems.push(`${folder}/dist/${entry}: imports ${specifier}; it must import nothing`);
        }
      }
    }
  }
  return problems;
}

function importsOf(file) {
  return ts
    .preProcessFile(readFileSync(file, "utf8"), true, true)
    .importedFiles.map(({ fileName }) => fileName);
}

function importsUnder(path, ...folders) {
  return folders
    .filter((folder) => existsSync(join(path, folder)))
    .flatMap((folder) =>
      readdirSync(join(path, folder), { recursive: true })
        .filter((name) => name.endsWith(".ts"))
        .map((name) => join(path, folder, name)),
    )
    .flatMap((file) => importsOf(file).map((specifier) => ({ file, specifier })));
}

const entries = ({ exports = { ".": "./src/index.ts", "./node": "./src/node.ts" } }) =>
  Object.values(exports);

/** The files of a package that only its entries for Node reach: not src/index.ts. */
function nodeFiles(path) {
  const anywhere = reached(join(path, "src", "index.ts"));
  return new Set([...reached(join(path, "src", "node.ts"))].filter((file) => !anywhere.has(file)));
}

/** A file and all it imports by relative paths, and they. */
function reached(entry, seen = new Set()) {
  if (seen.has(entry) || !existsSync(entry)) return seen;
  seen.add(entry);
  for (const specifier of importsOf(entry).filter((name) => name.startsWith("."))) {
    const file = resolve(dirname(entry), specifier);
    reached(entry.endsWith(".ts") ? file.replace(/\.js$/, ".ts") : file, seen);
  }
  return seen;
}

const inside = (folder, file) => !relative(folder, file).startsWith("..");
