import { join } from "node:path";
import { launched } from "../../internal/compositions/src/chromium.mjs";
import { served } from "./inPage.mjs";
import { capture } from "./run.mjs";

/** Builds an example's page with its own bundler, opens it, and gives the last text of #status. */
export async function exampleInPage(folder) {
  const vite = join(folder, "node_modules", "vite", "bin", "vite.js");
  const { code, output } = await capture(process.execPath, [vite, "build"], { cwd: folder });
  if (code !== 0) throw new Error(`vite build ended with ${code}: ${output}`);
  const browser = await launched();
  const { url, stop } = await served(join(folder, "dist"));
  try {
    const page = await browser.newPage();
    await page.goto(url);
    const status = page.locator("#status[data-done=true]");
    await status.waitFor({ timeout: 60_000 });
    return `${await status.textContent()}\n`;
  } finally {
    await browser.close();
    stop();
  }
}
