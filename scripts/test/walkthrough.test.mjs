import { execFile } from "node:child_process";
import { cpSync, mkdtempSync, readFileSync, readdirSync, realpathSync, rmSync } from "node:fs";
import { symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { root } from "../lib/root.mjs";
import { applyBlock, patched, walksOf } from "../lib/walks.mjs";

const run = promisify(execFile);
// What takes half a minute or more is for `npm run test:long`.
const isLong = process.env["TENON_LONG"] !== undefined;
const page = readFileSync(join(root, "CONTRIBUTING.md"), "utf8");
const walks = walksOf(join(root, "CONTRIBUTING.md"));

let copy;
beforeAll(() => {
  copy = realpathSync(mkdtempSync(join(tmpdir(), "tenon-walk-")));
  // The repository as it is after a clone and one run of npm test.
  const built = ["dist", ".turbo", ".cache", "runs", "coverage"];
  const omitted = new Set([...built, "node_modules", ".git", "shared"]);
  for (const name of readdirSync(root).filter((name) => !omitted.has(name))) {
    // The node_modules of the packages are copied: they are links inside the repository.
    cpSync(join(root, name), join(copy, name), {
      recursive: true,
      verbatimSymlinks: true,
      filter: (path) => !built.includes(basename(path)),
    });
  }
  symlinkSync(join(root, "node_modules"), join(copy, "node_modules"), "junction");
});
afterAll(() => rmSync(copy, { recursive: true, force: true }));

const shell = (command) =>
  run("sh", ["-c", command], {
    cwd: copy,
    env: { ...process.env, NO_COLOR: "1", CI: "true" },
    maxBuffer: 2 ** 26,
  });
/** What a command prints; a test fails where the command does. */
const output = (command) =>
  shell(command).then(
    ({ stdout }) => stdout,
    ({ stdout, stderr }) => expect.fail(`${command}\n${(stdout + stderr).slice(-3000)}`),
  );

/** For each walk: how many files it may cost, and the test of arguments that must find it. */
const expected = {
  "Adding a module": { files: 4, options: "inverseSquareRoot" },
  "Adding a layer": { files: 4, options: "layerScale" },
  "Adding an elementwise operation": { files: 7 },
  "Adding an operation with a kernel of its own": { files: 8 },
};

test("the page has these walks", () => {
  expect(walks.map(({ title }) => title)).toEqual(Object.keys(expected));
});

describe.each(walks)("$title", ({ title, files, check }) => {
  const paths = files.map(({ file }) => file);

  test("costs few files, with a test, a line in index.ts and a changeset among them", () => {
    expect(new Set(paths).size).toBeLessThanOrEqual(expected[title].files);
    expect(paths).toContainEqual(expect.stringMatching(/\.test\.ts$/));
    expect(paths).toContainEqual(expect.stringMatching(/^\.changeset\/[\w-]+\.md$/));
    const [index] = files.filter(({ file }) => file.endsWith("/src/index.ts"));
    expect(index.text).toMatch(/^export \* from "\.\/[\w/]+\.js";\n$/);
  });

  test("passes the check that it names", { timeout: 400_000 }, async () => {
    for (const block of files) applyBlock(copy, block);
    const printed = await output(check);
    for (const path of paths.filter((path) => path.endsWith(".test.ts")))
      expect(printed).toContain(path);
    expect(printed).toMatch(/Tests +\d+ passed/);
  });
});

describe("all that the walks wrote", () => {
  const paths = walks.flatMap(({ files }) => files.map(({ file }) => file));
  const sources = [...new Set(paths.filter((path) => path.endsWith(".ts")))];

  test.runIf(isLong)("has sound types", { timeout: 400_000 }, async () => {
    const include = [...new Set(sources.map((path) => `${path.split("/src/")[0]}/src`))];
    writeFileSync(
      join(copy, "tsconfig.json"),
      JSON.stringify({ extends: "./tsconfig.base.json", include }),
    );
    await output("node_modules/.bin/tsc --noEmit -p .");
  });

  test("is formatted", () => output(`node_modules/.bin/prettier --check ${sources.join(" ")}`));

  test.runIf(isLong)("is found by the test of options", { timeout: 240_000 }, async () => {
    const names = Object.values(expected).flatMap(({ options = [] }) => options);
    const printed = await output(
      "node_modules/.bin/vitest run --reporter=verbose internal/compositions/src/options.test.ts " +
        `-t "${names.join("|")}"`,
    );
    for (const name of names) expect(printed).toMatch(new RegExp(`✓.*${name}`));
  });
});

test("a diff is refused unless its lines occur exactly once", () => {
  expect(patched("a\nb\nc\n", " a\n+x\n-b\n@@\n c\n+d\n", "f")).toBe("a\nx\nc\nd\n");
  expect(() => patched("a\na\n", " a\n+x\n", "f")).toThrow("f: expected these lines once");
  expect(() => patched("a\n", " b\n+x\n", "f")).toThrow("f: expected these lines once");
});

test(
  "a new optimizer is compiled ahead of time by the command that the page names, and missed before",
  { timeout: 240_000 },
  async () => {
    const optimizers = join(copy, "packages", "optimizers", "src");
    // A loop that no other optimizer has.
    writeFileSync(
      join(optimizers, "halfway.ts"),
      `import type { Schedule, Transform } from "@tenon/contracts";
import { known } from "@tenon/guards";
import { perParameter } from "./internal/perParameter.js";
import { preset } from "./internal/preset.js";
import { scaleByLearningRate } from "./scaleByLearningRate.js";

export interface HalfwayOptions {
  readonly learningRate?: Schedule | number;
}

export function halfway(options: HalfwayOptions = {}): Transform {
  const { learningRate = 0.1 } = known("halfway", options, "learningRate");
  const rule = perParameter("halfway", { v: 0 }, {}, ({ g, v }) => ({ g: g.add(v).mul(0.5), v: g }));
  return preset("halfway", () => [rule, scaleByLearningRate(learningRate)]);
}
`,
    );
    applyBlock(copy, {
      file: "packages/optimizers/src/index.ts",
      text: 'export * from "./halfway.js";',
    });
    const [, command] = /`(npm test -- [^`]+ -u)` writes them into `compiled\.ts`/.exec(page);
    const before = await shell(command.replace(/ -u$/, "")).then(
      () => "passed",
      ({ stdout, stderr }) => stdout + stderr,
    );
    expect(before).toContain(command);
    await output(command);
    const compiled = join(optimizers, "internal", "arrays", "compiled.ts");
    expect(readFileSync(compiled, "utf8")).toContain("// halfway\n");
    await output(command.replace(/ -u$/, ""));
  },
);
