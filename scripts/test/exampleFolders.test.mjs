import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { exampleFolders, problemsOf, withOutput } from "../lib/exampleFolders.mjs";
import { root } from "../lib/root.mjs";

const folders = exampleFolders();

test.each(folders)("examples/$name is short, and lists what it imports", (example) =>
  expect(problemsOf(example)).toEqual([]),
);

test("what is missing, needless or long in a folder is named", () => {
  const manifest = { dependencies: { "@tenon/data": "^9.0.0", unused: "1" } };
  const code = { "main.js": `import { x } from "left-out";\n${"x();\n".repeat(59)}` };
  expect(problemsOf({ manifest, code })).toEqual([
    "expected less than 60 lines of code, got 60",
    "package.json lists @tenon/data, which is not imported",
    "package.json lists unused, which is not imported",
    "left-out is imported, and package.json does not list it",
    expect.stringMatching(/^expected @tenon\/data \^\S+, got \^9\.0\.0$/),
  ]);
});

test("the output goes into a README's block, and a README without one is refused", () => {
  expect(withOutput("It prints:\n\n```text\nold\n```\nend\n", "new\n")).toBe(
    "It prints:\n\n```text\nnew\n```\nend\n",
  );
  expect(() => withOutput("# none\n", "new\n")).toThrow("It prints");
});

test("examples/README.md lists every folder", () => {
  const listed = readFileSync(join(root, "examples", "README.md"), "utf8");
  expect([...listed.matchAll(/\]\(([^)]+)\)/g)].map(([, name]) => name).sort()).toEqual(
    folders.map(({ name }) => name),
  );
});
