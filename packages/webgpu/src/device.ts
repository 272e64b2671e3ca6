import { badArgument, known, notNegative, shown } from "@tenon/guards";
import type { Gpu, GpuAdapter, GpuAdapterInfo, GpuDevice, GpuLimits } from "./gpu.js";
import { pipelineStore, type PipelineStore } from "./pipelines.js";
import { residentsOf, type Residents } from "./residents.js";

export interface WebgpuOptions {
  /**
   * Where adapters are asked for. @defaultValue `navigator.gpu`, in Node that of the npm package
   * `webgpu`
   */
  readonly gpu?: Gpu;
  /** The adapter to use. @defaultValue the fastest that `gpu` has */
  readonly adapter?: GpuAdapter;
  /** The device to use: its limits and features as they are. @defaultValue a new one */
  readonly device?: GpuDevice;
  /**
   * Milliseconds of work that the device gets at a time, so that a page that it also draws stays
   * responsive: steps are cut between dispatches where they take longer. A dispatch is never cut:
   * one that takes longer is a portion of its own.
   *
   * @defaultValue 8 in a browser; in Node any number of them
   */
  readonly portion?: number;
  /**
   * Bytes that data sets may take on the device: those of bytes that fit (the `dataset` of
   * `@tenon/data`, scaled) are copied there once, and steps are fed the numbers of their rows.
   * They may not be changed then. @defaultValue 2²⁸
   */
  readonly residentBytes?: number;
}

/** A GPU as an engine uses it. */
export interface Machine {
  readonly device: GpuDevice;
  /** What it runs on; unknown where a device that does not say it was given. */
  readonly adapter?: GpuAdapterInfo;
  /** Whether it is a software adapter, which computes on the CPU: `wasm()` is faster then. */
  readonly isSoftware: boolean;
  readonly limits: WebgpuLimits;
  /** Whether kernels can be timed. */
  readonly hasTimestamps: boolean;
  /** Milliseconds of work that it gets at a time. */
  readonly portion: number;
  /** Data sets that stay on it. */
  readonly residents: Residents;
  readonly pipelines: PipelineStore;
  /** Why the device was lost, once it was. */
  lost(): Error | undefined;
  /** Objects that must live as long as the device: Dawn ends the process without. */
  readonly kept: readonly unknown[];
}

const noGpu = (got: string, fix: string): Error =>
  badArgument("webgpu", "a GPU that WebGPU can use", got, fix);

/** Finds the device that the options ask for. */
export async function machineOf(options: WebgpuOptions): Promise<Machine> {
  const {
    gpu: given,
    adapter: chosen,
    device: ready,
    portion = nodeVersion() === undefined ? 8 : Infinity,
    residentBytes = 2 ** 28,
  } = known("webgpu", options, "gpu adapter device portion residentBytes");
  checkHas("gpu", given, "requestAdapter");
  checkHas("adapter", chosen, "requestDevice");
  checkHas("device", ready, "createComputePipelineAsync");
  if (!(typeof portion === "number" && portion > 0))
    throw badArgument("webgpu", "portion as milliseconds > 0", shown(portion), "leave it out");
  notNegative("webgpu", "residentBytes", residentBytes);
  const limits = { portion, residentBytes };
  if (ready)
    return machine(ready, {
      adapter: chosen?.info ?? ready.adapterInfo,
      ...limits,
      kept: [given, chosen],
    });
  const gpu = chosen ? given : (given ?? (await defaultGpu()));
  const adapter = chosen ?? (await gpu!.requestAdapter({ powerPreference: "high-performance" }));
  if (!adapter)
    throw noGpu(
      "none: no adapter was found",
      "install the GPU's driver with Vulkan, Metal or Direct3D 12, or use wasm()",
    );
  return machine(await deviceOf(adapter), {
    adapter: adapter.info,
    ...limits,
    kept: [gpu, adapter],
  });
}

/** Throws unless an option that is given has the method that makes it what it is. */
function checkHas(option: string, value: object | undefined, method: string): void {
  if (value !== undefined && typeof (value as Record<string, unknown>)?.[method] !== "function")
    throw badArgument(
      "webgpu",
      `${option} as an object of WebGPU, with ${method}`,
      shown(value),
      "give what navigator.gpu and its adapters give",
    );
}

