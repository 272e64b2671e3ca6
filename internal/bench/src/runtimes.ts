import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";

/** A Node that Tenon can be measured on. */
export interface Runtime {
  readonly command: string;
  /** Its name in rows. */
  readonly name: string;
  /** Whether its V8 can emit 256-bit code (`wasm({ turbo: true })`). */
  readonly turbo: boolean;
}

/** One of Tenon's engines on one Node. */
export interface Variant {
  readonly name: "tenon" | "tenon-turbo" | "tenon-relaxed";
  readonly runtime: Runtime;
  /** The value of `TENON_WASM` in its process. */
  readonly wish: "" | "turbo" | "relaxed";
  /** The reason why it does not take part. */
  readonly missing?: string;
}

/**
 * Nodes before this one join no vectors, or not reliably; on other processors than x64 none does.
 */
export const turboFrom = 24;

/** A runtime from what a Node prints about itself: `20.20.2 x64`. */
export function runtimeOf(command: string, said: string): Runtime {
  const [version = "", arch = ""] = said.trim().split(" ");
  return {
    command,
    name: `Node ${version}`,
    turbo: Number.parseInt(version, 10) >= turboFrom && arch === "x64",
  };
}

/**
 * The Node that runs the bench, and the other one that `TENON_NODE` names or that is where
 * `cached` says, if it is another.
 */
export function runtimes(named: string | undefined, cached: string): Runtime[] {
  const ownNode = runtimeOf(process.execPath, `${process.versions.node} ${process.arch}`);
  const command = named ?? (existsSync(cached) ? cached : undefined);
  if (command === undefined) return [ownNode];
  const { status, stdout, error } = spawnSync(
    command,
    ["-p", "process.versions.node + ' ' + process.arch"],
    { encoding: "utf8" },
  );
  if (status !== 0)
    throw new Error(
      `bench: ${named === undefined ? "expected a Node at" : "TENON_NODE expects the path of a Node, got"} ${command}, which does not run (${error?.message ?? `exit code ${status}`}); ${named === undefined ? "remove it" : "name its program, as `command -v node` would"}`,
    );
  const other = runtimeOf(command, stdout);
  return other.name === ownNode.name ? [ownNode] : [ownNode, other];
}

/** Tenon's engines on all these Nodes, each that can; in a quick run on one Node each. */
export function variants(all: readonly Runtime[], quick: boolean): Variant[] {
  const limited = (runtimes: readonly Runtime[]): readonly Runtime[] =>
    quick ? runtimes.slice(0, 1) : runtimes;
  const able = limited(all.filter(({ turbo }) => turbo));
  return [
    ...limited(all).map((runtime): Variant => ({ name: "tenon", runtime, wish: "" })),
    ...able.map((runtime): Variant => ({ name: "tenon-turbo", runtime, wish: "turbo" })),
    ...(able.length > 0
      ? []
      : [
          {
            name: "tenon-turbo",
            runtime: all[0]!,
            wish: "turbo",
            missing: `${all.map(({ name }) => name).join(" and ")} on ${process.arch} cannot make code of 256 bits, Node ${turboFrom} and newer on x64 can: npm install --prefix .cache/node${turboFrom} node@${turboFrom}, or name one in TENON_NODE`,
          } as const,
        ]),
    ...limited(all).map((runtime): Variant => ({
      name: "tenon-relaxed",
      runtime,
      wish: "relaxed",
    })),
  ];
}
