import { spawn, type ChildProcess } from "node:child_process";
import { mkdtempSync, readdirSync, rmSync, truncateSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Call } from "./dropoutStudy.js";

// `npm run test:long -- internal/compositions/src/dropoutStudy` trains on all of MNIST.
const long = process.env["TENON_LONG"] === "1";
const call: Call = long
  ? { train: 60_000, validation: 10_000, checkpointEvery: 500 }
  : { train: 256, validation: 128, checkpointEvery: 3 };
const steps = Math.ceil(call.train / 32);
const timeout = long ? 3_600_000 : 240_000;

const root = mkdtempSync(join(tmpdir(), "tenon-study-"));
// In the package, from which the digits are found.
const program = fileURLToPath(new URL("../dist/test/dropoutStudy.mjs", import.meta.url));
afterAll(() => rmSync(root, { recursive: true }));
beforeAll(() =>
  build({
    stdin: {
      resolveDir: import.meta.dirname,
      loader: "ts",
      contents: `
        import { dropoutStudy } from "./dropoutStudy.ts";
        await dropoutStudy(JSON.parse(process.argv[2]));`,
    },
    outfile: program,
    bundle: true,
    format: "esm",
    platform: "node",
    target: "es2022",
  }),
);

interface Line {
  readonly type?: string;
  readonly fit?: string;
  readonly step?: number;
  readonly arm?: string;
  readonly seed?: number;
  readonly run?: number;
  readonly stored?: boolean;
  readonly results?: unknown;
}

/** What a process of the study printed, and how it ended. */
interface Ended {
  readonly lines: readonly Line[];
  readonly signal: NodeJS.Signals | null;
  readonly err: string;
}

/** Runs the study in a process, which gets a signal, to be killed, at the first line of a kind. */
function run(
  more: Partial<Call>,
  isLast: (line: Line) => boolean = () => false,
  end: (child: ChildProcess) => void = (child) => void child.kill("SIGKILL"),
): Promise<Ended> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [program, JSON.stringify({ ...call, ...more })], {
      stdio: ["ignore", "pipe", "pipe"],
    });
    let [out, err, read] = ["", "", 0];
    const linesOf = (): Line[] =>
      out
        .split("\n")
        .slice(0, -1)
        .map((line) => JSON.parse(line) as Line);
    child.stdout.on("data", (text: Buffer) => {
      out += text.toString();
      const lines = linesOf();
      if (lines.slice(read).some(isLast)) end(child);
      read = lines.length;
    });
    child.stderr.on("data", (text: Buffer) => {
      err += text.toString();
    });
    child.on("error", reject);
    child.on("close", (_, signal) => resolve({ lines: linesOf(), signal, err }));
  });
}

/** The results that a process printed last, as it printed them. */
function resultsOf({ lines, err }: Ended): string {
  expect(err).toBe("");
  expect(lines.at(-1)).toMatchObject({ type: "end" });
  return JSON.stringify(lines.at(-1)!.results);
}

let whole: Promise<string> | undefined;
/** The results of the study that nothing interrupts, and that is stored nowhere. */
const uninterrupted = (): Promise<string> => (whole ??= run({}).then(resultsOf));

/** The runs that processes began, finished, and took from the store. */
const began = ({ lines }: Ended): Line[] => lines.filter(({ type }) => type === "runStart");
const ended = ({ lines }: Ended): Line[] => lines.filter(({ type }) => type === "runEnd");

/** Where processes are killed, one after the other. */
const moments: readonly (readonly [what: string, more: Partial<Call>, (line: Line) => boolean])[] =
  [
    ["before its first run", {}, ({ type }) => type === "start"],
    ["in its first write", { die: { write: 1, milliseconds: 0 } }, () => false],
    ["after a step", {}, ({ fit, step }) => fit === "step" && step === 2],
    ["while it writes a snapshot", { die: { write: 2, milliseconds: 1 } }, () => false],
    ["after the last step of a run", {}, ({ fit, step }) => fit === "step" && step === steps],
    ["at the end of a run", {}, ({ fit }) => fit === "end"],
    ["after a run", {}, ({ type, stored }) => type === "runEnd" && stored === false],
    ["while it writes, later", { die: { write: 6, milliseconds: 0 } }, () => false],
    ["in the middle of a later run", {}, ({ fit, step }) => fit === "step" && step === steps - 3],
  ];

test(
  "a study that is killed again and again ends with the same JSON as one that is not",
  { timeout },
  async () => {
    const store = { folder: join(root, "killed") };
    const endings: Ended[] = [];
    for (const [what, more, isLast] of moments) {
      const killed = await run({ ...store, ...more }, isLast);
      expect(killed, what).toMatchObject({ signal: "SIGKILL", err: "" });
      endings.push(killed);
    }
    const last = await run(store);
    expect(last.signal).toBe(null);
    expect(resultsOf(last)).toBe(await uninterrupted());
    endings.push(last);
    // No run was done again after its end was said, and runs went on in their middle.
    const finished = new Set<string>();
    for (const ending of endings) {
      for (const { arm, seed } of began(ending)) expect(finished).not.toContain(`${arm} ${seed}`);
      for (const { arm, seed } of ended(ending)) finished.add(`${arm} ${seed}`);
    }
    expect(finished.size).toBe(8);
    expect(endings.flatMap(began).some(({ step }) => step! > 0 && step! < steps)).toBe(true);
    expect(readdirSync(store.folder).filter((file) => /lock/.test(file))).toEqual([]);
    // A file that is cut is refused by its name; deleted, its run alone is done again.
    const [file] = readdirSync(store.folder).filter((name) =>
      name.startsWith("dropout=0.2-seed-1"),
    );
    const path = join(store.folder, file!);
    truncateSync(path, 100);
    const refused = await run(store);
    expect(refused.err).toContain(`${path} is damaged: `);
    expect(refused.err).toContain("delete it, and its run is done again");
    expect(refused.lines.at(-1)!.type).not.toBe("end");
    rmSync(path);
    const again = await run(store);
    expect(began(again)).toMatchObject([{ arm: "dropout=0.2", seed: 1, step: 0 }]);
    expect(resultsOf(again)).toBe(await uninterrupted());
  },
);

test(
  "a second process is refused while the first runs, and not after it was killed",
  {
    timeout,
  },
  async () => {
    const store = { folder: join(root, "two") };
    let second: Promise<Ended> | undefined;
    const first = await run(
      store,
      ({ fit }) => second === undefined && fit === "step",
      (child) => {
        child.kill("SIGSTOP");
        second = run(store).finally(() => child.kill("SIGKILL"));
      },
    );
    expect(first.signal).toBe("SIGKILL");
    const { err, lines } = await second!;
    expect(err).toContain(
      `studyFolder: expected a folder that no other process writes to, got ${store.folder}`,
    );
    expect(lines).toEqual([]);
    const third = await run(store, ({ type }) => type === "runStart");
    expect(began(third)).toMatchObject([{ run: 1 }]);
  },
);
