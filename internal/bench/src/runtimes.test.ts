import { join } from "node:path";
import { expect, test } from "vitest";
import { runtimeOf, runtimes, variants } from "./runtimes.js";

const old = runtimeOf("node", "20.20.2 x64\n");
const young = runtimeOf("/opt/node24", "24.21.0 x64");
const arm = runtimeOf("node", "24.21.0 arm64");
const shown = (all: ReturnType<typeof variants>): string[] =>
  all.map(
    ({ name, runtime, wish, missing }) =>
      `${name} on ${runtime.name}, asks for ` +
      `${wish || "nothing"}${missing === undefined ? "" : ", missing"}`,
  );

test("code of 256 bits is made by Node 24 and newer on x64", () => {
  expect(
    [old, young, arm, runtimeOf("node", "26.0.0-nightly x64")].map(({ turbo }) => turbo),
  ).toEqual([false, true, false, true]);
  expect(young).toEqual({ command: "/opt/node24", name: "Node 24.21.0", turbo: true });
});

test("Tenon's engines take part on every Node that has them", () => {
  expect(shown(variants([old, young], false))).toEqual([
    "tenon on Node 20.20.2, asks for nothing",
    "tenon on Node 24.21.0, asks for nothing",
    "tenon-turbo on Node 24.21.0, asks for turbo",
    "tenon-relaxed on Node 20.20.2, asks for relaxed",
    "tenon-relaxed on Node 24.21.0, asks for relaxed",
  ]);
  expect(shown(variants([old, young], true))).toEqual([
    "tenon on Node 20.20.2, asks for nothing",
    "tenon-turbo on Node 24.21.0, asks for turbo",
    "tenon-relaxed on Node 20.20.2, asks for relaxed",
  ]);
});

test("turbo is left out with the reason where no Node has it", () => {
  expect(shown(variants([old], false))[1]).toBe(
    "tenon-turbo on Node 20.20.2, asks for turbo, missing",
  );
  expect(variants([old], false)[1]!.missing).toContain("Node 20.20.2 on ");
  expect(variants([arm], false)[1]!.missing).toContain(
    "npm install --prefix .cache/node24 node@24, or name one in TENON_NODE",
  );
});

test("the Node of the bench comes first, another only if it is another", () => {
  const [ownNode] = runtimes(undefined, join("not", "there"));
  expect(ownNode).toMatchObject({
    command: process.execPath,
    name: `Node ${process.versions.node}`,
  });
  expect(runtimes(process.execPath, "")).toEqual([ownNode]);
  expect(runtimes(undefined, process.execPath)).toEqual([ownNode]);
});

test("a Node that does not run is refused before anything is measured", () => {
  expect(() => runtimes(join("not", "there"), "")).toThrow(
    `bench: TENON_NODE expects the path of a Node, got ${join("not", "there")}, which does not ` +
      "run (",
  );
});
