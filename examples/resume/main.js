// Kills train.js in the middle, without warning, starts it again, and compares with a run that was
// left alone: the same weights, to the bit.
import { spawn } from "node:child_process";
import { readFile, rm } from "node:fs/promises";
import { createInterface } from "node:readline";

/** Runs train.js in a folder; kills it when it has saved that step. Gives what it wrote. */
async function run(folder, killAt) {
  const child = spawn(process.execPath, ["train.js", folder], { stdio: ["ignore", "pipe", 2] });
  const lines = [];
  for await (const line of createInterface({ input: child.stdout })) {
    lines.push(line);
    if (line === `step ${killAt} is saved`) child.kill("SIGKILL");
  }
  return lines;
}

for (const folder of ["killed", "alone"]) await rm(folder, { recursive: true, force: true });
const killed = await run("killed", 700);
const resumed = await run("killed");
if (killed.at(-1).startsWith("the loss") || resumed[0] === "from step 0")
  throw new Error("it was not killed, or did not go on");
console.log(`killed and resumed, ${resumed.at(-1)}`);
console.log(`left alone, ${(await run("alone")).at(-1)}`);
const last = (folder) => readFile(`${folder}/last.safetensors`);
const isEqual = (await last("killed")).equals(await last("alone"));
console.log(`the files are ${isEqual ? "equal" : "different"}, byte for byte`);
