import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import ts from "typescript";

const printer = ts.createPrinter({ removeComments: true });

/** A package's API report: the declarations that are published, without comments, by name. */
export function apiReport({ path, manifest }) {
  return [
    `# API of ${manifest.name}`,
    "",
    "Written by `npm run build && npm run api -- --write` from the declarations as they are published, so that a change of a type is",
    "seen in review.",
    "",
    ...Object.entries(manifest.publishConfig.exports)
      .filter(([, { types }]) => types !== undefined)
      .flatMap(([entry, { types }]) => [
        `## ${join(manifest.name, entry).replaceAll("\\", "/")}`,
        "",
        "```ts",
        ...declarationsOf(join(path, types)),
        "```",
        "",
      ]),
  ].join("\n");
}

/**
 * The types that what a package exports refers to and that no entry exports: who writes them down
 * in code of their own has no name for them.
 */
export function unexported({ path, manifest }) {
  const entries = Object.values(manifest.publishConfig.exports)
    .filter(({ types }) => types !== undefined)
    .map(({ types }) => reached(join(path, types)));
  const exported = new Set(entries.flatMap((entry) => [...entry.exported.keys()]));
  const names = entries.flatMap(({ declared, names }) =>
    names.filter((name) => declared.has(name)),
  );
  return [...new Set(names)].filter((name) => !exported.has(name));
}

/** What a file declares, imports and exports, and the names of all that its exports refer to. */
function reached(file) {
  const { declared, imported, exported } = readDeclarations(file);
  const unknown = [...exported.keys()].filter((name) => !declared.has(name));
  if (unknown.length > 0)
    throw new Error(`declarationsOf: ${file} exports ${unknown.join(", ")}, not declared there`);
  const used = new Set(exported.keys());
  // A set that grows while it is walked: what is referred to comes after what refers to it.
  for (const name of used)
    for (const node of declared.get(name) ?? [])
      for (const other of identifiersOf(node))
        if (declared.has(other) || imported.has(other)) used.add(other);
  return { declared, imported, exported, names: [...used].sort() };
}

/** What a file of declarations exports, and what that refers to, as text. */
export function declarationsOf(file) {
  const { declared, imported, exported, names } = reached(file);
  const texts = (name) => declared.get(name).map(textOf);
  return [
    ...importsOf(names.flatMap((name) => imported.get(name) ?? [])),
    ...names
      .filter((name) => exported.has(name))
      .flatMap((name) => [
        ...texts(name).map((text) => `export ${text}`),
        ...exported
          .get(name)
          .filter((as) => as !== name)
          .map((as) => `export { ${name} as ${as} };`),
      ]),
    ...names.filter((name) => declared.has(name) && !exported.has(name)).flatMap(texts),
  ];
}

const textOf = (node) =>
  printer.printNode(ts.EmitHint.Unspecified, node, node.getSourceFile()).replace(/^declare /, "");

/** Lines of import, for `{ from, text }`. */
const importsOf = (entries) =>
  [...new Set(entries.map(({ from }) => from))].sort().map((from) => {
    const texts = entries.filter((entry) => entry.from === from).map(({ text }) => text);
    return `import type { ${texts.join(", ")} } from "${from}";`;
  });

/**
 * The declarations of a file and of the files beside it that share some: `declared` and `imported`
 * by name there, `exported` from that name to those it is exported under.
 */
function readDeclarations(file) {
  const source = ts.createSourceFile(
    file,
    readFileSync(file, "utf8"),
    ts.ScriptTarget.ES2022,
    true,
  );
  const found = { declared: new Map(), imported: new Map(), exported: new Map() };
  const shared = (specifier) => {
    const other = readDeclarations(join(dirname(file), specifier.replace(/\.js$/, ".d.ts")));
    for (const [name, nodes] of other.declared) found.declared.set(name, nodes);
    for (const [name, entry] of other.imported) found.imported.set(name, entry);
    return other.exported;
  };
  for (const node of source.statements) {
    const from = node.moduleSpecifier?.text;
    const names = from?.startsWith(".") ? shared(from) : undefined;
    if (ts.isImportDeclaration(node) && !names)
      for (const element of node.importClause.namedBindings.elements)
        found.imported.set(element.name.text, { from, text: element.getText() });
    else if (ts.isExportDeclaration(node))
      for (const { name, propertyName } of node.exportClause.elements) {
        const given = (propertyName ?? name).text;
        const local = names ? [...names].find(([, as]) => as.includes(given))[0] : given;
        found.exported.set(local, [...(found.exported.get(local) ?? []), name.text]);
      }
    else if (!ts.isImportDeclaration(node))
      for (const name of namesOf(node))
        found.declared.set(name, [...(found.declared.get(name) ?? []), node]);
  }
  return found;
}

const namesOf = (node) =>
  ts.isVariableStatement(node)
    ? node.declarationList.declarations.map(({ name }) => name.text)
    : [node.name.text];

/** The names in a node that may refer to other declarations. */
function identifiersOf(node) {
  const found = [];
  const visit = (child) => {
    if (ts.isIdentifier(child)) found.push(child.text);
    ts.forEachChild(child, visit);
  };
  visit(node);
  return found;
}
