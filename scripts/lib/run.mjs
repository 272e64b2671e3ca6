import { spawn } from "node:child_process";
import { delimiter, join } from "node:path";
import { root } from "./root.mjs";
import { fail } from "./stage.mjs";

const windows = process.platform === "win32";

/**
 * Runs a command in the terminal it was called from, forwards signals to it, and gives its exit
 * code.
 */
export function run(command, args, { cwd = root, env = {} } = {}) {
  const child = spawn(command, args, {
    cwd,
    env: environment(env),
    stdio: "inherit",
    shell: windows,
  });
  const pass = (signal) => child.kill(signal);
  const wait = () => {}; // the child receives Ctrl-C as well: it decides
  process.on("SIGTERM", pass).on("SIGINT", wait);
  return new Promise((resolve, reject) => {
    child.on("error", reject).on("close", (code, signal) => {
      process.off("SIGTERM", pass).off("SIGINT", wait);
      resolve(code ?? (signal === "SIGINT" ? 130 : 143));
    });
  });
}

const endings = { SIGHUP: 129, SIGINT: 130, SIGTERM: 143 };

/**
 * Runs a command quietly; gives its exit code and what it wrote. A signal ends it, and then this
 * process, with a sentence.
 */
export function capture(command, args, { cwd = root, env = {} } = {}) {
  const child = spawn(command, args, {
    cwd,
    env: environment(env),
    stdio: ["ignore", "pipe", "pipe"],
    shell: windows,
  });
  const handlers = Object.entries(endings).map(([signal, code]) => [
    signal,
    () => {
      child.kill(signal);
      fail("stopped before all was set up; the same command goes on with it", code);
    },
  ]);
  for (const [signal, handler] of handlers) process.on(signal, handler);
  child.on("close", () => handlers.forEach(([signal, handler]) => process.off(signal, handler)));
  let output = "";
  child.stdout.on("data", (data) => {
    output += data;
  });
  child.stderr.on("data", (data) => {
    output += data;
  });
  return new Promise((resolve, reject) => {
    child.on("error", reject).on("close", (code) => resolve({ code: code ?? 1, output }));
  });
}

/** The programs of the workspace's own libraries are found first. */
function environment(extra) {
  const path = join(root, "node_modules", ".bin") + delimiter + process.env.PATH;
  return { ...process.env, PATH: path, DO_NOT_TRACK: "1", TURBO_NO_UPDATE_NOTIFIER: "1", ...extra };
}
