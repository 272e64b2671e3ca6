// Plain JavaScript: scripts of the root use it, too.
import { chromium } from "playwright-core";
import which from "which";

/** The path of a program on this machine, by its name or path; undefined if there is none. */
export const pathOf = (name) => which.sync(name, { nothrow: true }) ?? undefined;

/** The path of a Chromium on this machine, if there is one. */
export const browserHere = () =>
  [process.env.CHROMIUM, "chromium", "chromium-browser", "google-chrome", "chrome", "msedge"]
    .filter(Boolean)
    .map(pathOf)
    .find(Boolean);

/** With these headers the threads of a page may share memory. */
export const isolated = {
  "cross-origin-opener-policy": "same-origin",
  "cross-origin-embedder-policy": "require-corp",
};

/**
 * With these the browser has WebGPU, on a software adapter. The last one
 * makes its pipelines ten times as fast (`softwareGpu` of testkit says why).
 */
export const softwareWebgpu = [
  ...["--enable-unsafe-webgpu", "--use-webgpu-adapter=swiftshader"],
  "--disable-dawn-features=use_vulkan_zero_initialize_workgroup_memory_extension",
];

/**
 * Starts the browser, which asks for the pages that it is asked to open only.
 *
 * @param gpu the browser's flags for its GPU. @defaultValue those of a browser without one
 */
export function launched(gpu = ["--disable-gpu"]) {
  return chromium.launch({
    executablePath: browserHere(),
    args: [
      ...["--headless", "--no-sandbox", ...gpu, "--disable-quic", "--no-first-run"],
      ...["--disable-background-networking", "--disable-component-update", "--disable-sync"],
    ],
  });
}
