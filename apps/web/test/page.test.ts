import { readFileSync } from "node:fs";
import { rm } from "node:fs/promises";
import { availableParallelism } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { AxeBuilder } from "@axe-core/playwright";
import { browser, launched } from "@tenon/compositions/browser";
import { experiments, startRun, startValues, weightsDigest } from "@tenon/experiments";
import { languages, wordsOf } from "@tenon/experiments/words";
import { wasm } from "@tenon/wasm";
import type { Browser, BrowserContextOptions, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { mnistDigits } from "@tenon/experiments/testing";
import { expectGpuSwitch } from "./gpuSwitch.js";
import { buttonsOverCode, focusUnderPlayer, partsCut, textsCut, widths } from "./layout.js";
import { builtPage, patient, served, textOf, type Site } from "./site.js";
import type { Stroke } from "../src/digit.js";
import type { Tip } from "../src/tip.js";
import strokes from "./strokes.json" with { type: "json" };

const isLong = process.env["TENON_LONG"] !== undefined;
if (!browser)
  console.warn(
    "SKIPPED: no Chromium on this machine, so the page was not tested; name it in CHROMIUM",
  );

describe.runIf(browser)("the page in a browser", { timeout: 300_000 }, () => {
  let folder: string;
  let instance: Browser;
  let site: Site;
  let tips: readonly Tip[];
  beforeAll(async () => {
    folder = await builtPage();
    [instance, site] = await Promise.all([launched(), served(folder, { isIsolated: true })]);
    tips = JSON.parse(readFileSync(join(folder, "tips.json"), "utf8")) as readonly Tip[];
  }, 240_000);
  afterAll(async () => {
    await instance?.close();
    site?.close();
    await rm(folder, { recursive: true, force: true });
  });

  /** A page of its own; errors of its scripts fail the test. */
  async function opened(
    fragment: string,
    options: BrowserContextOptions & { readonly at?: Site } = {},
  ): Promise<{ page: Page; problems: string[]; close: () => Promise<void> }> {
    const { at = site, ...others } = options;
    const context = await instance.newContext({
      viewport: { width: 1100, height: 900 },
      ...others,
    });
    const page = await context.newPage();
    const problems: string[] = [];
    page.on("pageerror", ({ message }) => problems.push(message));
    page.on("console", (message) => {
      if (message.type() === "error") problems.push(message.text());
    });
    await page.goto(`${at.url}${fragment}`);
    return { page, problems, close: () => context.close() };
  }
  /** What all scripts of a visit to a tip of dense layers may have: half of it is the engine. */
  // 150,000 until scans, weights of examples and rates that follow a value came into the engine and
  // the loop of training, and the page asked for a GPU (its engine is loaded where one is); layers
  // have more options, and refusals say more of what to do. It was 155,157 until losses said
  // themselves how they are put together: 152,741.
  const scriptBytes = 153_500;
  const trained = (page: Page): Promise<unknown> =>
    page.locator("[data-digest]").waitFor({ timeout: 90_000 });
  /** Goes to a screen, and waits until all of it is there. */
  async function shown(page: Page, screen: string, language: string): Promise<void> {
    await page.goto(`${site.url}#${screen}?lang=${language}`);
    const end = screen === "draw" ? ".pad" : ".share";
    await page
      .locator(`html[lang="${language}"] [data-screen="${screen}"] ${end}`)
      .waitFor(patient);
    if (tips.some(({ id }) => id === screen))
      await page.locator("[data-made] svg, [data-figure] svg").first().waitFor(patient);
  }
  /** The newest run of which something is drawn. */
  const newestRun = (page: Page): Promise<number> =>
    page.evaluate(() =>
      Math.max(
        0,
        ...[...document.querySelectorAll<HTMLElement>("[data-run]")].map(({ dataset }) =>
          Number(dataset["run"]),
        ),
      ),
    );
  const screens = (): readonly string[] => [...tips.map(({ id }) => id), "sandbox", "draw"];

  test("its scripts and its first load are small, and in one language", async () => {
    const sizes = new Map<string, number>();
    const context = await instance.newContext({ locale: "en-US" });
    const page = await context.newPage();
    page.on("response", async (response) => {
      const path = new URL(response.url()).pathname;
      const body = await response.body().catch(() => Buffer.alloc(0));
      sizes.set(path, path.endsWith(".bin") ? body.length : gzipSync(body, { level: 9 }).length);
    });
    // All that a visit of a screen loads: page, worker, doctor, and what stands below the figures.
    await page.goto(site.url);
    await trained(page);
    await page.waitForLoadState("networkidle");
    const kept = await page.evaluate(async () => {
      await navigator.serviceWorker.ready;
      const name = (await caches.keys()).find((name) => name.startsWith("tenon-page"))!;
      const requests = await (await caches.open(name)).keys();
      return requests.map(({ url }) => new URL(url).pathname);
    });
    await context.close();
    const sum = (end: RegExp): number =>
      [...sizes].reduce((total, [path, size]) => total + (end.test(path) ? size : 0), 0);
    console.log(`scripts: ${sum(/\.js$/)} bytes gzipped; first load: ${sum(/./)} bytes`);
    expect(sum(/\.js$/)).toBeLessThanOrEqual(scriptBytes);
    expect(sum(/./)).toBeLessThanOrEqual(3_000_000);
    expect(kept).toContain("/words/en.json");
    expect([...sizes.keys(), ...kept].filter((path) => /\bko\.json$/.test(path))).toEqual([]);
  });

  test.concurrent.each(languages)(
    "every screen stands before anything trains (%s)",
    async (language) => {
      const words = await wordsOf(language);
      const viewport = { width: 360, height: 800 };
      const { page, problems, close } = await opened("", { reducedMotion: "reduce", viewport });
      for (const screen of screens()) {
        await shown(page, screen, language);
        expect(await page.evaluate(widths), screen).toEqual([360, 360]);
        const tip = tips.find(({ id }) => id === screen);
        if (!tip) continue;
        await page.locator("h1", { hasText: textOf(words.tips[screen]!.tip) }).waitFor();
        const judged = tip.results!.judgements.map(({ id }) => words.tips[screen]!.claims[id]!);
        expect(judged.length).toBeGreaterThan(0);
        for (const claim of judged)
          await page
            .locator(".claim", { hasText: textOf(claim) })
            .first()
            .waitFor(patient);
        const { figures } = JSON.parse(
          readFileSync(join(folder, "figures", `${screen}.${language}.json`), "utf8"),
        ) as { figures: object };
        expect(Object.keys(figures)).toContain(tip.pictures[0]);
        for (const picture of Object.keys(figures))
          await page
            .locator(`[data-made="${picture}"] svg, [data-figure$="${picture}"] svg`)
            .first()
            .waitFor(patient);
        expect(await page.locator(".formula math").count()).toBeGreaterThan(0);
        expect(await page.evaluate(widths), screen).toEqual([360, 360]);
        for (const cut of [textsCut, partsCut])
          expect(await page.evaluate<unknown[]>(cut), screen).toEqual([]);
        expect(await page.evaluate(buttonsOverCode), screen).toBe(0);
      }
      expect(await page.evaluate(() => document.documentElement.lang)).toBe(language);
      expect(problems).toEqual([]);
      await close();
    },
  );

  /** What axe finds that is serious, by some of its rules or by all. */
  async function seriousIn(page: Page, rules?: string[]): Promise<string[]> {
    const axe = new AxeBuilder({ page });
    const { violations } = await (rules ? axe.withRules(rules) : axe).analyze();
    return violations
      .filter(({ impact }) => impact === "serious" || impact === "critical")
      .map(({ id, nodes }) => `${id}: ${nodes[0]!.html}`);
  }

  const inLight = languages.map((language) => ["light", language] as const);
  const inDark = languages.map((language) => ["dark", language] as const);
  // All screens, half of them in each language; in `npm test` half of all.
  const every = isLong ? 2 : 4;
  test.concurrent.each(isLong ? [...inLight, ...inDark] : inLight)(
    "axe finds nothing serious (%s, %s)",
    async (colorScheme, language) => {
      const { page, problems, close } = await opened("", { colorScheme, reducedMotion: "reduce" });
      for (const [i, screen] of screens().entries()) {
        if (i % every !== languages.indexOf(language)) continue;
        await shown(page, screen, language);
        // Only colours differ in the dark.
        const rules = colorScheme === "dark" ? ["color-contrast"] : undefined;
        expect(await seriousIn(page, rules), screen).toEqual([]);
      }
      expect(problems).toEqual([]);
      await close();
    },
  );

  test.concurrent(
    "an isolated page trains on threads, and an arm has its weights in Node",
    async () => {
      const of = experiments.find(({ id }) => id === "momentum")!;
      const { page, problems, close } = await opened("#momentum");
      await trained(page);
      const said = availableParallelism() > 1 ? /WebAssembly SIMD, [2-8] threads/ : /1 thread/;
      await page.locator(".status", { hasText: said }).waitFor(patient);
      const arm = await page.locator("[data-digest]").getAttribute("data-digest");
      const digest = await page.locator("[data-digest]").textContent();
      const given = { digits: mnistDigits(), size: of.sizes.quick, seed: 1, engine: await wasm() };
      const { events } = startRun(of, of.arms(startValues(of))[arm!]!, given);
      let inNode = "";
      for await (const event of events)
        if (event.type === "end") inNode = weightsDigest(event.params);
      expect(digest).toBe(inNode);
      expect(problems).toEqual([]);
      await close();
    },
  );

  test("on a software adapter the GPU trains only where the reader says so", () =>
    expectGpuSwitch(site, isLong));

  test.concurrent(
    "a sick run trains in Korean to its end, and axe finds nothing serious",
    async () => {
      const { page, problems, close } = await opened("#gradients?lang=ko");
      await trained(page);
      await page
        .locator(".doctor, details summary", { hasText: "초깃값" })
        .first()
        .waitFor(patient);
      expect(await page.locator(".failure").count()).toBe(0);
      expect(await seriousIn(page)).toEqual([]);
      expect(problems).toEqual([]);
      await close();
    },
  );

  test.concurrent("what has the focus is not under the player", async () => {
    const viewport = { width: 1280, height: 900 };
    const { page, close } = await opened("#momentum", { reducedMotion: "reduce", viewport });
    await page.locator(".share").waitFor(patient);
    for (let i = 0; i < 60; i++) {
      await page.keyboard.press("Tab");
      expect(await page.evaluate(focusUnderPlayer)).toEqual([]);
    }
    await close();
  });

  test("training begins by itself, and a slider begins it again", async () => {
    const { page, problems, close } = await opened("#momentum");
    await page.evaluate(() => {
      const tasks: number[] = [];
      new PerformanceObserver((list) =>
        tasks.push(...list.getEntries().map(({ duration }) => duration)),
      ).observe({ entryTypes: ["longtask"] });
      Object.assign(globalThis, { tasks });
    });
    await page.locator("[data-run]").first().waitFor(patient);
    const began = await page.evaluate(() => performance.now());
    await trained(page);
    /** Milliseconds until something of the run that a drag begins is drawn. */
    const drag = (by: number): Promise<number> =>
      page
        .locator("input[type=range]")
        .first()
        .evaluate(
          (input: HTMLInputElement, by) =>
            new Promise<number>((done) => {
              const newest = (): number =>
                Math.max(
                  ...[...document.querySelectorAll<HTMLElement>("[data-run]")].map(({ dataset }) =>
                    Number(dataset["run"]),
                  ),
                );
              const [before, started] = [newest(), performance.now()];
              const seen = new MutationObserver(() => {
                if (newest() === before) return;
                seen.disconnect();
                requestAnimationFrame(() => done(performance.now() - started));
              });
              seen.observe(document.querySelector("main")!, {
                ...{ subtree: true, childList: true, attributeFilter: ["data-run"] },
              });
              input.value = String(input.valueAsNumber + by);
              input.dispatchEvent(new Event("input", { bubbles: true }));
            }),
          by,
        );
    const redraws: number[] = [];
    for (const by of [1, 1, -3, 1, 2]) redraws.push(await drag(by));
    expect(page.url()).toContain("rate=");
    await trained(page);
    const tasks = await page.evaluate(() => (globalThis as unknown as { tasks: number[] }).tasks);
    console.log(
      `training seen ${Math.round(began)} ms after the load; redraws under a drag after ` +
        `${redraws.map(Math.round).join(", ")} ms; longest task ${Math.max(0, ...tasks)} ms`,
    );
    expect(problems).toEqual([]);
    await close();
  });

  test.concurrent("a tip is gone through by keyboard alone", async ({ expect }) => {
    const { page, problems, close } = await opened("#momentum", { reducedMotion: "reduce" });
    await page.locator("[data-arm]").first().waitFor();
    const step = (): Promise<number> =>
      page.locator("[data-step]").first().getAttribute("data-step").then(Number);
    expect(await step()).toBe(0);
    await page.keyboard.press("ArrowRight");
    await expect.poll(step, patient).toBe(1);
    await page.keyboard.press("Space");
    await trained(page);
    await page.keyboard.press("n");
    await page.locator('[data-verdict="live"] li').first().waitFor({ timeout: 90_000 });
    await page.keyboard.press("t");
    await page.locator(".table table").first().waitFor();
    // A list that has the focus takes letters and space itself.
    await page.locator(".player select").focus();
    for (const key of ["t", "r", "n", "Space", "Escape"]) await page.keyboard.press(key);
    expect(await page.locator(".table table").count()).toBeGreaterThan(0);
    await page.locator("main").focus();
    await page.keyboard.press("t");
    await page.locator(".table table").first().waitFor({ state: "detached" });
    // All has been trained: it begins anew.
    const before = await newestRun(page);
    await page.keyboard.press("Space");
    await expect.poll(() => newestRun(page), patient).toBeGreaterThan(before);
    await trained(page);
    // To the cursor of the figure, along it, and to the first slider.
    const focused = (selector: string): Promise<boolean> =>
      page.evaluate((selector) => document.activeElement?.matches(selector) ?? false, selector);
    const tabTo = async (selector: string): Promise<void> => {
      for (let i = 0; i < 60 && !(await focused(selector)); i++) await page.keyboard.press("Tab");
      expect(await focused(selector)).toBe(true);
    };
    await tabTo(".cursor");
    await page.keyboard.press("End");
    const said = await page.evaluate(() => document.activeElement!.getAttribute("aria-valuetext"));
    expect(said).toMatch(/^step [\d.,]+: .+ [\d.]+/);
    await tabTo("input[type=range]");
    await page.keyboard.press("ArrowRight");
    await expect.poll(() => page.url(), patient).toContain("rate=");
    await page.keyboard.press("r"); // a slider takes arrows and nothing else
    await expect.poll(step, patient).toBe(0);
    expect(problems).toEqual([]);
    await close();
  });

  test.concurrent("a network that is trained on the page reads digits that are drawn", async () => {
    const { page, problems, close } = await opened("#draw");
    await page.locator(".answer", { hasText: /0 to 9/ }).waitFor({ timeout: 90_000 });
    const box = (await page.locator(".pad").boundingBox())!;
    let right = 0;
    for (const { digit, strokes: all } of strokes as unknown as {
      digit: number;
      strokes: Stroke[];
    }[]) {
      for (const stroke of all) {
        const at = ([x, y]: Stroke[number]): readonly [number, number] => [
          box.x + (x / 280) * box.width,
          box.y + (y / 280) * box.height,
        ];
        await page.mouse.move(...at(stroke[0]!));
        await page.mouse.down();
        for (const point of stroke) await page.mouse.move(...at(point));
        await page.mouse.up();
      }
      const answer = page.locator(".answer[data-answer]"); // of all strokes
      if ((await answer.getAttribute("data-answer")) === String(digit)) right += 1;
      await page.locator(".buttons button").first().click();
      await page.locator(".answer:not([data-answer])").waitFor();
    }
    expect(right).toBeGreaterThanOrEqual(9);
    expect(problems).toEqual([]);
    await close();
  });

  test.concurrent(
    "it trains without isolation on one thread, and without a network after a visit",
    async () => {
      const plain = await served(folder);
      const { page, problems, close } = await opened("#momentum", { at: plain });
      await trained(page);
      expect(await page.locator(".status").textContent()).toContain("1 thread (one thread, since");
      const digest = await page.locator("[data-digest]").textContent();
      await page.evaluate(async () => {
        await navigator.serviceWorker.ready;
        while (!(await caches.match(".", { ignoreSearch: true })))
          await new Promise((go) => setTimeout(go, 50));
      });
      plain.close();
      await page.context().setOffline(true);
      await page.reload();
      await trained(page);
      expect(await page.locator("[data-digest]").textContent()).toBe(digest);
      expect(problems).toEqual([]);
      await close();
    },
  );
});
