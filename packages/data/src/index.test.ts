import { readFileSync } from "node:fs";
import { expect, test } from "vitest";

/** The files that a file of src reaches, itself among them, and the packages they import. */
function reached(
  file: string,
  importsOf: Map<string, string[]> = new Map(),
): Map<string, string[]> {
  if (importsOf.has(file)) return importsOf;
  const imports = [
    ...readFileSync(new URL(file, import.meta.url), "utf8").matchAll(
      /^(?:import|export) (?!type )[^;]*?from "([^"]+)"/gm,
    ),
  ].map(([, name]) => name);
  importsOf.set(
    file,
    imports.filter((name) => !name.startsWith(".")),
  );
  for (const name of imports)
    if (name.startsWith("."))
      reached(
        new URL(name.replace(/\.js$/, ".ts"), new URL(file, import.meta.url)).href,
        importsOf,
      );
  return importsOf;
}

test("the main entry needs no platform: nothing but its own code and what is bundled into it", () => {
  const graph = reached(new URL("./index.ts", import.meta.url).href);
  expect(graph.size).toBeGreaterThan(10);
  expect(new Set([...graph.values()].flat())).toEqual(
    new Set(["@tenon/guards", "@tenon/inflate", "@tenon/random"]),
  );
  expect([...reached(new URL("./node.ts", import.meta.url).href).values()].flat()).toContain(
    "node:fs/promises",
  );
});
