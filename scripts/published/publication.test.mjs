import { cpSync, existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { publishedAt as home } from "../lib/fixtures.mjs";
import { packed, stampOf } from "../lib/pack.mjs";
import { copied, installedFrom, published, versioned } from "../lib/publication.mjs";
import { registry, registryMissing } from "../lib/registry.mjs";
import { root } from "../lib/root.mjs";
import { capture } from "../lib/run.mjs";

const missing = registryMissing();
if (missing) console.warn(`SKIPPED: whether all can be published: ${missing}`);

const copy = join(home, "copy");
const all = join(home, "all");

describe.skipIf(missing)("a publication in a registry on this machine", () => {
  let packs;
  let version;
  let local;
  beforeAll(async () => {
    rmSync(home, { recursive: true, force: true });
    packs = await packed();
    local = await registry(join(home, "registry"));
    await copied(copy);
    version = await versioned(copy);
  });
  afterAll(() => local?.stop());

  test("changesets give all packages one version, and the first is 0.1.0", () => {
    const { version: now } = packs[0].manifest;
    if (now === "0.0.0") expect(version).toBe("0.1.0");
    else expect(version).toMatch(/^\d+\.\d+\.\d+$/);
  });

  test("each package has its changelog, and no changeset is left", () => {
    for (const { folder } of packs) {
      const changelog = readFileSync(join(copy, "packages", folder, "CHANGELOG.md"), "utf8");
      expect(changelog).toContain(`\n## ${version}\n`);
    }
    expect(readdirSync(join(copy, ".changeset")).filter((name) => name.endsWith(".md"))).toEqual(
      [],
    );
  });

  test("a release publishes all packages, with tags", async () => {
    const said = await published(copy, local);
    for (const { name } of packs) expect(said).toContain(`New tag:  ${name}@${version}`);
  });

  test("a second release publishes nothing", async () => {
    expect(await published(copy, local)).not.toMatch(/New tag/);
  });

  test("what npm installs from there is what was packed, with that version", async () => {
    await installedFrom(
      local,
      all,
      packs.map(({ name }) => name),
    );
    for (const { name, files, manifest } of packs) {
      const path = join(all, "node_modules", name);
      const found = JSON.parse(readFileSync(join(path, "package.json"), "utf8"));
      const dependencies =
        manifest.dependencies &&
        Object.fromEntries(Object.keys(manifest.dependencies).map((name) => [name, `^${version}`]));
      expect(found).toEqual({ ...manifest, version, ...(dependencies && { dependencies }) });
      expect(readdirSync(join(path, "dist")).sort()).toEqual(
        Object.keys(files)
          .filter((file) => file.startsWith("dist/"))
          .map((file) => file.slice(5)),
      );
      for (const file of ["README.md", "LICENSE"]) expect(existsSync(join(path, file))).toBe(true);
    }
  });

  test("it trains, to the same bits as everywhere", async () => {
    cpSync(join(root, "fixtures", "program"), all, { recursive: true });
    const { code, output } = await capture(process.execPath, ["main.js"], { cwd: all });
    expect({ code, output }).toMatchObject({ code: 0 });
    const { train } = JSON.parse(readFileSync(join(root, "fixtures", "expected.json"), "utf8"));
    expect(JSON.parse(output)).toMatchObject({ bits: train });
    writeFileSync(join(home, "stamp"), stampOf(packs)); // the fixtures are installed from there
  });

  test("one package brings only what it needs", async () => {
    const one = join(home, "one");
    await installedFrom(local, one, ["@tenon/optimizers"]);
    expect(readdirSync(join(one, "node_modules", "@tenon")).sort()).toEqual([
      "contracts",
      "optimizers",
    ]);
    const lock = JSON.parse(readFileSync(join(one, "package-lock.json"), "utf8"));
    for (const { resolved } of Object.values(lock.packages).filter(({ resolved }) => resolved))
      expect(resolved.startsWith(local.url)).toBe(true);
  });
});
