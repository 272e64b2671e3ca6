import { dirname, join, relative } from "node:path";
import ts from "typescript";
import { parsed } from "./exports.mjs";
import { filesUnder, root } from "./root.mjs";

/**
 * Which functions of other libraries prove ours, as the golden tests' tables say: a map from
 * `file#name` of ours to names such as `torch.nn.Linear`. A row's runner proves what it names of
 * its own package, by itself or through helpers of its file; those of compositions, of all.
 *
 * @param entries of the packages: `{ name, file, exports }`
 * @param methods the keys of functions that are methods of a tensor, by name
 */
export function proofs(entries, methods) {
  const found = new Map();
  for (const path of filesUnder("src", ".golden.test.ts")) {
    const source = parsed(join(root, path));
    const isComposition = path.startsWith("internal/");
    const files = [source, ...helpersOf(source)];
    const own = new Map(files.flatMap((file) => [...declarationsOf(file)]));
    const imports = files.map((file) => importsOf(file, entries, isComposition));
    const single = new Map(imports.flatMap((of) => [...of.single]));
    const whole = new Map(imports.flatMap((of) => [...of.whole]));
    const isTensors = path.startsWith("packages/tensor/");
    const reach = reacher(own, { single, whole }, isTensors ? methods : new Map());
    for (const [theirs, runner] of rowsOf(source, own))
      for (const key of reach(runner)) {
        if (!found.has(key)) found.set(key, new Set());
        found.get(key).add(theirs.replace(/^([a-z]+)\/\1\./, "$1."));
      }
  }
  return found;
}

/** A declared function or value of ours, by its file and name. */
export const keyOf = ({ file, name }) => `${relative(root, file)}#${name}`;

/**
 * The entries of a file's tables, by their function: `"torch/torch.nn.Linear": runner`, also where
 * the key begins with a constant, or the table is given to a function that puts text before it:
 * `...runners("torch", "torch.nn.init.", table)`.
 */
function rowsOf(source, own) {
  const rows = [];
  const visit = (node) => {
    if (ts.isPropertyAssignment(node) || ts.isMethodDeclaration(node)) {
      const theirs = keyText(node.name, own);
      if (/^[a-z-]+\/\S+$/.test(theirs)) rows.push([theirs, node.initializer ?? node.body]);
    }
    if (ts.isSpreadAssignment(node) && ts.isCallExpression(node.expression))
      rows.push(...givenRows(node.expression.arguments, own));
    if (ts.isCallExpression(node)) rows.push(...mappedRows(node, own));
    ts.forEachChild(node, visit);
  };
  visit(source);
  return rows;
}

function givenRows(given, own) {
  const [, prefix = ""] = given.filter(ts.isStringLiteral).map(({ text }) => text);
  return given
    .filter(ts.isIdentifier)
    .concat(given.filter(ts.isCallExpression).flatMap((call) => [...call.arguments]))
    .flatMap(({ text }) => prefixed(prefix, text, own));
}

