import { existsSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { Command, Option } from "commander";

/** The works, and what each of them trains. */
export const works = {
  W1: "MLP 784-128-10, batch 128",
  W2: "MLP 784-512-256-10, batch 128",
  W3: "the tutorial's CNN with dropout, batch 64",
} as const;

/** The other parts, which measure Tenon alone. */
export const alone = ["gemm", "start", "overhead", "observe", "scaling"] as const;

/** All contenders. */
export const names = [
  "tenon",
  "tenon-turbo",
  "tenon-relaxed",
  "jax-js",
  "tfjs-wasm",
  "tfjs-cpu",
  "brain.js",
  "jax",
  "keras",
  "torch",
] as const;

/** What the bench is to measure. */
export interface Flags {
  readonly json?: string;
  readonly only: readonly string[];
  readonly contenders: readonly string[];
  readonly quick: boolean;
}

/** A list from the command line; throws unless all in it are known. */
export const listOf =
  (flag: string, names: readonly string[]) =>
  (text: string): string[] =>
    text.split(",").map((name) => {
      if (!names.includes(name))
        throw new Error(
          `bench: ${flag} expects some of ${names.join(",")} with commas between, got ` +
            `"${name}"; try ${flag} ${names[0]}`,
        );
      return name;
    });

/** Checks that a file can be written, before a measurement that may take a quarter of an hour. */
export function writable(path: string): string {
  const folder = dirname(resolve(path));
  if (!existsSync(folder))
    throw new Error(
      `bench: --json expects a file in a folder that is there, got ${path}; make ${folder} first`,
    );
  return path;
}

/** Reads the command line. */
export function flagsOf(argv: readonly string[]): Flags {
  const keys = [...Object.keys(works), ...alone];
  const asked = new Command("npm run bench --")
    .description(
      "Trains three networks with Tenon and its peers in turns, and says how long a step " +
        "takes; then measures Tenon alone.",
    )
    .addOption(new Option("--json <file>", "also write the rows there").argParser(writable))
    .addOption(
      new Option("--only <parts>", `some of ${keys.join(",")}`)
        .argParser(listOf("--only", keys))
        .default(undefined, "all; with --quick the works"),
    )
    .addOption(
      new Option("--contenders <names>", `some of ${names.join(",")}`)
        .argParser(listOf("--contenders", names))
        .default([...names], "all"),
    )
    .option(
      "--quick",
      "a rough run in under a minute: fewer steps, without the slowest, peers on all cores " +
        "only; of Tenon alone only what --only names",
      false,
    )
    .parse(argv as string[], { from: "user" })
    .opts<Omit<Flags, "only"> & Partial<Flags>>();
  return { ...asked, only: asked.only ?? (asked.quick ? Object.keys(works) : keys) };
}
