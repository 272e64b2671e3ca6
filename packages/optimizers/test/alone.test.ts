import { execFile } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { afterAll, expect, test } from "vitest";

// The optimizers alone, as a user installs them: the packed tarball, npm, a script, no workspace.
const exec = promisify(execFile);
const root = fileURLToPath(new URL("../../..", import.meta.url));
const folder = mkdtempSync(join(tmpdir(), "tenon-alone-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const script = `
import { adam, onArrays } from "@tenon/optimizers";

const slope = new Float32Array(1), intercept = new Float32Array(1);
const gradients = { slope: new Float32Array(1), intercept: new Float32Array(1) };
const optimizer = onArrays(adam({ learningRate: 0.1 }), { slope, intercept });
const points = Array.from({ length: 50 }, (_, i) => ({ x: i / 25 - 1, y: 3 * (i / 25 - 1) - 2 + 0.1 * Math.cos(17 * i) }));
for (let step = 0; step < 2000; step++) {
  gradients.slope[0] = gradients.intercept[0] = 0;
  for (const { x, y } of points) {
    const error = slope[0] * x + intercept[0] - y;
    gradients.slope[0] += 2 * error * x / points.length;
    gradients.intercept[0] += 2 * error / points.length;
  }
  optimizer.step(gradients);
}
console.log(JSON.stringify({ points, slope: slope[0], intercept: intercept[0], exports: Object.keys(await import("@tenon/optimizers")).length }));
`;

/** Builds a package unless its build is younger than its sources; others may be reading it. */
async function built(name: string): Promise<string> {
  const path = join(root, "packages", name);
  const source = join(path, "src");
  const out = join(path, "dist", "index.d.ts");
  const newest = Math.max(
    ...readdirSync(source, { recursive: true }).map(
      (file) => statSync(join(source, String(file))).mtimeMs,
    ),
  );
  if (!existsSync(out) || statSync(out).mtimeMs < newest)
    await exec(join(root, "node_modules/.bin/tsup"), { cwd: path });
  return path;
}

async function packed(name: string): Promise<string> {
  const tarball = join(folder, `${name}.tgz`);
  await exec(join(root, "node_modules/.bin/pnpm"), ["pack", "--out", tarball], {
    cwd: await built(name),
  });
  return tarball;
}

test("installed from its tarball, it fits a line, and needs no package but contracts", async () => {
  const tarballs = [await packed("contracts"), await packed("optimizers")];
  writeFileSync(join(folder, "package.json"), JSON.stringify({ private: true, type: "module" }));
  writeFileSync(join(folder, "fit.mjs"), script);
  await exec("npm", ["install", "--offline", "--no-audit", "--no-fund", ...tarballs], {
    cwd: folder,
  });
  expect(readdirSync(join(folder, "node_modules")).filter((name) => !name.startsWith("."))).toEqual(
    ["@tenon"],
  );
  expect(readdirSync(join(folder, "node_modules/@tenon")).sort()).toEqual([
    "contracts",
    "optimizers",
  ]);
  expect(existsSync(join(folder, "node_modules/@tenon/optimizers/node_modules"))).toBe(false);

  const { points, slope, intercept, exports } = JSON.parse(
    (await exec("node", ["fit.mjs"], { cwd: folder })).stdout,
  ) as { points: { x: number; y: number }[]; slope: number; intercept: number; exports: number };
  // The line of least squares, from its normal equations.
  const mean = (value: (point: { x: number; y: number }) => number): number =>
    points.reduce((sum, point) => sum + value(point), 0) / points.length;
  const best =
    (mean(({ x, y }) => x * y) - mean(({ x }) => x) * mean(({ y }) => y)) /
    (mean(({ x }) => x * x) - mean(({ x }) => x) ** 2);
  expect(slope).toBeCloseTo(best, 5);
  expect(intercept).toBeCloseTo(mean(({ y }) => y) - best * mean(({ x }) => x), 5);
  expect(exports).toBeGreaterThan(15);
});
