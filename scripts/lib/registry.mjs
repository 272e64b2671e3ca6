import { spawn } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { nodes, toolOf } from "./tools.mjs";

const config = `
storage: ./storage
auth: { htpasswd: { file: ./htpasswd } }
uplinks: {}
packages:
  "**": { access: $all, publish: $all }
web: { enable: false }
log: { type: stdout, format: json, level: error }
`;

/** Why there can be no registry here, or undefined. */
export function registryMissing() {
  if (!toolOf("verdaccio", "registry")) return "no Verdaccio in .cache/tools; .ci/run fetches it";
  return nodeForIt() ? undefined : "Verdaccio needs Node ≥ 22; .ci/run fetches one";
}

const nodeForIt = () => {
  const found = nodes();
  return found[24] ?? found[22] ?? found[26];
};

/**
 * A registry on this machine that holds nothing and asks no other: `{ url, npmrc, stop }`, where
 * `npmrc` is what a project's `.npmrc` must say. It keeps its files in the folder.
 */
export async function registry(folder) {
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, "config.yaml"), config);
  const port = await freePort();
  const url = `http://127.0.0.1:${port}/`;
  const child = spawn(
    nodeForIt(),
    [
      join(toolOf("verdaccio", "registry"), "bin", "verdaccio"),
      ...["--config", join(folder, "config.yaml"), "--listen", `127.0.0.1:${port}`],
    ],
    { cwd: folder, stdio: ["ignore", "pipe", "pipe"] },
  );
  let said = "";
  child.stdout.on("data", (text) => (said += text));
  child.stderr.on("data", (text) => (said += text));
  const ended = new Promise((resolve) => child.on("close", resolve).on("error", resolve));
  const stop = async () => {
    child.kill();
    await ended;
  };
  for (let tries = 0; tries < 300; tries++) {
    if (child.exitCode !== null) break;
    const answer = await fetch(`${url}-/ping`).catch(() => undefined);
    // Anybody may publish there, but npm wants to say who does.
    if (answer?.ok)
      return { url, npmrc: `registry=${url}\n//127.0.0.1:${port}/:_authToken=nobody\n`, stop };
    await setTimeout(200);
  }
  await stop();
  throw new Error(`registry: Verdaccio does not answer: ${said}`);
}

function freePort() {
  const server = createServer();
  return new Promise((resolve) =>
    server.listen(0, "127.0.0.1", () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    }),
  );
}
