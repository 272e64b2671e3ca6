import { existsSync, readFileSync } from "node:fs";
import { createServer } from "node:http";
import { mkdtemp } from "node:fs/promises";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { extname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { isolated } from "@tenon/compositions/browser";
import { build } from "vite";
import { withParticles } from "../src/words.js";

const types: Readonly<Record<string, string>> = {
  ".html": "text/html",
  ".js": "text/javascript",
  ".css": "text/css",
  ".json": "application/json",
};

/** The page as it is published: built into a folder of its own. */
export async function builtPage(): Promise<string> {
  const outDir = await mkdtemp(join(tmpdir(), "tenon-web-"));
  const root = fileURLToPath(new URL("..", import.meta.url));
  const { NODE_ENV } = process.env;
  process.env["NODE_ENV"] = "production"; // Vitest's would give Svelte's code for development
  await build({ root, logLevel: "error", build: { outDir, emptyOutDir: true } });
  process.env["NODE_ENV"] = NODE_ENV;
  return outDir;
}

export interface Site {
  readonly url: string;
  close(): void;
}

/** A file server on this machine. */
export async function served(
  folder: string,
  { isIsolated = false }: { readonly isIsolated?: boolean } = {},
): Promise<Site> {
  const server = createServer(({ url }, response) => {
    const { pathname } = new URL(url!, "http://localhost");
    const file = join(folder, pathname === "/" ? "index.html" : pathname);
    response.statusCode = existsSync(file) ? 200 : 404;
    response.setHeader("content-type", types[extname(file)] ?? "application/octet-stream");
    if (isIsolated)
      for (const [name, value] of Object.entries(isolated)) response.setHeader(name, value);
    response.end(response.statusCode === 200 ? readFileSync(file) : "");
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}/`, close: () => void server.close() };
}

/** For what waits for the page: processors may be shared with other work. */
export const patient = { timeout: 60_000 } as const;

/** A text of the word files as the page has it, with any values in place of `{names}`. */
export const textOf = (text: string): RegExp =>
  new RegExp(
    withParticles(text)
      .split(/\{[^}]+\}/)
      .map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, "\\$&"))
      .join(".+"),
  );