/** The limits of a device that bound a program, in bytes, by their names in WebGPU. */
export interface WebgpuLimits {
  /** Of all that a program keeps on the device. */
  readonly maxStorageBufferBindingSize: number;
  readonly maxBufferSize: number;
  /** Of what the invocations of a workgroup share. */
  readonly maxComputeWorkgroupStorageSize: number;
}

/** The feature with which kernels are timed. */
export const timestamps = "timestamp-query";

/** The limits that a program may need more of than every adapter has. */
const wantedLimits = [
  "maxStorageBufferBindingSize",
  "maxBufferSize",
  "maxComputeWorkgroupStorageSize",
] as const satisfies readonly (keyof WebgpuLimits)[];

async function deviceOf(adapter: GpuAdapter): Promise<GpuDevice> {
  const limits = adapter.limits as GpuLimits;
  const requiredLimits = Object.fromEntries(wantedLimits.map((name) => [name, limits[name]!]));
  const requiredFeatures = [timestamps].filter((name) => adapter.features.has(name));
  try {
    return await adapter.requestDevice({ label: "tenon", requiredFeatures, requiredLimits });
  } catch (cause) {
    throw Object.assign(
      noGpu(
        `an adapter that gives no device (${textOf(cause)})`,
        "restart the program, or use wasm()",
      ),
      { cause },
    );
  }
}

function machine(
  device: GpuDevice,
  {
    adapter,
    residentBytes,
    ...others
  }: Pick<Machine, "portion" | "kept"> & {
    readonly adapter: GpuAdapterInfo | undefined;
    readonly residentBytes: number;
  },
): Machine {
  let failure: Error | undefined;
  void device.lost.then(({ reason, message }) => {
    failure = new Error(
      `webgpu: the device was lost (${[reason, message].filter(Boolean).join(": ") || "no reason given"}); ` +
        "make a new engine and go on from the last checkpoint",
    );
  });
  return {
    device,
    ...(adapter && { adapter }),
    limits: Object.fromEntries(
      wantedLimits.map((name) => [name, (device.limits as GpuLimits)[name]!]),
    ) as unknown as WebgpuLimits,
    isSoftware: adapter !== undefined && isSoftware(adapter),
    pipelines: pipelineStore(device),
    hasTimestamps: device.features.has(timestamps),
    residents: residentsOf(device, residentBytes),
    lost: () => failure,
    ...others,
  };
}

const softwareNames = /swiftshader|llvmpipe|lavapipe|basic render|software/i;

const isSoftware = (info: GpuAdapterInfo): boolean =>
  info.isFallbackAdapter === true ||
  softwareNames.test([info.vendor, info.architecture, info.device, info.description].join(" "));

const textOf = (cause: unknown): string =>
  String((cause as { readonly message?: unknown } | undefined)?.message ?? cause);

function nodeVersion(): string | undefined {
  const { process } = globalThis as {
    readonly process?: { readonly versions?: { readonly node?: string } };
  };
  return process?.versions?.node;
}

/** A browser's GPU, or in Node that of the npm package `webgpu`. */
async function defaultGpu(): Promise<Gpu> {
  const { navigator } = globalThis as { readonly navigator?: { readonly gpu?: Gpu } };
  if (navigator?.gpu) return navigator.gpu;
  if (nodeVersion() === undefined)
    throw noGpu("none: this browser has no navigator.gpu", "use a newer browser, or wasm()");
  // A name that bundlers do not follow: the package is optional.
  const name = "webgpu";
  let dawn: { create(flags: string[]): Gpu };
  try {
    dawn = (await import(/* @vite-ignore */ /* webpackIgnore: true */ name)) as typeof dawn;
  } catch (cause) {
    throw Object.assign(
      noGpu('none: Node needs the npm package "webgpu"', "npm install webgpu, or use wasm()"),
      { cause },
    );
  }
  return dawn.create([]);
}
