// The documentation site, as `npm run docs -- --build` leaves it: what only it is made with is not
// installed for tests.
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { AxeBuilder } from "@axe-core/playwright";
import { browser, launched } from "@tenon/compositions/browser";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { widths } from "./layout.js";
import { served, type Site } from "./site.js";

const folder = fileURLToPath(new URL("../../docs/dist", import.meta.url));
const isLong = process.env["TENON_LONG"] !== undefined;
const isBuilt = existsSync(join(folder, "index.html"));
if (!isBuilt)
  console.warn("SKIPPED: the documentation site is not built; `npm run docs -- --build` does it");

const pages = [
  ...["guides/getting-started", "guides/browser", "catalogue", "migration", "lab", "performance"],
  ...["api/index", "api/optimizers", "api/trainer", "api/tensor"],
];
/** A page of each kind, and short: axe takes long for tables of hundreds of rows. */
const examined = ["index", "guides/training", "api/webgpu"];
const languages = { en: "", ko: "ko/" };

describe.runIf(browser && isBuilt)("the documentation site", { timeout: 300_000 }, () => {
  let instance: Browser;
  let site: Site;
  beforeAll(async () => {
    [instance, site] = await Promise.all([launched(), served(folder)]);
  });
  afterAll(async () => {
    await instance?.close();
    site?.close();
  });

  /** A window of its own; errors of its scripts are noted. */
  async function opened(
    colorScheme: "light" | "dark",
    width = 1280,
  ): Promise<{ page: Page; problems: string[] }> {
    const viewport = { width, height: 800 };
    const context = await instance.newContext({ colorScheme, viewport, reducedMotion: "reduce" });
    const page = await context.newPage();
    const problems: string[] = [];
    page.on("pageerror", ({ message }) => problems.push(message));
    page.on("console", (message) => {
      if (message.type() === "error") problems.push(message.text());
    });
    return { page, problems };
  }

  /** Shows a page, and fails where it scrolls sideways. */
  async function shown(page: Page, path: string, language: string): Promise<void> {
    await page.goto(`${site.url}${path}.html`, { waitUntil: "load" });
    await page.locator(`html[lang="${language}"] h1`).first().waitFor();
    for (const width of [768, 360]) {
      await page.setViewportSize({ width, height: 800 });
      expect(await page.evaluate(widths), path).toEqual([width, width]);
    }
  }

  test.each(Object.entries(languages))(
    "is whole on a phone and a tablet (%s)",
    async (language, prefix) => {
      const { page, problems } = await opened("light", 360);
      for (const path of pages) await shown(page, prefix + path, language);
      expect(problems).toEqual([]);
      await page.context().close();
    },
  );

  test.each(Object.entries(languages))(
    "is read by everybody: axe finds no serious problem (%s)",
    async (language, prefix) => {
      for (const scheme of isLong ? (["light", "dark"] as const) : (["light"] as const)) {
        const { page, problems } = await opened(scheme, 360);
        for (const path of language === "en" ? examined : examined.slice(0, 1)) {
          await shown(page, prefix + path, language);
          const { violations } = await new AxeBuilder({ page }).analyze();
          const serious = violations
            .filter(({ impact }) => impact === "serious" || impact === "critical")
            .map(({ id, nodes }) => `${path}: ${id} at ${nodes[0]?.html}`);
          expect(serious).toEqual([]);
        }
        expect(problems).toEqual([]);
        await page.context().close();
      }
    },
  );

  const sought = {
    clip_grad_norm_: "optimizers.html#clipByGlobalNorm",
    Linear: "layers.html#dense",
    ReduceLROnPlateau: "schedulers.html#reduceOnPlateau",
  };
  test.each(Object.entries(languages))("is searched by others' names (%s)", async (_, prefix) => {
    const { page, problems } = await opened("light");
    await page.goto(`${site.url}${prefix}guides/training.html`);
    for (const [words, found] of Object.entries(sought)) {
      await page.locator(".DocSearch-Button").click();
      await page.locator("#localsearch-input").fill(words);
      const results = page.locator(".VPLocalSearchBox .result");
      await results.and(page.locator(`[href$="/${prefix}api/${found}"]`)).waitFor();
      const places = await results.evaluateAll((links) =>
        links.map((link) => link.getAttribute("href")!),
      );
      const place = places.findIndex((link) => link.endsWith(found));
      expect(place, `${words} in ${places.slice(0, 8).join(" ")}`).toBeLessThan(4);
      await page.keyboard.press("Escape");
    }
    expect(problems).toEqual([]);
    await page.context().close();
  });

  test("shows a function with its options, its names elsewhere, and where it is in the catalogue", async () => {
    const { page } = await opened("light");
    await page.goto(`${site.url}catalogue.html`);
    await page.locator('a[href="/api/layers.html#dense"]').first().click();
    await page.waitForURL("**/api/layers.html#dense");
    const heading = page.locator("#dense");
    await heading.waitFor();
    const next = heading.locator("xpath=following-sibling::*");
    expect(await next.nth(0).textContent()).toContain("function dense(units: number");
    expect(await next.nth(1).textContent()).toContain("y = x W + b");
    expect(await page.locator(".elsewhere", { hasText: "nn.Linear" }).first().isVisible()).toBe(
      true,
    );
    expect(await page.locator("table", { hasText: "kernelInit" }).count()).toBeGreaterThan(0);
    await page.context().close();
  });

  test("has every export of every package", () => {
    const catalogue = readFileSync(join(folder, "catalogue.html"), "utf8");
    const links = [...catalogue.matchAll(/href="\/api\/(\w+)\.html#(\w+)"/g)];
    expect(links.length).toBeGreaterThan(600);
    for (const [, name, anchor] of links)
      expect(readFileSync(join(folder, "api", `${name}.html`), "utf8")).toContain(`id="${anchor}"`);
  });
});
