import { browserHere, launched } from "./chromium.mjs";
export { isolated, launched, softwareWebgpu } from "./chromium.mjs";

/** A Chromium of this machine. */
export const browser: string | undefined = browserHere();

/** A page that loads no code of its own. */
export const blank = "<!doctype html><title>tenon</title>";

const types: Readonly<Record<string, string>> = { html: "text/html", js: "text/javascript" };

/**
 * What an expression is in a page at "/" of a site with these files, by their paths, served with
 * these headers.
 *
 * @param gpu the browser's flags for its GPU. @defaultValue those of a browser without one
 */
export async function inBrowser<T>(
  files: Readonly<Record<string, string>>,
  headers: Readonly<Record<string, string>>,
  expression: string,
  gpu?: readonly string[],
): Promise<T> {
  const instance = await launched(gpu);
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
