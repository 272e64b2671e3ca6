/// <reference types="node" />
import { readdirSync, readFileSync } from "node:fs";
import ts from "typescript";
import { describe, expect, test } from "vitest";

/**
 * What a package promises whose values are the same on every machine: it uses only functions of
 * `Math` whose results every platform must round equally, and from other packages only those named.
 * @param folder the package's sources: `new URL(".", import.meta.url)`
 */
export function platformSuite(
  folder: URL,
  allowed: { readonly math: readonly string[]; readonly packages?: readonly string[] },
): void {
  const files = readdirSync(folder, { recursive: true, encoding: "utf8" }).filter(
    (file) => file.endsWith(".ts") && !/\.test(ing)?\.ts$/.test(file),
  );
  describe("the same on every platform", () => {
    test.each(files)("%s", (file) => {
      // The compiler's output: no types, no comments.
      const { outputText: code } = ts.transpileModule(readFileSync(new URL(file, folder), "utf8"), {
        compilerOptions: {
          target: ts.ScriptTarget.ES2022,
          module: ts.ModuleKind.ESNext,
          removeComments: true,
          verbatimModuleSyntax: true,
        },
      });
      expect(
        [...code.matchAll(/\bMath\.(\w+)/g)]
          .map((match) => match[1]!)
          .filter((name) => !allowed.math.includes(name)),
      ).toEqual([]);
      expect(code).not.toContain("**");
      expect(
        [...code.matchAll(/from "([^"]+)"/g)]
          .map((match) => match[1]!)
          .filter((name) => !name.startsWith(".") && !(allowed.packages ?? []).includes(name)),
      ).toEqual([]);
    });
  });
}
