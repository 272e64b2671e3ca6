import { writeFileSync } from "node:fs";
import { cpus } from "node:os";
import { join } from "node:path";
import colors from "picocolors";
import { called, compete } from "./compete.js";
import { built, contenders, most, type Contender } from "./contenders.js";
import { furtherRows, drawn } from "./draw.js";
import { full, quick, type Effort } from "./effort.js";
import { alone, flagsOf, works, type Flags } from "./flags.js";
import { parts, type PartRow } from "./parts/parts.js";
import { rowsOf, type Row } from "./rows.js";
import { runtimes, variants, type Variant } from "./runtimes.js";

const say = (text: string): void => void process.stdout.write(`${text}\n`);
const passing = (text: string): void => {
  if (process.stderr.isTTY) process.stderr.write(`\r\u001b[K${text}`);
};

/** The rows of the works in which libraries compete, which are shown as they come. */
async function comparedRows(
  all: readonly Contender[],
  flags: Flags,
  effort: Effort,
): Promise<readonly Row[]> {
  const rows: Row[] = [];
  for (const [work, what] of Object.entries(works).filter(([work]) => flags.only.includes(work))) {
    say(`\n${colors.bold(work)}  ${what}`);
    const runs = await compete(
      all.filter(({ missing, works }) => missing === undefined && works.includes(work)),
      work,
      effort,
      passing,
    );
    passing("");
    const newRows = rowsOf(work, runs, effort.steps);
    rows.push(...newRows);
    say(drawn(newRows));
    for (const { contender, threads, note } of newRows)
      if (note !== "") say(colors.dim(`${contender} on ${threads}: ${note}`));
    for (const { contender, failed } of runs)
      if (failed !== undefined) say(colors.yellow(`left out: ${called(contender)}: ${failed}`));
  }
  if (rows.length > 0) {
    say(
      `\n${colors.bold("further")}  the most memory of a process, its runtime and MNIST ` +
        `included${effort.together ? "" : "; seconds from its start to the end of the first step"}`,
    );
    say(furtherRows(rows, !effort.together));
  }
  return rows;
}

/** The rows of the parts that measure Tenon alone. */
async function partRows(able: readonly Variant[], flags: Flags): Promise<readonly PartRow[]> {
  const others: PartRow[] = [];
  for (const name of alone.filter((name) => flags.only.includes(name))) {
    const leaveOut = (engine: string, why: string): void => {
      passing("");
      say(colors.yellow(`left out: ${engine}: ${why}`));
    };
    if (able.length === 0) {
      leaveOut(name, "it measures Tenon alone, which does not take part");
      continue;
    }
    say(`\n${colors.bold(name)}  ${parts[name].what}`);
    const {
      rows: partRows,
      drawn: drawnPart,
      note,
    } = await parts[name].run({
      variants: able,
      most,
      quick: flags.quick,
      built,
      report: passing,
      leaveOut,
    });
    passing("");
    if (partRows.length === 0) continue;
    others.push(...partRows);
    say(drawnPart);
    if (note !== undefined) say(colors.dim(note));
  }
  return others;
}

async function main(argv: readonly string[]): Promise<void> {
  const flags = flagsOf(argv);
  const effort = flags.quick ? quick : full;
  const began = performance.now();
  say(
    `${cpus()[0]?.model.trim() ?? "a machine"}, ${cpus().length} cores; Node ` +
      `${process.versions.node}${flags.quick ? "; a quick run, the figures are rough" : ""}`,
  );
  const ours = variants(
    runtimes(
      process.env["TENON_NODE"],
      join(built, "..", "node24", "node_modules", "node", "bin", "node"),
    ),
    flags.quick,
  );
  const all = flags.only.some((part) => part in works)
    ? contenders(flags.contenders, ours, flags.quick, say)
    : [];
  const engines = ours.filter(({ name }) => flags.contenders.includes(name));
  const able = engines.filter(({ missing }) => missing === undefined);
  for (const [name, why] of new Map(
    [...engines, ...all].map(({ name, missing }) => [name, missing]),
  ))
    if (why !== undefined) say(colors.yellow(`left out: ${name}: ${why}`));
  const rows = await comparedRows(all, flags, effort);
  const others = await partRows(able, flags);
  if (flags.json !== undefined)
    writeFileSync(flags.json, `${JSON.stringify([...rows, ...others], null, 2)}\n`);
  say(colors.dim(`\n${Math.round((performance.now() - began) / 1000)} s in all`));
}

await main(process.argv.slice(2)).catch((error: Error) => {
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 2;
});
