import { writeFileSync } from "node:fs";
import { cpus } from "node:os";
import Table from "cli-table3";
import { Command, Option } from "commander";
import colors from "picocolors";
import { compete, type Effort } from "./compete.js";
import { contenders, type Contender } from "./contenders.js";
import { rowsOf, type Row } from "./rows.js";

const works = ["W1", "W2", "W3"] as const;
const what = { W1: "MLP 784-128-10, batch 128", W2: "MLP 784-512-256-10, batch 128", W3: "the tutorial's CNN with dropout, batch 64" } as const;
const names = ["tenon", "jax-js", "tfjs-wasm", "tfjs-cpu", "brain.js", "jax", "keras", "torch"];

const full: Effort = { steps: 200, seconds: 10, slowest: 400 };
const quick: Effort = { steps: 30, seconds: 1.5, slowest: 5 };

interface Flags {
  readonly json?: string;
  readonly only: readonly string[];
  readonly contenders?: readonly string[];
  readonly quick?: boolean;
}

const some = (flag: string, known: readonly string[]) => (text: string): string[] => text.split(",").map((name) => {
  if (!known.includes(name)) throw new Error(`${flag} expects some of ${known.join(",")}, got "${name}"`);
  return name;
});

function drawn(rows: readonly Row[]): string {
  const table = new Table({
    head: ["contender", "threads", "ms a step", "× Tenon", "first step, s", "memory, MB", "loss", "steps"],
    style: { head: ["bold"], border: ["dim"], compact: true }, colAligns: ["left", ...new Array<"right">(7).fill("right")],
  });
  for (const { contender, version, threads, msPerStep, ratioToTenon, firstStepSeconds, memoryMB, firstLoss, finalLoss, steps } of rows) table.push([
    contender === "tenon" ? colors.bold(contender) : `${contender} ${colors.dim(version)}`, threads, msPerStep === null ? "not timed" : msPerStep.toFixed(msPerStep < 10 ? 3 : 1),
    ratioToTenon === null ? "" : ratioToTenon.toFixed(2), firstStepSeconds.toFixed(2), memoryMB, `${firstLoss.toFixed(2)} → ${finalLoss.toFixed(2)}`, steps,
  ]);
  return table.toString();
}

async function main(argv: readonly string[]): Promise<void> {
  const program = new Command("npm run bench --").description("Trains three networks with Tenon and its peers in turns, and says how long a step takes.")
    .addOption(new Option("--json <file>", "also write the rows there"))
    .addOption(new Option("--only <works>", `some of ${works.join(",")}`).argParser(some("--only", works)).default([...works], works.join(",")))
    .addOption(new Option("--contenders <names>", `some of ${names.join(",")}`).argParser(some("--contenders", names)))
    .option("--quick", "fewer steps, without the slowest: under a minute")
    .parse(argv as string[], { from: "user" });
  const { json, only, contenders: chosen, quick: hasty } = program.opts<Flags>(), effort = hasty ? quick : full;
  const say = (text: string): void => void process.stdout.write(`${text}\n`);
  const passing = (text: string): void => { if (process.stderr.isTTY) process.stderr.write(`\r\u001b[K${text}`); };

  const all = contenders().filter(({ name }) => !chosen || chosen.includes(name));
  say(`${cpus()[0]?.model.trim() ?? "a machine"}, ${cpus().length} cores; Node ${process.versions.node}`);
  const absent = new Map(all.flatMap(({ name, missing }) => (missing === undefined ? [] : [[name, missing] as const])));
  for (const [name, why] of absent) say(colors.yellow(`left out: ${name}, ${why}`));
  const rows: Row[] = [];
  for (const work of works.filter((name) => only.includes(name))) {
    say(`\n${colors.bold(work)}  ${what[work]}`);
    const able = (contender: Contender): boolean => contender.missing === undefined && contender.works.includes(work);
    const runs = await compete(all.filter(able), work, effort, passing);
    passing("");
    const made = rowsOf(work, runs);
    rows.push(...made);
    say(drawn(made));
    for (const [name, note] of new Map(made.flatMap(({ contender, note }) => (note === "" ? [] : [[contender, note] as const])))) say(colors.dim(`${name}: ${note}`));
    for (const { contender, threads, failed } of runs) if (failed !== undefined) say(colors.yellow(`left out: ${contender.name} on ${threads}, ${failed}`));
  }
  if (json !== undefined) writeFileSync(json, `${JSON.stringify(rows, null, 2)}\n`);
}

await main(process.argv.slice(2)).catch((error: Error) => {
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 2;
});
