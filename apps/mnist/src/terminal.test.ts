import { spawn, spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { widthOf } from "@tenon/terminal";
import { beforeAll, beforeEach, expect, test } from "vitest";
import {
  built,
  dataFolder,
  firstDigits,
  folder,
  idx,
  names,
  progressAt,
  result,
  runApp,
} from "./testing.js";

const isLong = process.env["TENON_LONG"] !== undefined;
let app: string;
beforeAll(async () => {
  app = await built("terminal");
});

// A pseudo-terminal is what `script` of util-linux makes; Node has none of its own.
const found = spawnSync("script", ["--version"], { encoding: "utf8" }).stdout ?? "";
beforeEach(({ skip }) => {
  if (!found.includes("util-linux"))
    skip("no pseudo-terminal here: it needs the program `script` of util-linux");
});

interface Session {
  readonly code: number | null;
  readonly out: string;
}

/** Types on the terminal's keyboard, or closes it. */
interface Keyboard {
  type(text: string): void;
  close(): void;
}

/** Without colours. */
const plain = (text: string): string => text.replace(/\x1b\[[\d;]*m/g, "");

/** Runs a shell line in a terminal of `columns` columns; `watch` receives its output. */
function terminal(
  line: string,
  columns: number,
  watch: (out: string, keyboard: Keyboard) => void = () => {},
): Promise<Session> {
  const env: NodeJS.ProcessEnv = { ...process.env, TERM: "xterm-256color" };
  for (const name of ["NO_COLOR", "FORCE_COLOR", "CI"]) delete env[name];
  const cwd = fileURLToPath(new URL("../../..", import.meta.url));
  const child = spawn("script", ["-qec", `stty cols ${columns} rows 24; ${line}`, "/dev/null"], {
    cwd,
    env,
    stdio: ["pipe", "pipe", "pipe"],
  });
  let out = "";
  child.stdout.on("data", (text: Buffer) => {
    out += text.toString();
    watch(plain(out), {
      type: (keys) => child.stdin.write(keys),
      close: () => child.kill("SIGKILL"),
    });
  });
  return new Promise((resolve) => child.on("close", (code) => resolve({ code, out })));
}
const inTerminal = (
  args: string,
  columns: number,
  watch?: Parameters<typeof terminal>[2],
): Promise<Session> => terminal(`exec "${process.execPath}" "${app}" ${args}`, columns, watch);

/** A flag that is set once. */
function once(): (when: boolean) => boolean {
  let done = false;
  return (when) => when && !done && (done = true);
}

const data = (await firstDigits(12_800)).join(" ");
const long = `--model mlp ${data} --epochs 3`;

test(
  "Ctrl-C under npm, which sends it a second time: the step is finished, and the run " +
    "goes on from the middle of the epoch",
  async () => {
    // An epoch of seconds: also a slow terminal is quicker.
    const slow = `--model cnn ${data} --epochs 1`;
    const [out, whole, first] = [join(await folder(), "run"), join(await folder(), "run"), once()];
    const stopped = await terminal(
      `npm --silent start -- ${slow} --out ${out}`,
      80,
      (text, { type }) => {
        if (first(/epoch 1\/1 [█▏▎▍▌▋▊▉]/.test(text))) type("\x03");
      },
    );
    expect(stopped.out).toMatch(
      /Stopped after \d+ steps; nothing is lost\. Go on with:\s+npm start -- resume/,
    );
    expect(stopped.code).toBe(130);
    const { step, epoch, batch } = await progressAt(out);
    expect([epoch, step]).toEqual([0, batch]);
    expect(batch).toBeGreaterThan(0);
    const [resumed, straight] = [
      await runApp(app, ["resume", out, "--json"]),
      await runApp(app, [...slow.split(" "), "--json", "--out", whole]),
    ];
    expect(result(resumed)["weightsSha256"]).toBe(result(straight)["weightsSha256"]);
  },
);

test("Ctrl-C once more, later, ends it at once; what was saved is whole", async () => {
  const [out, first] = [join(await folder(), "run"), once()];
  const stopped = await inTerminal(`${long} --epochs 30 --out ${out}`, 80, (text, { type }) => {
    // Each reaches the app by itself and, by npm, again: only one a second later is another one.
    if (first(/epoch {1,2}1\/30 {2}loss/.test(text))) {
      type("\x03");
      type("\x03");
    }
  });
  expect(stopped.code).toBe(130);
  expect(stopped.out).toContain("nothing is lost");
  expect((await runApp(app, ["evaluate", out, "--json"])).code).toBe(0);
});

test.runIf(process.platform === "linux")(
  "Ctrl-C a second and more after the first ends it at once, although the disk does not answer",
  async () => {
    const [out, first, second] = [join(await folder(), "run"), once(), once()];
    const stopped = await inTerminal(`${long} --epochs 30 --out ${out}`, 80, (text, { type }) => {
      if (first(/epoch {1,2}1\/30 [█▏▎▍▌▋▊▉]/.test(text))) {
        // A write to a pipe without a reader never ends.
        const { pid } = JSON.parse(readFileSync(join(out, "run.lock"), "utf8")) as { pid: number };
        spawnSync("mkfifo", [join(out, `last.safetensors.${pid}.tmp`)]);
        type("\x03");
      }
      if (second(text.includes("it ends at once."))) setTimeout(() => type("\x03"), 1300);
    });
    expect(stopped.code).toBe(130);
    expect(stopped.out).not.toContain("nothing is lost");
    expect(existsSync(join(out, "run.lock"))).toBe(false);
    expect((await runApp(app, ["evaluate", out, "--json"])).code).toBe(0);
  },
);

test.each(isLong ? [60, 80] : [60])(
  "in %i columns what goes to stderr is broken between words, and its calls can be pasted",
  async (columns) => {
    const out = join(await folder(), "run");
    const quick = `--model mlp ${data} --limit 300 --quiet`;
    await runApp(app, [...`${quick} --epochs 1 --out`.split(" "), out]);
    for (const args of [
      `--epochs 0 --schedule step --l1 0.1 --l2 0.1 --clip-norm 1 ${quick} --out ${out}-2`,
      `--epochs 2 --early-stopping 3 --average ema ${quick} --out ${out}-3`,
      `${quick} --epochs 1 --out ${out}`,
      `resume ${out} --quiet`,
      `resume ${out} --epochs 1`,
      "evaluate /no/such/folder/anywhere/that/holds/a/run --best",
      "--model cnn --momentum 0.5 --optimizer adam --filters 8",
      "walk with a dog",
    ]) {
      const shown = plain((await inTerminal(`${args} 2>&1 >/dev/null`, columns)).out);
      const lines = shown.trimEnd().split(/\r?\n/);
      for (const line of lines) expect(line.length, line).toBeLessThanOrEqual(columns);
      expect(shown.trim().length, args).toBeGreaterThan(columns);
      const words = (text: string): string[] => text.split(/[\s\\]+/).filter((word) => word !== "");
      // Commands that start no run print the same again.
      if (!/^--epochs [02]/.test(args))
        expect(words(shown)).toEqual(words((await runApp(app, args.split(" "))).err));
    }
  },
);

test.each([
  ["SIGTERM", 143],
  ["SIGHUP", 129],
  ["SIGINT", 130],
] as const)("%s ends it as Ctrl-C does, with code %i", async (signal, code) => {
  const [out, first] = [join(await folder(), "run"), once()];
  const stopped = await runApp(
    app,
    [...`${long} --epochs 300`.split(" "), "--json", "--out", out],
    {
      watch: (text, kill) => {
        if (first(text.includes('"epoch":1,'))) kill(signal);
      },
    },
  );
  expect(stopped).toMatchObject({
    code,
    err: expect.stringMatching(
      /^Stopped after \d+ steps; nothing is lost\. Go on with: npm start -- resume .*\n$/,
    ) as string,
  });
  expect((await progressAt(out)).epoch).toBeGreaterThan(0);
  expect(existsSync(join(out, "run.lock"))).toBe(false);
});

test("when the terminal is closed, the step is finished and saved", async () => {
  const [out, first] = [join(await folder(), "run"), once()];
  await inTerminal(`${long} --epochs 100 --out ${out}`, 80, (text, { close }) => {
    if (first(/epoch 2\/100 [█▏▎▍▌▋▊▉]/.test(text))) close();
  });
  for (let i = 0; i < 100 && existsSync(join(out, "run.lock")); i++) await sleep(100);
  expect(existsSync(join(out, "run.lock"))).toBe(false);
  const { step, epoch, batch } = await progressAt(out);
  expect(step).toBe(200 * epoch + batch);
  expect(step).toBeGreaterThan(200);
});

/** Makes each file of images one that never arrives, and says when it is asked for. */
const unanswered = `
import { promises } from "node:fs";
import { syncBuiltinESMExports } from "node:module";
const { readFile } = promises;
promises.readFile = async (file, ...rest) => {
  if (!/images/.test(String(file))) return readFile(file, ...rest);
  console.log("asked for");
  return new Promise((arrives) => setTimeout(arrives, 600_000));
};
syncBuiltinESMExports();
`;

test("Ctrl-C while nothing is trained ends it at once, and leaves nothing", async () => {
  const [out, first] = [join(await folder(), "run"), once()];
  const before = `--import "data:text/javascript,${encodeURIComponent(unanswered)}"`;
  const stopped = await terminal(
    `exec "${process.execPath}" ${before} "${app}" --model mlp ${data} --out ${out}`,
    80,
    (text, { type }) => {
      if (first(text.includes("asked for"))) type("\x03");
    },
  );
  expect(stopped.out).toContain("asked for");
  expect(stopped.code).toBe(130);
  expect(existsSync(out)).toBe(false);
});

/**
 * The lines that a terminal shows in the end, if each fits: what is drawn again takes the place of
 * what was there.
 */
function linesOf(out: string): string[] {
  const lines = [""];
  let [row, column] = [0, 0];
  for (const [part, up] of plain(out).matchAll(/\x1b\[(\d+)A|\x1b\[J|\r|\n|[^\x1b\r\n]+/g)) {
    const line = lines[row]!;
    if (up !== undefined) row -= Number(up);
    else if (part === "\x1b[J") lines.splice(row, Infinity, line.slice(0, column));
    else if (part === "\r") column = 0;
    else if (part === "\n") lines[++row] ??= "";
    else {
      lines[row] = line.slice(0, column) + part + line.slice(column + part.length);
      column += part.length;
    }
  }
  return lines;
}

const narrowAndWide = [
  [60, "--doctor --language ko"],
  [160, "--doctor --observe-every 1"],
] as const;
const between = [
  [80, ""],
  [120, "--doctor"],
] as const;
test.each(isLong ? [...narrowAndWide, ...between] : narrowAndWide)(
  "in %i columns no line is broken by the terminal, and the test accuracy is said last %s",
  async (columns, doctor) => {
    const out = join(await folder(), "run");
    const data = await dataFolder({
      [names[0]]: idx([40, 28, 28], (i) => i % 251),
      [names[2]]: idx([20, 28, 28], (i) => i % 241),
    });
    const done = await inTerminal(
      `--model resnet --data ${data} --epochs 2 --validation-split 0.2 --label-smoothing ` +
        `0.1 ${doctor} --out ${out}`,
      columns,
    );
    expect(done.code).toBe(0);
    // Those drawn in between, too.
    for (const line of done.out.split(/[\r\n]+/))
      expect(widthOf(line.replace(/\x1b\[\d*[AJ]/g, "")), line).toBeLessThanOrEqual(columns);
    expect(plain(done.out)).toMatch(/\nloss +▁/);
    expect(plain(done.out).includes("\ngradient ")).toBe(doctor !== "");
    const lines = linesOf(done.out).filter((line) => line.trim() !== "");
    expect(lines.at(-1)).toContain("Test accuracy");
    expect(lines.filter((line) => /^(epoch )?[12]\/2 .*%/.test(plain(line)))).toHaveLength(2);
    const calls = done.out.replaceAll("\\\r\n", "").split("npm start -- ").length - 1;
    expect(calls).toBeGreaterThan(4);
    if (columns <= 80)
      for (const args of [
        `evaluate ${out}`,
        `predict ${out}`,
        "--help",
        "summary --model inception",
      ]) {
        for (const line of (await inTerminal(args, columns)).out.split(/\r?\n/))
          expect(plain(line).length, line).toBeLessThanOrEqual(columns);
      }
  },
);

test("in a terminal of few rows there are no curves", async () => {
  const call = `"${process.execPath}" "${app}" --model mlp ${data} --limit 640 --epochs 1`;
  const shown = await terminal(`stty rows 8; ${call} --out ${join(await folder(), "run")}`, 80);
  expect(shown.out).toMatch(/epoch 1\/1/);
  expect(plain(shown.out)).not.toMatch(/[▁▂▃▄]/);
});

test("a wrong answer is red, a right one green", async () => {
  const out = join(await folder(), "run");
  const args = `--model mlp ${data} --limit 640 --epochs 1 --quiet --out ${out}`;
  await runApp(app, args.split(" "));
  const outcomes = new Set<boolean>();
  for (let index = 0; index < 60 && outcomes.size < 2; index++) {
    const { prediction, truth } = result(
      await runApp(app, ["predict", out, "--json", "--index", `${index}`]),
    );
    if (outcomes.has(prediction === truth)) continue;
    outcomes.add(prediction === truth);
    const shown = (await inTerminal(`predict ${out} --index ${index}`, 80)).out;
    const colour = prediction === truth ? 32 : 31;
    expect(shown).toContain(`\x1b[${colour}mIt is taken for a ${String(prediction)}`);
    // the bar of the truth
    expect(shown).toMatch(new RegExp(`${String(truth)}\x1b\\[22m \x1b\\[32m`));
    if (prediction !== truth)
      expect(shown).toMatch(new RegExp(`${String(prediction)}\x1b\\[22m \x1b\\[31m`));
  }
  expect(outcomes.size).toBe(2);
});
