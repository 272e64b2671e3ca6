/// <reference types="node" />
import { everyExport, wrongArguments } from "@tenon/testkit";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, test } from "vitest";
import * as files from "./node.js";

const folder = mkdtempSync(join(tmpdir(), "tenon-node-"));
afterAll(() => rmSync(folder, { recursive: true }));
const paths: Readonly<Record<string, string>> = {
  lockFile: join(folder, "a.lock"),
  runFolder: folder,
  studyFolder: folder,
};

everyExport(files, Object.keys(paths), { add: "add a path to packages/formats/src/node.test.ts" });

test.each(Object.entries(paths))("%s refuses what is no path, by name", (name, path) =>
  wrongArguments(
    name,
    (files as unknown as Readonly<Record<string, (path: unknown) => unknown>>)[name]!,
    [path],
    (value) => value === "x",
  ),
);
