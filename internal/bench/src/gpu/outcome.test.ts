import { expect, test } from "vitest";
import { outcomeOf, type Outcome } from "./outcome.js";
import { partsOf } from "./parts.js";

const run = (code: string, more: object = {}, seconds = 60): Promise<Outcome> =>
  outcomeOf(
    {
      ...{ name: "part", command: process.execPath, args: ["-e", code] },
      ...{ isPeer: false, seconds, ...more },
    },
    seconds,
    () => {},
  );

test("a part that ends well gives the figures that it prints", async () => {
  const { state, lines } = await run(`console.log('{"a":1}\\nwords\\n{"b":2}')`);
  expect({ state, lines }).toEqual({ state: "passed", lines: [{ a: 1 }, { b: 2 }] });
});

test("one that fails is said with its status and its error; what it found is kept", async () => {
  const { state, why, lines } = await run(`console.log('{"a":1}'); throw new TypeError("no")`);
  expect({ state, why, lines }).toEqual({
    ...{ state: "failed", why: "status 1: TypeError: no", lines: [{ a: 1 }] },
  });
});

test("one that lacks something is left out, with its sentence", async () => {
  const { state, why } = await run(`console.error("no adapter"); process.exit(3)`);
  expect({ state, why }).toEqual({ state: "left out", why: "no adapter" });
});

test("a peer whose program is not there is left out", async () => {
  const gone = { command: "/nowhere/python3", isPeer: true };
  const { state, why } = await run("", gone);
  expect({ state, why }).toEqual({ state: "left out", why: "spawn /nowhere/python3 ENOENT" });
  expect((await run("", { ...gone, isPeer: false })).state).toBe("failed");
});

test("one that does not end is ended", async () => {
  const { state, why } = await run("setInterval(() => {}, 1000)", {}, 0.2);
  expect({ state, why }).toEqual({ state: "failed", why: "not done after 0 s" });
});

test("the bench on SwiftShader measures calls; in a small setting it runs all", () => {
  const names = (...flags: string[]): string[] =>
    partsOf({ folder: "f", data: "d", node: "node", python: "python3", flags }).map(
      ({ name }) => name,
    );
  expect(names("--software")).toEqual(["calls"]);
  expect(names("--software", "--quick")).toEqual(names());
  expect(names()).toEqual(expect.arrayContaining(["tenon", "torch", "jax", "jax-js", "tfjs"]));
});
