import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import ts from "typescript";

/** A file's syntax tree, with comments. */
export const parsed = (file) =>
  ts.createSourceFile(file, readFileSync(file, "utf8"), ts.ScriptTarget.ES2022, true);

/**
 * The functions and values that a file exports, its own and those that it lists of other files:
 * a map from the name to `{ name, file, doc }`. Types are left out.
 */
export function exportsOf(file) {
  const found = new Map();
  const source = parsed(file);
  for (const node of source.statements) {
    if (ts.isExportDeclaration(node)) listed(node, file, found, source);
    else if (!isExported(node)) continue;
    else if (ts.isFunctionDeclaration(node)) declared(node.name, node, file, found);
    else if (ts.isVariableStatement(node))
      for (const { name } of node.declarationList.declarations) declared(name, node, file, found);
  }
  return found;
}

const isExported = (node) =>
  ts.canHaveModifiers(node) &&
  ts.getModifiers(node)?.some(({ kind }) => kind === ts.SyntaxKind.ExportKeyword);

/** Overloads come one after another; the first that has a comment describes them. */
function declared(id, node, file, found) {
  const name = id.text;
  const before = found.get(name);
  if (before?.doc) return;
  found.set(name, { name, file, doc: docOf(node) });
}

/** `export * from`, and `export { a, b } from`. */
function listed(node, file, found, source) {
  if (node.isTypeOnly) return;
  const from = node.moduleSpecifier
    ? exportsOf(join(dirname(file), node.moduleSpecifier.text.replace(/\.js$/, ".ts")))
    : ownOf(source, file);
  const names = node.exportClause
    ? node.exportClause.elements
        .filter(({ isTypeOnly }) => !isTypeOnly)
        .map(({ name, propertyName }) => [name.text, (propertyName ?? name).text])
    : [...from.keys()].map((name) => [name, name]);
  for (const [name, inner] of names)
    if (from.has(inner)) found.set(name, { ...from.get(inner), name });
}

/** What a file declares, exported or not. */
function ownOf(source, file) {
  const found = new Map();
  for (const node of source.statements)
    if (ts.isFunctionDeclaration(node)) declared(node.name, node, file, found);
    else if (ts.isVariableStatement(node))
      for (const { name } of node.declarationList.declarations) declared(name, node, file, found);
  return found;
}

/** The text of a declaration's comment without its tags; lines of a paragraph are joined. */
export function docOf(node) {
  const comment = node.jsDoc?.at(-1)?.comment;
  return (ts.getTextOfJSDocComment(comment) ?? "").replaceAll(/([^\n])\n(?!\n)/g, "$1 ").trim();
}

/** The methods of an interface: `{ name, file, doc }`. */
export function methodsOf(file, interfaceName) {
  const found = new Map();
  for (const node of parsed(file).statements)
    if (ts.isInterfaceDeclaration(node) && node.name.text === interfaceName)
      for (const member of node.members)
        if (ts.isMethodSignature(member)) declared(member.name, member, file, found);
  return found;
}

/** The public entries of a workspace's package: `[name to import, file]`. */
export const entriesOf = ({ path, manifest }) =>
  Object.entries(manifest.exports ?? {})
    .map(([entry, file]) => [manifest.name + entry.slice(1), join(path, file)])
    .filter(([, file]) => existsSync(file));
