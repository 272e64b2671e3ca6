import type {
  ArraySpec,
  AsyncProgram,
  Feed,
  Leaves,
  NDArray,
  StepFunction,
  Tree,
} from "@tenon/contracts";
import { badArgument, shown } from "@tenon/guards";
import { planStep, type Host, type Step } from "@tenon/plan";
import { indexError, type Tensor } from "@tenon/tensor";
import { readOnce } from "./answers.js";
import type { Machine } from "./device.js";
import { encode, hardwareOf, noIndex, type Hardware, type Pipelines } from "./hardware.js";
import { inOrder } from "./inOrder.js";
import type { GpuDevice, GpuLimits } from "./gpu.js";
import { invocations, mostCells, type Kernel } from "./kernels/kernel.js";
import { backendOf } from "./lower/backend.js";
import type { Region } from "./layout.js";
import { mirrorOf, type Mirror } from "./mirror.js";
import type { Nameless } from "./refusals.js";
import { submissionsOf, type Submissions } from "./submissions.js";
import type { Shader } from "./sharing.js";
import { timesOf } from "./timing.js";

/** A program with its plan. */
export interface WebgpuProgram<S, I, O> extends AsyncProgram<S, I, O> {
  readonly plan: WebgpuPlan;
  /**
   * Runs each dispatch `repeats` times, one after the other, and measures it in milliseconds;
   * undefined where the device has no timestamps. State changes as the dispatches change it.
   */
  profile(inputs: I, repeats?: number): Promise<readonly number[] | undefined>;
}

/** What a step does on the GPU. */
export interface WebgpuPlan {
  /** Its dispatches, in order: each does the work of some kernels. */
  readonly dispatches: readonly {
    readonly workgroups: number;
    readonly kernels: readonly {
      readonly name: string;
      /** The operations whose results it computes. */
      readonly label: string;
      /** How many operations of the graph that are. */
      readonly fused: number;
      readonly flops: number;
      readonly bytes: number;
    }[];
  }[];
  /** Bytes of the one buffer that holds state, inputs, outputs and all that is between. */
  readonly bytes: number;
}

/** The memory of a workgroup that is left beside the words of its invocations. */
const tileBytesOf = ({ limits }: GpuDevice): number =>
  (limits as GpuLimits)["maxComputeWorkgroupStorageSize"]! - 4 * mostCells * invocations;

/** Plans a step, makes its pipelines, and ties both to the program that its caller gets. */
export function compile<S extends Tree<NDArray>, I extends Tree<ArraySpec>, O extends Tree<Tensor>>(
  step: StepFunction<Tensor, S, I, O>,
  start: S,
  inputs: I,
  machine: Machine,
): WebgpuProgram<S, Leaves<I, Feed>, Leaves<O, NDArray>> {
  const { plan, graph, bind } = planStep(
    step,
    start,
    inputs,
    backendOf(tileBytesOf(machine.device)),
  );
  const hardware = hardwareOf(machine, plan, graph);
  const { layout, shaders } = hardware;
  const mirror = mirrorOf(machine, hardware);
  const host = bind(mirror.memory);
  mirror.write(mirror.region(layout.constants, false));
  mirror.write(mirror.region(layout.state, false));
  hardware.clearStatus();
  return programOf(machine, hardware, mirror, host, planView(shaders, layout.bytes));
}

/** The calls of a program, which take effect in their order. */
function programOf<S, I, O>(
  machine: Machine,
  hardware: Hardware,
  mirror: Mirror,
  host: Host<S, I, O>,
  plan: WebgpuPlan,
): WebgpuProgram<S, I, O> {
  const { device } = machine;
  const { layout } = hardware;
  const turns = turnsOf(machine, hardware, mirror);
  const outputsOf = (data: ArrayBuffer): O => {
    checkStatus(data, mirror.takeOutputs(data), hardware.failing);
    return host.finish();
  };
  let failure: { readonly cause: unknown } | undefined;
  const failedWith = (cause: unknown): Promise<never> => {
    failure ??= { cause };
    return rejected(failure.cause);
  };
  /**
   * Why a call failed: that the device was lost says more than that a buffer could not be mapped.
   */
  const thrown =
    (name: string) =>
    (cause: unknown): never => {
      const { named } = cause as Partial<Nameless>;
      throw machine.lost() ?? named?.(name) ?? cause;
    };
  return {
    plan,
    step(feeds) {
      if (failure) return rejected(failure.cause);
      try {
        host.feed(feeds);
      } catch (cause) {
        return failedWith(cause);
      }
      return turns.step().then(outputsOf, thrown("step"));
    },
    async state() {
      const read = (regions: readonly Region[]): Promise<ArrayBuffer> =>
        readOnce(
          device,
          ...regions.map(({ begin, end }) => ({
            ...{ buffer: hardware.memory, offset: begin, bytes: end - begin },
          })),
        );
      const { hereAt } = mirror;
      const data =
        hereAt === undefined
          ? turns.between(() => read(mirror.stateAt(0)))
          : turns.asking(
              () => read([{ begin: hereAt, end: hereAt + 4 }]),
              (here) => read(mirror.stateAt(new Uint32Array(here)[0]!)),
            );
      mirror.takeState(await data.catch(thrown("state")));
      return host.state();
    },
    load(state) {
      try {
        host.load(state);
      } catch (cause) {
        return failedWith(cause);
      }
      failure = undefined;
      const written = mirror.region(layout.state, turns.waits(true));
      const work = (): Promise<void> => {
        mirror.write(written);
        hardware.clearStatus();
        const lost = machine.lost();
        return lost ? rejected(lost) : Promise.resolve();
      };
      return turns.between(work).catch(thrown("load"));
    },
    async profile(feeds, repeats = 1) {
      if (!machine.hasTimestamps) return undefined;
      if (!Number.isInteger(repeats) || repeats < 1)
        throw badArgument(
          "profile",
          "repeats that are an integer ≥ 1",
          shown(repeats),
          "leave it out",
        );
      if (failure) throw failure.cause;
      host.feed(feeds);
      return turns
        .fed((pipelines) => profiled(device, hardware, pipelines, repeats))
        .catch(thrown("profile"));
    },
  };
}

