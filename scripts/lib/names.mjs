import { readFileSync } from "node:fs";
import { join } from "node:path";
import ts from "typescript";
import { root } from "./root.mjs";

/**
 * What other libraries call it: for each of them, by package of ours, rows of their call, ours, and
 * what differs; and `without`, what is not offered, with the reason. The source of
 * docs/migration.md, and of the names in docs/catalogue.md.
 */
export const libraries = ["tensorflowjs", "keras", "pytorch", "optax", "brainjs"].map((file) =>
  JSON.parse(readFileSync(join(root, "scripts", "names", `${file}.json`), "utf8")),
);

/** The rows of a library: `{ theirs, ours, differs, package }`. */
export const rowsOf = ({ packages }) =>
  Object.entries(packages).flatMap(([name, rows]) =>
    rows.map(([theirs, ours, differs]) => ({ theirs, ours, differs, package: `@tenon/${name}` })),
  );

/** The names in an expression that something outside it must declare. */
export function freeNames(expression) {
  const names = new Set();
  const bound = new Set();
  const visit = (node) => {
    if (ts.isParameter(node)) (ts.forEachChild(node.name, bind), bind(node.name));
    if (ts.isPropertyAccessExpression(node)) return visit(node.expression);
    if (ts.isPropertyAssignment(node)) return visit(node.initializer);
    if (ts.isIdentifier(node)) names.add(node.text);
    ts.forEachChild(node, visit);
  };
  const bind = (node) => {
    if (ts.isIdentifier(node)) bound.add(node.text);
    ts.forEachChild(node, bind);
  };
  visit(ts.createSourceFile("row.ts", `(${expression})`, ts.ScriptTarget.ES2022, true));
  return [...names].filter((name) => !bound.has(name));
}

/** What a row's name stands for: the function called, or the first part of a `chain`. */
export function headOf(expression) {
  const source = ts.createSourceFile("row.ts", `(${expression})`, ts.ScriptTarget.ES2022, true);
  const callee = (node) => {
    if (!ts.isCallExpression(node)) return (node.name ?? node).getText();
    const [first] = node.arguments;
    const isChain = node.expression.getText() === "chain";
    return callee(isChain && ts.isCallExpression(first) ? first : node.expression);
  };
  return callee(source.statements[0].expression.expression);
}

/**
 * Whether several methods after another are what another library has one name for: then no name
 * of ours is that one.
 */
export function isComposed(expression) {
  const source = ts.createSourceFile("row.ts", `(${expression})`, ts.ScriptTarget.ES2022, true);
  const hasCall = (node) => ts.isCallExpression(node) || ts.forEachChild(node, hasCall) === true;
  const outer = source.statements[0].expression.expression;
  return (
    ts.isCallExpression(outer) &&
    ts.isPropertyAccessExpression(outer.expression) &&
    hasCall(outer.expression.expression)
  );
}
