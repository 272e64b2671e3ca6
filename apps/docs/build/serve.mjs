// Serves the site while one works on it: pages are written again when what they are made of
// changes.
import { watch } from "node:fs";
import { join } from "node:path";
import { createServer } from "vitepress";
import { root, workspace } from "../../../scripts/lib/root.mjs";
import { generate } from "./generate.mjs";
import { app, ownPages } from "./places.mjs";

await generate();
const server = await createServer(app, portOf(process.argv));
await server.listen();
server.printUrls();

let isBusy = false;
let isStale = false;
async function again() {
  isStale = true;
  if (isBusy) return;
  isBusy = true;
  while (isStale) {
    isStale = false;
    await generate().catch(({ message }) => console.error(message));
  }
  isBusy = false;
}
const sources = workspace("packages").map(({ path }) => path);
for (const folder of [join(root, "docs"), ownPages, ...sources])
  watch(folder, { recursive: true }, (_, name) => {
    if (name && !/node_modules|dist|\.test\.ts$/.test(name)) void again();
  });

function portOf(args) {
  const at = args.indexOf("--port");
  return at < 0 ? {} : { port: Number(args[at + 1]) };
}
