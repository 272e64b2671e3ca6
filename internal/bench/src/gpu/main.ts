// What a training step takes on a GPU with Tenon and with its peers, and whether Tenon's results
// are right there: node main.mjs [--software --quick --W1 --explain --only tenon,jax-js].
import { fileURLToPath } from "node:url";
import { tablesOf } from "./figures.js";
import { outcomeOf, type Outcome } from "./outcome.js";
import { partsOf, secondsInAll } from "./parts.js";

const say = (text: string): void => void process.stdout.write(`${text}\n`);
const words = process.argv.slice(2);
const at = words.indexOf("--only");
const only = at < 0 ? undefined : words[at + 1]?.split(",");
const flags = words.filter((_, i) => at < 0 || (i !== at && i !== at + 1));
const all = partsOf({
  folder: fileURLToPath(new URL(".", import.meta.url)),
  data: process.env["TENON_MNIST"] ?? "data",
  node: process.execPath,
  python: process.env["TENON_PYTHON"] ?? "python3",
  flags,
});
const wrong = only?.find((name) => !all.some((part) => part.name === name));
if (at >= 0 && (only === undefined || wrong !== undefined)) {
  process.stderr.write(
    `--only: expected some of ${all.map(({ name }) => name).join(",")}, got ${wrong ?? "nothing"}\n`,
  );
  process.exit(2);
}

const isSoftware = flags.includes("--software");
const began = performance.now();
const outcomes: Outcome[] = [];
for (const part of all.filter(({ name }) => only?.includes(name) ?? true)) {
  const left = isSoftware ? Infinity : secondsInAll - (performance.now() - began) / 1000;
  if (left < 3) {
    const why = `${secondsInAll} s are over`;
    outcomes.push({ part, state: "left out", why, seconds: 0, lines: [] });
    continue;
  }
  say(`\n${part.name}`);
  const seconds = isSoftware ? 3600 : Math.min(part.seconds, left);
  outcomes.push(await outcomeOf(part, seconds, say));
}
for (const drawn of tablesOf(outcomes)) say(`\n${drawn}`);
say(`${Math.round((performance.now() - began) / 1000)} s in all`);

// 1 if anything failed, 3 if one of Tenon's own parts lacked something.
const hasFailed = outcomes.some(({ state }) => state === "failed");
const isMissing = outcomes.some(({ state, part }) => state === "left out" && !part.isPeer);
process.exit(hasFailed ? 1 : isMissing ? 3 : 0);
