import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";

// Dawn on a Vulkan driver for the processor, for tests on machines without a GPU: the npm package
// `webgpu`, which `.ci/run` fetches, and the SwiftShader that comes with Debian's chromium.

const dawnAt = fileURLToPath(new URL("../../../.cache/tools/node_modules/webgpu", import.meta.url));
const driverFolder = "/usr/lib/chromium";
const driver = `${driverFolder}/vk_swiftshader_icd.json`;
const loader = `${driverFolder}/libvulkan.so.1`;

/**
 * With this feature of Dawn the driver fills the memory of workgroups with zeros. SwiftShader then
 * writes each word by an instruction of its own, in each of the 64 parts of a workgroup: of the
 * time of a pipeline it is nine tenths, of a small kernel as well. Without it a loop of the shader
 * does that.
 */
const zeroing = "use_vulkan_zero_initialize_workgroup_memory_extension";

/** Why there is no GPU to test with; undefined if there is one. */
export const missingGpu: string | undefined = !existsSync(dawnAt)
  ? "the npm package webgpu in .cache/tools (.ci/run fetches it)"
  : !existsSync(driver)
    ? `SwiftShader's driver (${driver}, of Debian's chromium)`
    : undefined;

/**
 * A GPU that is a software adapter. It must live as long as its devices.
 *
 * @param file Dawn for Node. @defaultValue the one that `.ci/run` fetches
 */
export function softwareGpu(
  file = `${dawnAt}/dist/${process.platform}-${process.arch}/dawn.node`,
): object {
  process.env["VK_ICD_FILENAMES"] = driver;
  // The system may have no Vulkan loader: that of chromium is loaded, and kept, before Dawn asks
  // for it by its name. Node then finds that it is no addon.
  const [lazy, global, keep] = [0x1, 0x100, 0x1000];
  if (existsSync(loader))
    try {
      process.dlopen({ exports: {} }, loader, lazy | global | keep);
    } catch {
      // as expected
    }
  waitForDriver();
  const require = createRequire(import.meta.url);
  const dawn = require(file) as {
    create(flags: string[]): object;
  };
  return dawn.create([`disable-dawn-features=${zeroing}`]);
}

/** What `withoutNames` needs of an adapter. */
interface Adapter {
  readonly features: object;
  readonly limits: object;
  requestDevice(description?: object): Promise<object>;
}

/**
 * The same GPU without the names of its adapters: an engine takes them for hardware, where kernels
 * share dispatches.
 */
export function withoutNames(gpu: object): object {
  const real = gpu as { requestAdapter(options?: object): Promise<Adapter | null> };
  return {
    async requestAdapter(options?: object) {
      const adapter = await real.requestAdapter(options);
      return (
        adapter && {
          ...{ features: adapter.features, limits: adapter.limits },
          info: { vendor: "", architecture: "", device: "", description: "" },
          requestDevice: (description?: object) => adapter.requestDevice(description),
        }
      );
    },
  };
}

let isWaiting = false;

/**
 * While Dawn waits for the driver, it has itself called by `setImmediate` over and over, which
 * takes a processor that this driver needs for its work. Those calls, of native functions, wait for
 * a moment.
 */
function waitForDriver(): void {
  if (isWaiting) return;
  isWaiting = true;
  globalThis.setImmediate = new Proxy(setImmediate, {
    apply(target, self, [call, ...given]: Parameters<typeof setImmediate>) {
      const isNative = /\[native code\]/.test(Function.prototype.toString.call(call));
      return isNative
        ? setTimeout(call, 1, ...given)
        : Reflect.apply(target, self, [call, ...given]);
    },
  });
}