/** ``Object.entries(table).map(([name]) => [`optax/optax.${name}`, …])`` */
function mappedRows({ expression, arguments: [map] }, own) {
  const table = ts.isPropertyAccessExpression(expression) && expression.expression;
  if (!table || !ts.isCallExpression(table) || table.arguments.length !== 1) return [];
  const [, prefix] = /`[a-z-]+\/([\w.]+)\$\{/.exec(map?.getText() ?? "") ?? [];
  return prefix ? prefixed(prefix, table.arguments[0].text, own) : [];
}

/** The entries of a table, and of those that it is made of, with text before their names. */
function prefixed(prefix, table, own) {
  const literal = own.get(table);
  if (!literal || !ts.isObjectLiteralExpression(literal)) return [];
  return literal.properties.flatMap((property) => {
    if (ts.isSpreadAssignment(property)) return prefixed(prefix, property.expression.text, own);
    const text = property.name ? keyText(property.name, own) : "";
    return text && !text.includes("/") ? [[prefix + text, property.initializer ?? property]] : [];
  });
}

/** The files of helpers that a test imports from its own package. */
const helpersOf = (source) =>
  source.statements
    .filter(ts.isImportDeclaration)
    .map(({ moduleSpecifier: { text } }) => text)
    .filter((text) => text.startsWith(".") && !text.endsWith("/index.js"))
    .map((text) => parsed(join(dirname(source.fileName), text.replace(/\.js$/, ".ts"))));

/** The text of a property's name. */
function keyText(name, own) {
  if (ts.isStringLiteral(name) || ts.isIdentifier(name)) return name.text;
  const parts = ts.isComputedPropertyName(name) ? name.expression : undefined;
  if (!parts || !ts.isTemplateExpression(parts)) return "";
  return parts.templateSpans.reduce(
    (text, { expression, literal }) => text + (own.get(expression.text)?.text ?? "") + literal.text,
    parts.head.text,
  );
}

/** What a file imports of ours: single functions by name, and all exports of a package. */
function importsOf(source, entries, isComposition) {
  const single = new Map();
  const whole = new Map();
  for (const { moduleSpecifier, importClause } of source.statements.filter(
    ts.isImportDeclaration,
  )) {
    const from = moduleSpecifier.text;
    const path = join(dirname(source.fileName), from.replace(/\.js$/, ".ts"));
    const all = entries.find(({ name, file }) => (isComposition ? name === from : file === path));
    const bindings = importClause?.namedBindings;
    if (!all || !bindings || importClause.isTypeOnly) continue;
    if (ts.isNamespaceImport(bindings)) whole.set(bindings.name.text, all.exports);
    else
      for (const { name, propertyName } of bindings.elements)
        single.set(name.text, all.exports.get((propertyName ?? name).text));
  }
  // `const { constant, linear } = modules;`
  for (const { name, initializer } of source.statements
    .filter(ts.isVariableStatement)
    .flatMap(({ declarationList }) => [...declarationList.declarations]))
    if (ts.isObjectBindingPattern(name) && whole.has(initializer.text))
      for (const element of name.elements)
        single.set(
          element.name.text,
          whole.get(initializer.text).get((element.propertyName ?? element.name).text),
        );
  return { single, whole };
}

/** A function from a node to the keys of what it names, also through declarations of its file. */
function reacher(own, { single, whole }, methods) {
  return (start) => {
    const keys = new Set();
    const seen = new Set();
    const visit = (node) => {
      if (ts.isPropertyAccessExpression(node)) property(node);
      else if (ts.isPropertyAssignment(node)) visit(node.initializer);
      else if (ts.isIdentifier(node)) identifier(node.text);
      else ts.forEachChild(node, visit);
    };
    const property = ({ expression, name: { text } }) => {
      const all = ts.isIdentifier(expression) ? whole.get(expression.text) : undefined;
      if (all?.has(text)) keys.add(keyOf(all.get(text)));
      if (all) return;
      if (methods.has(text)) keys.add(methods.get(text));
      visit(expression);
    };
    const identifier = (text) => {
      if (single.get(text)) keys.add(keyOf(single.get(text)));
      if (!own.has(text) || seen.has(text) || isTable(own.get(text))) return;
      seen.add(text);
      visit(own.get(text));
    };
    visit(start);
    return keys;
  };
}

/** Functions by name: a row that builds one by the name of another does not prove all of them. */
const isTable = (node) =>
  ts.isObjectLiteralExpression(node) &&
  node.properties.some(
    (property) =>
      ts.isMethodDeclaration(property) ||
      (ts.isPropertyAssignment(property) && ts.isArrowFunction(property.initializer)),
  );

/** What a file declares at its top, by name. */
function declarationsOf(source) {
  const own = new Map();
  for (const node of source.statements) {
    if (ts.isFunctionDeclaration(node)) own.set(node.name.text, node);
    if (ts.isVariableStatement(node))
      for (const { name, initializer } of node.declarationList.declarations)
        if (initializer) own.set(name.text, initializer);
  }
  return own;
}
