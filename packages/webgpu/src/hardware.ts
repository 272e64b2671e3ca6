import type { Plan, Step, StepGraph } from "@tenon/plan";
import { badArgument } from "@tenon/guards";
import { shadersOf } from "./compose.js";
import type { Machine } from "./device.js";
import { answering, feeding, type Frame } from "./feeding.js";
import type { GpuBuffer, GpuComputePass, GpuDevice, GpuLimits } from "./gpu.js";
import type { Kernel } from "./kernels/kernel.js";
import { layoutOf, type Layout } from "./layout.js";
import { refused, watch, type Refusal } from "./refusals.js";
import { dispatchesOf } from "./schedule.js";
import type { Shader } from "./sharing.js";
import { usage } from "./usage.js";

/** A pipeline, and how many workgroups it takes: `x` times `y`, at least as many as its work is. */
export interface Call {
  readonly pipeline: object;
  readonly x: number;
  readonly y: number;
}

/** The pipelines of a program. */
export interface Pipelines {
  /** Takes what a step is fed from its slot. */
  readonly feed: Call;
  readonly dispatches: readonly Call[];
  /** Puts a step's answer where it is read. */
  readonly answer: Call;
}

/** What a program has on the device. */
export interface Hardware {
  readonly layout: Layout;
  readonly memory: GpuBuffer;
  /** The steps that may fail, in order: each has a word of the status. */
  readonly failing: readonly Step<Kernel>[];
  readonly shaders: readonly Shader[];
  /** Rejects where the device refuses something. */
  readonly pipelines: Promise<Pipelines>;
  /** Says that no index was out of bounds. */
  clearStatus(): void;
  /** Steps from now on take rows of this data set. */
  keep(resident: GpuBuffer): void;
  /** Gives a pass the memory. */
  bind(pass: GpuComputePass): void;
}

/** A word of the status that no kernel has lowered. */
export const noIndex = 0xffffffff;

/** The largest number of workgroups in one direction that every device has. */
const mostPerAxis = 65535;

export function encode(pass: GpuComputePass, { pipeline, x, y }: Call): void {
  pass.setPipeline(pipeline);
  pass.dispatchWorkgroups(x, y);
}

/** Makes the memory and the pipelines of a plan. */
export function hardwareOf(machine: Machine, plan: Plan<Kernel>, graph: StepGraph): Hardware {
  const { device, pipelines: store } = machine;
  const failing = plan.steps.filter(({ kernel }) => kernel.mayFail);
  const statusWords = failing.length > 0 ? 1 + failing.length : 0;
  const replaced = graph.flag ? [] : graph.changes.map(({ before }) => plan.bufferOf(before));
  const stateBuffers = new Set(replaced);
  const dispatches = dispatchesOf(plan.steps, stateBuffers);
  const layout = layoutOf(
    plan,
    graph,
    dispatches.map((tasks) => tasks.flatMap(({ levels }) => levels.flat())),
    4 * statusWords,
  );
  const { bytes, offsets, alternation: alternating } = layout;
  checkSize(device, bytes);

  const refusal = watch(device);
  const storage = usage.storage | usage.copySource | usage.copyDestination;
  const memory = device.createBuffer({ size: bytes, usage: storage, label: "memory" });
  const status = device.createBuffer({
    size: Math.max(16, 4 * statusWords),
    usage: storage,
    label: "status",
  });
  const bindingsOf = (resident: GpuBuffer): object =>
    device.createBindGroup({
      layout: store.bindings,
      entries: [memory, status, resident].map((buffer, binding) => ({
        ...{ binding, resource: { buffer } },
      })),
    });
  let bindings = bindingsOf(device.createBuffer({ size: 4, usage: storage }));
  const made = async ({ code, workgroups, idle = 0 }: Frame): Promise<Call> => {
    const all = workgroups + idle;
    const y = Math.ceil(all / mostPerAxis);
    return { pipeline: await store.of(code), x: Math.ceil(all / y), y };
  };
  const failures = new Map(failing.map((step, i) => [step, i]));
  const isApart = machine.isSoftware;
  const shaders = shadersOf(dispatches, {
    ...{ offsets, alternating, bytes, stateBuffers, failures, isApart },
  });
  const calls = [feeding(layout), ...shaders, answering(layout, statusWords)].map(made);
  const pipelines = pipelinesOf(calls, refusal());
  pipelines.catch(store.clear);
  return {
    ...{ layout, memory, failing, shaders, pipelines },
    keep(resident) {
      bindings = bindingsOf(resident);
    },
    bind: (pass) => pass.setBindGroup(0, bindings),
    clearStatus() {
      if (statusWords === 0) return;
      const words = new Uint32Array(statusWords).fill(noIndex);
      words[0] = 0;
      device.queue.writeBuffer(status, 0, words);
    },
  };
}

/** All pipelines, when they are made. */
async function pipelinesOf(
  calls: readonly Promise<Call>[],
  refusal: Promise<Refusal | undefined>,
): Promise<Pipelines> {
  const [made, found] = await Promise.all([Promise.allSettled(calls), refusal]);
  const failed = made.find((call) => call.status === "rejected");
  if (found?.isFull) throw refused("a program", found, smaller);
  const cause = (failed?.reason as Error | undefined) ?? found;
  if (cause) throw refused("a program", cause, "report it, or use wasm()");
  const [feed, ...others] = made.map((call) => (call as PromiseFulfilledResult<Call>).value);
  return { feed: feed!, dispatches: others.slice(0, -1), answer: others.at(-1)! };
}

const smaller = "take a smaller batch, or wasm()";

/** Throws if a program needs more memory than a binding may have. */
function checkSize({ limits }: GpuDevice, bytes: number): void {
  const { maxStorageBufferBindingSize: binding, maxBufferSize: buffer } = limits as GpuLimits;
  const most = Math.min(binding!, buffer!);
  if (bytes > most)
    throw badArgument(
      "compile",
      `a step that needs at most ${megabytes(most)} MB, the limit of this device`,
      `one of ${megabytes(bytes)} MB`,
      smaller,
    );
}

const megabytes = (bytes: number): number => Math.ceil(bytes / 2 ** 20);
