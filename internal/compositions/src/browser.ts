import { chromium, type Browser } from "playwright-core";
import { programOf } from "./programs.js";

/** A Chromium of this machine. */
export const browser: string | undefined = programOf("CHROMIUM", [
  "chromium",
  "chromium-browser",
  "google-chrome",
]);

/** With these headers the threads of a page may share memory. */
export const isolated = {
  "cross-origin-opener-policy": "same-origin",
  "cross-origin-embedder-policy": "require-corp",
} as const;

/** Starts the browser, which sends requests for the pages that it is asked to open only. */
export const launched = (): Promise<Browser> =>
  chromium.launch({
    executablePath: browser!,
    args: [
      "--headless",
      "--no-sandbox",
      "--disable-gpu",
      "--disable-quic",
      "--no-first-run",
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-sync",
    ],
  });

/** A page that loads no code of its own. */
export const blank = "<!doctype html><title>tenon</title>";

const types: Readonly<Record<string, string>> = { html: "text/html", js: "text/javascript" };

/**
 * What an expression is in a page at "/" of a site with these files, by their paths, served with
 * these headers.
 */
export async function inBrowser<T>(
  files: Readonly<Record<string, string>>,
  headers: Readonly<Record<string, string>>,
  expression: string,
): Promise<T> {
  const instance = await launched();
  try {
    const page = await instance.newPage();
    const problems: string[] = [];
    page.on("pageerror", (error) => problems.push(error.message));
    await page.route("https://tenon.test/**", (route) => {
      const { pathname } = new URL(route.request().url());
      const path = pathname === "/" ? "/index.html" : pathname;
      const body = files[path];
      return body === undefined
        ? route.fulfill({ status: 404 })
        : route.fulfill({
            contentType: types[path.slice(path.lastIndexOf(".") + 1)]!,
            headers,
            body,
          });
    });
    await page.goto("https://tenon.test/");
    const value = await page.evaluate<T>(expression).catch((error: Error) => {
      throw new Error([error.message, ...problems].join("\n"));
    });
    if (problems.length > 0) throw new Error(problems.join("\n"));
    return value;
  } finally {
    await instance.close();
  }
}
