import { languages } from "@tenon/experiments/words";
import { launched, softwareWebgpu } from "@tenon/compositions/browser";
import { expect } from "vitest";
import type en from "../src/words/en.json";
import { widths } from "./layout.js";
import { patient, textOf, type Site } from "./site.js";

/**
 * Where the GPU is a software adapter, WebAssembly trains until the reader asks for the
 * GPU, which then trains, stops and goes on.
 *
 * @param isLong also that a lost device is named, and that Reset finds another one
 */
export async function expectGpuSwitch(site: Site, isLong: boolean): Promise<void> {
  const own = await launched(softwareWebgpu);
  try {
    for (const language of languages) {
      const page = await own.newPage({ viewport: { width: 360, height: 800 } });
      await page.goto(`${site.url}#momentum?lang=${language}`);
      const { gpu, pause, play, reset } = (await import(
        `../src/words/${language}.json`
      )) as typeof en;
      const why = (text: string) => page.locator("#engine-why", { hasText: textOf(text) });
      await why(gpu.why.software).waitFor(patient);
      await page.locator("[data-engine] select").selectOption({ label: gpu.choices.gpu });
      await why(gpu.why.softwareAsked).waitFor(patient);
      expect(await page.evaluate(widths)).toEqual([360, 360]);
      if (language !== "en") continue;
      const button = (text: string) => page.getByRole("button", { name: text });
      /** Per cent that the arms have trained, together, once they are more than they were. */
      const further = async (than: number): Promise<number> => {
        let trained = 0;
        const read = async (): Promise<number> => {
          const text = (await page.locator(".arms").first().textContent())!;
          const found = [...text.matchAll(/(\d+) % trained/g)];
          return (trained = found.reduce((sum, [, percent]) => sum + Number(percent), 0));
        };
        await expect.poll(read, patient).toBeGreaterThan(than);
        return trained;
      };
      await further(0);
      await button(pause).click();
      await button(play).waitFor(patient);
      const stopped = await further(0);
      await button(play).click();
      await further(stopped);
      if (!isLong) continue;
      await (await own.newBrowserCDPSession()).send("Browser.crashGpuProcess");
      await page.locator(".failure", { hasText: "webgpu: the device was lost" }).waitFor(patient);
      await button(reset).click();
      await page.locator(".failure").waitFor({ ...patient, state: "detached" });
      await button(play).click();
      await further(0);
    }
  } finally {
    await own.close();
  }
}
