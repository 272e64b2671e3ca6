import { execFileSync, spawn } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { cpus, loadavg, tmpdir } from "node:os";
import { join } from "node:path";
import { bundleApp } from "./bundle.mjs";
import { percent, timesTable } from "./recordsPage.mjs";
import { root } from "./root.mjs";
import { fail, say } from "./stage.mjs";

export const resultsFile = "internal/bench/results/records.json";
const file = join(root, ...resultsFile.split("/"));

/** What was measured. */
export const read = () =>
  existsSync(file) ? JSON.parse(readFileSync(file, "utf8")) : { seeds: {}, times: [], tried: [] };
const store = (results) => writeFileSync(file, `${JSON.stringify(results, null, 2)}\n`);

/** One run of the app, as a reader starts it: its result. */
async function once(words, { node, threads, turbo }) {
  const app = await bundleApp("mnist");
  const out = mkdtempSync(join(tmpdir(), "tenon-record-"));
  const args = [
    ...[app, ...words, "--json", "--quiet", "--out", join(out, "run")],
    ...(threads ? ["--threads", threads] : []),
    ...(turbo ? ["--turbo"] : []),
  ];
  const child = spawn(node, args, { stdio: ["ignore", "pipe", "pipe"] });
  let [text, problems] = ["", ""];
  child.stdout.on("data", (data) => (text += data));
  child.stderr.on("data", (data) => (problems += data));
  const code = await new Promise((resolve, reject) =>
    child.on("error", reject).on("close", resolve),
  );
  rmSync(out, { recursive: true });
  if (code !== 0) fail(`npm start -- ${words.join(" ")} failed: ${problems.trim()}`);
  return JSON.parse(text);
}

/**
 * Trains with each seed and stores accuracy and weights. Gives the seeds whose weights are others
 * than those that are stored.
 */
export async function measure(seeds, { recipe, ...how }) {
  const different = [];
  for (const seed of seeds) {
    const { testAccuracy, weightsSha256 } = await once(
      ["--recipe", recipe, "--seed", String(seed)],
      how,
    );
    say(`seed ${seed}: ${percent(testAccuracy)}, weights ${weightsSha256.slice(0, 16)}…`);
    // Another process may have stored seeds meanwhile.
    const results = read();
    const known = (results.seeds[recipe] ??= {});
    if (known[seed] && known[seed].weightsSha256 !== weightsSha256) different.push(seed);
    else known[seed] = { testAccuracy, weightsSha256 };
    store(results);
  }
  return different;
}

/**
 * Times recipes and `--recipe fast`, each run a process of its own, in turns, and stores medians.
 */
export async function time(runs, { recipe, ...how }) {
  const names = [...recipe.split(","), "fast"];
  const measured = names.map(() => []);
  const before = loadavg()[0];
  for (let run = 1; run <= runs; run++)
    for (const [i, name] of names.entries())
      measured[i].push(await once(["--recipe", name, "--seed", String(run)], how));
  const seconds = (i, of) => median(measured[i].map(of));
  const entry = {
    date: new Date().toISOString().slice(0, 10),
    processor: cpus()[0].model.trim(),
    node: execFileSync(how.node, ["--version"], { encoding: "utf8" }).trim(),
    threads: measured[0][0].threads,
    turbo: measured[0][0].turbo,
    load: [before, loadavg()[0]].map((load) => Number(load.toFixed(1))),
    runs,
    recipes: Object.fromEntries(
      names.map((name, i) => [
        name,
        {
          trainSeconds: seconds(i, (run) => run.trainSeconds - run.compileSeconds),
          compileSeconds: seconds(i, (run) => run.compileSeconds),
          msPerStep: seconds(i, (run) => run.msPerStep),
        },
      ]),
    ),
  };
  const results = read();
  results.times.push(entry);
  store(results);
  say(timesTable([entry]));
}

const median = (values) => {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length / 2;
  return Number(((sorted[Math.floor(middle)] + sorted[Math.ceil(middle) - 1]) / 2).toFixed(4));
};