/** What a program does in turn, once its pipelines are there. */
interface Turns {
  /** Whether work waits: what it reads must be a copy. */
  waits(isAfterAll: boolean): boolean;
  /** Runs a step on what was fed last; its answer. */
  step(): Promise<ArrayBuffer>;
  /** Does work when all steps before are submitted. */
  between<T>(work: () => Promise<T>): Promise<T>;
  /** The same for work that needs an answer of the device first. */
  asking<A, T>(ask: () => Promise<A>, work: (answer: A) => Promise<T>): Promise<T>;
  /** The same, with what was fed last in the slot of the next step. */
  fed<T>(work: (pipelines: Pipelines) => Promise<T>): Promise<T>;
}

function turnsOf(machine: Machine, hardware: Hardware, mirror: Mirror): Turns {
  let submissions: Submissions | undefined;
  const calls = inOrder(
    hardware.pipelines.then((pipelines) => {
      submissions = submissionsOf(machine.device, hardware, pipelines, machine.portion);
      return { pipelines, submissions };
    }),
  );
  const waits = (isAfterAll: boolean): boolean => calls.waits || submissions!.waits(isAfterAll);
  return {
    waits,
    step() {
      const fed = mirror.fed(waits);
      const feeding = {
        changesOthers: () => mirror.changesOthers(fed),
        write: (slot: number) => mirror.writeFed(fed, slot),
      };
      return new Promise((resolve, reject) =>
        calls.call(({ submissions }) => submissions.step(feeding, { resolve, reject }), reject),
      );
    },
    between: (work) => calls.promise(({ submissions }) => submissions.between(work)),
    asking: (ask, work) => calls.promise(({ submissions }) => submissions.asking(ask, work)),
    fed(work) {
      const fed = mirror.fed(() => waits(true));
      return calls.promise(({ submissions, pipelines }) =>
        submissions.between((slot) => {
          mirror.writeFed(fed, slot);
          return work(pipelines);
        }),
      );
    },
  };
}

/** The time of each dispatch in milliseconds, of `repeats` in a row. */
async function profiled(
  device: GpuDevice,
  hardware: Hardware,
  { feed, dispatches }: Pipelines,
  repeats: number,
): Promise<readonly number[]> {
  const times = await timesOf(
    device,
    dispatches.map((dispatch, i) => (pass) => {
      hardware.bind(pass);
      if (i === 0) encode(pass, feed);
      for (let k = 0; k < repeats; k++) encode(pass, dispatch);
    }),
  );
  return times.map((time) => time / repeats);
}

const rejected = (cause: unknown): Promise<never> => Promise.reject(cause as Error);

/**
 * Throws the error of the first operation, in the order of the step, that met an index out of
 * bounds.
 */
function checkStatus(answer: ArrayBuffer, at: number, failing: readonly Step<Kernel>[]): void {
  if (failing.length === 0) return;
  const [hasFailed, ...status] = new Uint32Array(answer, at, 1 + failing.length);
  if (hasFailed === 0) return;
  const first = status.findIndex((word) => word !== noIndex);
  const { n, use } = failing[first]!.kernel.mayFail!;
  throw indexError(use, (status[first]! ^ 0x80000000) | 0, n);
}

const planView = (shaders: readonly Shader[], bytes: number): WebgpuPlan => ({
  dispatches: shaders.map(({ workgroups, steps }) => ({
    workgroups,
    kernels: steps.map(({ kernel, label, fused, operands }) => ({
      ...{ name: kernel.name, label, fused },
      flops: kernel.flops,
      bytes: operands.reduce((sum, operand) => sum + operand.bytes, 0),
    })),
  })),
  bytes,
});
