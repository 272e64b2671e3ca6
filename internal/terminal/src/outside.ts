import colors from "picocolors";
import { systemProblem } from "./fail.js";
import { widthOf } from "./layout.js";
import { fitted } from "./shell.js";

/** The terminal or the pipes that the app reads and writes, and the signals that end it. */
export interface Outside {
  /** Writes to stdout. */
  write(text: string): void;
  /** Writes a sentence that is no result to stderr, in lines that fit a terminal. */
  warn(text: string): void;
  /** Whether stdout is closed. */
  mute(): boolean;
  /** How many columns the terminal has; Infinity where stdout is no terminal. */
  columns(): number;
  /** How many rows the terminal has; Infinity where stdout is no terminal. */
  rows(): number;
  /** Whether lines may be drawn again and again. */
  readonly live: boolean;
  /**
   * Draws lines in place of those that were drawn before. Whatever else is written takes their
   * place.
   */
  draw(lines: readonly string[]): void;
  /** Aborted when the command must end, as soon as it can without losing work. */
  readonly ending: AbortSignal;
  /** The exit code then: 128 + the signal's number, or 1 where stdout takes no more. */
  code(): number;
  /** While this runs, signals only set `ending`; at any other time they end the process at once. */
  hold<T>(work: () => Promise<T>): Promise<T>;
}

const signals = { SIGHUP: 1, SIGINT: 2, SIGTERM: 15 } as const;
const brokenPipe = 13;

/**
 * Signals closer together than this are one press of Ctrl-C: npm forwards to the app what the
 * terminal sends to both.
 */
const onePress = 1000;

/**
 * How many columns and rows a terminal has. Read anew, since the values that Node keeps are old
 * until a resize event.
 */
const sizeOf = (stream: NodeJS.WriteStream): [columns: number, rows: number] => {
  if (!stream.isTTY) return [Infinity, Infinity];
  const [columns, rows] = stream.getWindowSize();
  return [columns || 80, rows || 24];
};
const widthAt = (stream: NodeJS.WriteStream): number => sizeOf(stream)[0];

/** What takes lines away that were drawn: the cursor goes back to where they began. */
function taken(lines: readonly string[], columns: number): string {
  if (lines.length === 0) return "";
  // Where the terminal has become narrower since, a line has become several.
  const rows = lines.map((line) => Math.max(1, Math.ceil(widthOf(line) / columns)));
  const above = rows.reduce((sum, count) => sum + count, 0) - 1;
  return `\r${above > 0 ? `\x1b[${above}A` : ""}\x1b[J`;
}

const defaultEnding =
  "Ending: the step under way is finished and saved. Again, and it ends at once.";

/**
 * Listens to signals and to errors of the streams that are written. Call it once, at the start.
 *
 * @param words what is said when a signal is to end the command. @defaultValue in English
 */
export function outside(
  words: { ending(): string | undefined } = { ending: () => undefined },
): Outside {
  const { stdout, stderr } = process;
  const stop = new AbortController();
  let held = 0;
  let since = 0;
  let code = 0;
  let broken = false;
  let drawn: readonly string[] = [];
  const put = (text: string): void => {
    try {
      if (!broken && text !== "") stdout.write(text);
    } catch (error) {
      fails(error as NodeJS.ErrnoException);
    }
  };
  /** Draws lines, or none, in place of those that are drawn. */
  const draw = (lines: readonly string[]): void => {
    put(taken(drawn, widthAt(stdout)) + lines.join("\n"));
    drawn = lines;
  };
  const warn = (text: string): void => {
    draw([]);
    try {
      stderr.write(`${fitted(text, widthAt(stderr))}\n`);
    } catch {
      // There is no output to write to.
    }
  };
  const end = (why: number, signal?: NodeJS.Signals): void => {
    if (stop.signal.aborted && performance.now() - since < onePress) return;
    if (held > 0 && stop.signal.aborted && signal) {
      // process.exit would wait for what is being written, and the disk may not answer.
      process.emit("exit", code);
      process.removeAllListeners(signal);
      process.kill(process.pid, signal);
    }
    if (held === 0 || stop.signal.aborted) process.exit(code || why);
    [code, since] = [why, performance.now()];
    stop.abort();
  };
  for (const [name, number] of Object.entries(signals) as [keyof typeof signals, number][]) {
    process.on(name, () => {
      if (held > 0 && !stop.signal.aborted && stderr.isTTY)
        warn(`${drawn.length > 0 ? "" : "\n"}${words.ending() ?? defaultEnding}`);
      end(128 + number, name);
    });
  }
  const fails = (error: NodeJS.ErrnoException): void => {
    if (broken) return;
    broken = true;
    const gone = error.code === "EPIPE" || error.code === "ERR_STREAM_DESTROYED";
    if (!gone) warn(`cannot write the output: ${systemProblem(error)}`);
    end(gone ? 128 + brokenPipe : 1);
  };
  // A pipe fails later, a file at once.
  stdout.on("error", fails);
  stderr.on("error", () => {});
  return {
    write(text) {
      draw([]);
      put(text);
    },
    warn,
    mute: () => broken,
    columns: () => widthAt(stdout),
    rows: () => sizeOf(stdout)[1],
    draw,
    live: stdout.isTTY && process.env["TERM"] !== "dumb",
    ending: stop.signal,
    code: () => code,
    async hold(work) {
      held++;
      try {
        return await work();
      } finally {
        held--;
      }
    },
  };
}

/** Red where stderr shows colours. */
export const red = (text: string): string =>
  process.stderr.isTTY && colors.isColorSupported ? colors.red(text) : text;
