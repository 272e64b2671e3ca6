import { execFile } from "node:child_process";
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { basename, dirname, join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, test } from "vitest";
import { blocksOf } from "../lib/examples.mjs";
import { root } from "../lib/root.mjs";

const run = promisify(execFile);
const page = readFileSync(join(root, "CONTRIBUTING.md"), "utf8");
const files = blocksOf(join(root, "CONTRIBUTING.md")).filter(({ file }) => file);

let copy;
beforeAll(() => {
  copy = realpathSync(mkdtempSync(join(tmpdir(), "tenon-walk-")));
  // The repository as somebody has it who has cloned it and run npm test once.
  const left = new Set([
    "node_modules",
    "dist",
    ".turbo",
    ".cache",
    ".git",
    "runs",
    "shared",
    "coverage",
  ]);
  for (const name of readdirSync(root).filter((name) => !left.has(name))) {
    // What the packages have for node_modules are links inside the repository.
    cpSync(join(root, name), join(copy, name), {
      recursive: true,
      verbatimSymlinks: true,
      filter: (from) => basename(from) === "node_modules" || !left.has(basename(from)),
    });
  }
  symlinkSync(join(root, "node_modules"), join(copy, "node_modules"), "junction");
}, 60_000);
afterAll(() => rmSync(copy, { recursive: true, force: true }));

/** What somebody types there, who then reads what it says. */
const type = (command) =>
  run("sh", ["-c", command], {
    cwd: copy,
    env: { ...process.env, NO_COLOR: "1", CI: "true" },
    maxBuffer: 2 ** 26,
  }).catch(({ stdout, stderr }) => expect.fail(`${command}\n${stdout}${stderr}`));

/** Puts a line where the alphabet wants it. */
function withLine(file, line) {
  const lines = readFileSync(file, "utf8").split("\n").filter(Boolean);
  writeFileSync(file, `${[...lines, line].sort().join("\n")}\n`);
}

test("a new module is four files: itself, its test, one line in index.ts, one changeset", () => {
  expect(files.map(({ file }) => file)).toEqual([
    "packages/schedulers/src/inverseSquareRoot.ts",
    "packages/schedulers/src/inverseSquareRoot.test.ts",
    "packages/schedulers/src/index.ts",
    ".changeset/inverse-square-root.md",
  ]);
  expect(files[2].text).toMatch(/^export \* from "\.\/\w+\.js";\n$/);
});

test(
  "the walk of CONTRIBUTING.md, typed as it stands, passes the check that it names, with all tests of the package",
  { timeout: 240_000 },
  async () => {
    for (const { file, text } of files) {
      mkdirSync(dirname(join(copy, file)), { recursive: true });
      if (file.endsWith("index.ts")) withLine(join(copy, file), text.trim());
      else writeFileSync(join(copy, file), text);
    }
    const [, command] = /`(npm test -- [^`]+)` shows whether it stands/.exec(page);
    expect(command).toBe("npm test -- packages/schedulers");
    const { stdout } = await type(command);
    expect(stdout).toMatch(/packages\/schedulers\/src\/inverseSquareRoot\.test\.ts/);
    expect(stdout).toMatch(/packages\/schedulers\/src\/scheduleFromJSON\.test\.ts/);
    expect(stdout).toMatch(/packages\/schedulers\/src\/platform\.test\.ts/);
    expect(stdout).toMatch(/Tests +\d+ passed/);
    await type("cd packages/schedulers && ../../node_modules/.bin/tsc --noEmit -p .");
    await type(
      "node_modules/.bin/vitest run internal/compositions/src/options.test.ts -t inverseSquareRoot",
    );
  },
);

test(
  "a new optimizer is compiled ahead of time by the command that the page names, and missed before",
  { timeout: 240_000 },
  async () => {
    const optimizers = join(copy, "packages", "optimizers", "src");
    // Adam with another denominator: a loop that nothing else has.
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
  return preset("halfway", rule, scaleByLearningRate(learningRate));
}
`,
    );
    withLine(join(optimizers, "index.ts"), 'export * from "./halfway.js";');
    const [, command] = /`(npm test -- [^`]+ -u)` writes them into `compiled\.ts`/.exec(page);
    const before = await run("sh", ["-c", command.replace(/ -u$/, "")], {
      cwd: copy,
      env: { ...process.env, NO_COLOR: "1", CI: "true" },
    }).then(
      () => "passed",
      ({ stdout, stderr }) => stdout + stderr,
    );
    expect(before).toContain(command);
    await type(command);
    expect(readFileSync(join(optimizers, "internal", "compiled.ts"), "utf8")).toContain(
      "// halfway\n",
    );
    await type(command.replace(/ -u$/, ""));
  },
);
