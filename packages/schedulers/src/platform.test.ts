/// <reference types="node" />
import { readdirSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";
import ts from "typescript";

const folder = new URL(".", import.meta.url);
const files = readdirSync(folder, { recursive: true, encoding: "utf8" }).filter((file) => file.endsWith(".ts") && !/\.test(ing)?\.ts$/.test(file));

/** What the compiler makes of a file: no types, no comments. */
function built(file: string): string {
  return ts.transpileModule(readFileSync(new URL(file, folder), "utf8"), {
    compilerOptions: { target: ts.ScriptTarget.ES2022, module: ts.ModuleKind.ESNext, removeComments: true, verbatimModuleSyntax: true },
  }).outputText;
}

test.each(files)("%s takes nothing from the platform that may differ, and only what is bundled from other packages", (file) => {
  const code = built(file);
  const used = new Set(code.match(/\bMath\.\w+/g));
  for (const exact of ["Math.PI", "Math.ceil", "Math.floor", "Math.max", "Math.min"]) used.delete(exact);
  expect([...used]).toEqual([]); // what is left is rounded as each engine likes
  expect(code).not.toContain("**");
  expect([...code.matchAll(/from "([^"]+)"/g)].map((match) => match[1]).filter((name) => !name.startsWith(".") && name !== "@tenon/random")).toEqual([]);
});
