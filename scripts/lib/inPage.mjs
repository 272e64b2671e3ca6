import { createReadStream, existsSync, statSync } from "node:fs";
import { createServer } from "node:http";
import { extname, join } from "node:path";
import { launched } from "../../internal/compositions/src/chromium.mjs";

const types = { ".html": "text/html", ".js": "text/javascript", ".json": "application/json" };

/** Serves a folder on this machine with these headers: `{ url, stop }`. */
export async function served(folder, headers = {}) {
  const server = createServer(({ url }, response) => {
    const { pathname } = new URL(url, "http://localhost");
    const file = join(folder, pathname.endsWith("/") ? `${pathname}index.html` : pathname);
    if (!existsSync(file) || !statSync(file).isFile()) return response.writeHead(404).end();
    response.writeHead(200, { ...headers, "content-type": types[extname(file)] ?? "text/plain" });
    createReadStream(file).pipe(response);
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  return { url: `http://127.0.0.1:${server.address().port}/`, stop: () => server.close() };
}

/** What the page at an address has in `done`, a promise; what goes wrong in it is thrown. */
export async function doneIn(url) {
  const browser = await launched();
  try {
    const page = await browser.newPage();
    const problems = [];
    page.on("pageerror", (error) => problems.push(error.message));
    page.on("response", (response) => {
      if (!response.ok() && !response.url().endsWith("/favicon.ico"))
        problems.push(`${response.url()}: ${response.status()}`);
    });
    await page.goto(url);
    const value = await page.evaluate("done").catch((error) => problems.push(error.message));
    if (problems.length > 0) throw new Error(problems.join("\n"));
    return value;
  } finally {
    await browser.close();
  }
}
