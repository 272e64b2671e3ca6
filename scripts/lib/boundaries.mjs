import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative, resolve, sep } from "node:path";
import ts from "typescript";

/**
 * The allowed imports of each package. `imports` are dependencies at run time; `bundles` are
 * dependencies of the build alone, whose code becomes part of the package's own.
 * `npm run boundaries -- --write` writes them to the table in docs/architecture.md.
 */
export const allowedImports = {
  contracts: { imports: [] },
  random: { imports: ["contracts"], bundles: ["guards"] },
  init: { imports: ["contracts"], bundles: ["random", "guards"] },
  schedulers: { imports: ["contracts"], bundles: ["random", "guards"] },
  optimizers: { imports: ["contracts"], bundles: ["emit", "guards"] },
  regularizers: { imports: ["contracts"], bundles: ["guards"] },
  tensor: { imports: ["contracts", "random"], bundles: ["guards"] },
  wasm: { imports: ["contracts", "tensor"], bundles: ["emit", "plan", "guards"] },
  webgpu: { imports: ["contracts", "tensor"], bundles: ["plan", "guards"] },
  layers: { imports: ["contracts", "tensor", "init"], bundles: ["random", "guards"] },
  losses: { imports: ["contracts", "tensor"], bundles: ["guards"] },
  metrics: { imports: ["contracts"], bundles: ["guards"] },
  data: { imports: ["contracts"], bundles: ["random", "inflate", "guards"] },
  trainer: { imports: ["contracts", "tensor"], bundles: ["guards"] },
  formats: { imports: ["contracts"], bundles: ["inflate", "guards"] },
  doctor: { imports: ["contracts"], bundles: ["guards"] },
  emit: { imports: [] },
  plan: { imports: ["contracts", "tensor"], bundles: ["guards"] },
  guards: { imports: [] },
  inflate: { imports: [] },
  testkit: { imports: ["contracts"], libraries: ["vitest", "typescript"] },
  conformance: {
    imports: ["contracts", "tensor", "testkit"],
    libraries: ["vitest", "fast-check", "@vitest/runner"],
  },
  golden: { imports: [] },
  bench: { imports: "anything" },
  compositions: { imports: "anything" },
  experiments: { imports: "anything" },
  figures: { imports: "anything" },
  hosts: { imports: "anything" },
  terminal: { imports: "anything" },
  mnist: { imports: "anything" },
  lab: { imports: "anything" },
  docs: { imports: "anything" },
  // A module that the build of the page makes.
  web: { imports: "anything", libraries: ["virtual:experiments"] },
};

/** Packages whose built JavaScript imports only `node:` modules, and those only in `./node`. */
export const leaves = [
  "random",
  "init",
  "schedulers",
  "optimizers",
  "regularizers",
  "metrics",
  "data",
  "formats",
  "doctor",
];

const packageOf = (specifier) =>
  specifier
    .split("/")
    .slice(0, specifier.startsWith("@") ? 2 : 1)
    .join("/");

/** The table of packages in docs/architecture.md, as Markdown. */
export function importTable(packages, table = allowedImports) {
  const list = (names = []) => names.map((name) => `\`${name}\``).join(", ");
  const rows = packages.map(({ group, folder, manifest }) => {
    const { imports, bundles, libraries } = table[folder] ?? {};
    return [
      group === "packages" ? `\`${folder}\`` : `\`${group}/${folder}\``,
      manifest.description,
      imports === "anything" ? imports : list([...(imports ?? []), ...(libraries ?? [])]),
      list(bundles),
    ];
  });
  const head = ["package", "contents", "imports", "bundles"];
  const widths = head.map((title, i) =>
    Math.max(title.length, ...rows.map((row) => row[i].length)),
  );
  const line = (cells) => `| ${cells.map((cell, i) => cell.padEnd(widths[i])).join(" | ")} |`;
  const rule = widths.map((width) => "-".repeat(width));
  return [head, rule, ...rows].map(line).join("\n");
}

const marks = ["<!-- packages, by npm run boundaries -- --write -->", "<!-- end of packages -->"];

/** A page with the table between its two marks, which must be there. */
export function withImportTable(page, packages, table = allowedImports) {
  const [start, end] = marks.map((mark) => page.indexOf(mark));
  if (start < 0 || end < start)
    throw new Error(`docs/architecture.md: expected a table between ${marks.join(" and ")}`);
  return `${page.slice(0, start)}${marks[0]}\n\n${importTable(packages, table)}\n\n${page.slice(end)}`;
}

/**
 * The forbidden imports in the sources of these packages (`{ group, folder, path, manifest }`), one
 * sentence each. `shared` names the libraries that any test may use.
 */
export function forbiddenImports(
  packages,
  table = allowedImports,
  shared = ["vitest", "fast-check", "typescript", "esbuild", "prettier"],
) {
  const problems = [];
  for (const { folder, path, manifest } of packages) {
    const row = table[folder];
    if (!row) {
      problems.push(`${folder}: no row in scripts/lib/boundaries.mjs says what it may import`);
      continue;
    }
    const anything = row.imports === "anything";
    const names = (list = []) => list.map((name) => `@tenon/${name}`);
    const dependencies = Object.keys(manifest.dependencies ?? {});
    const dev = Object.keys(manifest.devDependencies ?? {});
    const allowed = anything
      ? [...dependencies, ...dev, ...shared, ...(row.libraries ?? [])]
      : [
          ...names(row.imports).filter((name) => dependencies.includes(name)),
          ...names(row.bundles).filter((name) => dev.includes(name)),
          ...(row.libraries ?? []),
        ];

    for (const name of dependencies) {
      if (!anything && !names(row.imports).includes(name))
        problems.push(`${folder}/package.json: may not depend on ${name}`);
    }
    // Files that no entry reaches are not shipped: tests, benches and their helpers.
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
        const permitted = isTest(file) ? [...allowed, ...dependencies, ...dev, ...shared] : allowed;
        if (name !== manifest.name && !permitted.includes(name))
          problems.push(`${where}: may not import ${specifier}`);
      }
    }
  }
  return problems;
}

/** The forbidden imports in the built JavaScript of the leaves, one sentence each. */
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

/** The files of a package that src/node.ts reaches and src/index.ts does not. */
function nodeFiles(path) {
  const portable = reached(join(path, "src", "index.ts"));
  return new Set([...reached(join(path, "src", "node.ts"))].filter((file) => !portable.has(file)));
}

/** A file and all files that it imports by relative paths, directly or through others. */
function reached(entry, visited = new Set()) {
  if (visited.has(entry) || !existsSync(entry)) return visited;
  visited.add(entry);
  for (const specifier of importsOf(entry).filter((name) => name.startsWith("."))) {
    const file = resolve(dirname(entry), specifier);
    reached(entry.endsWith(".ts") ? file.replace(/\.js$/, ".ts") : file, visited);
  }
  return visited;
}

const inside = (folder, file) => !relative(folder, file).startsWith("..");
