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
import { planStep, type Step } from "@tenon/plan";
import { indexError, type Tensor } from "@tenon/tensor";
import { readOnce } from "./answers.js";
import type { Machine } from "./device.js";
import type { Shader } from "./compose.js";
import { encode, hardwareOf, noIndex, type Hardware, type Pipelines } from "./hardware.js";
import { inOrder } from "./inOrder.js";
import type { GpuDevice, GpuLimits } from "./gpu.js";
import { invocations, mostCells, type Kernel } from "./kernels/kernel.js";
import { backendOf } from "./lower/backend.js";
import { mirrorOf } from "./mirror.js";
import { submissionsOf } from "./submissions.js";
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
  const { device } = machine;
  const { plan, graph, bind } = planStep(step, start, inputs, backendOf(tileBytesOf(device)));
  const hardware = hardwareOf(machine, plan, graph);
  const { layout, memory, shaders, failing } = hardware;
  const mirror = mirrorOf(machine, hardware);
  const host = bind(mirror.memory);
  mirror.write(mirror.region(layout.constants, false));
  mirror.write(mirror.region(layout.state, false));
  hardware.clearStatus();
  const calls = inOrder(
    hardware.pipelines.then((pipelines) => ({
      pipelines,
      submissions: submissionsOf(device, hardware, pipelines, machine.portion),
    })),
  );
  const outputsOf = (data: ArrayBuffer): Leaves<O, NDArray> => {
    const statusAt = mirror.takeOutputs(data);
    if (failing.length > 0) {
      const words = new Uint32Array(data, statusAt, 1 + failing.length);
      if (words[0] !== 0) throw indexErrorOf(words, failing);
    }
    return host.finish();
  };
  let failure: { readonly cause: unknown } | undefined;
  const failedWith = (cause: unknown): Promise<never> => {
    failure ??= { cause };
    return rejected(failure.cause);
  };
  /** Why a call failed: that the device was lost says more than that a buffer could not be mapped. */
  const thrown = (cause: unknown): never => {
    throw machine.lost() ?? cause;
  };

  return {
    plan: planView(shaders, layout.bytes),
    step(feeds) {
      if (failure) return rejected(failure.cause);
      try {
        host.feed(feeds);
      } catch (cause) {
        return failedWith(cause);
      }
      const fed = mirror.fed(calls.waits);
      const answer = new Promise<ArrayBuffer>((resolve, reject) =>
        calls.call(({ submissions }) => {
          mirror.writeFed(fed, submissions);
          submissions.step({ resolve, reject });
        }, reject),
      );
      return answer.then(outputsOf, thrown);
    },
    async state() {
      const { begin, end } = layout.state;
      const data = await calls
        .promise(({ submissions }) => {
          submissions.submit();
          return readOnce(device, { buffer: memory, offset: begin, bytes: end - begin });
        })
        .catch(thrown);
      mirror.take(layout.state, data, 0);
      return host.state();
    },
    load(state) {
      try {
        host.load(state);
      } catch (cause) {
        return failedWith(cause);
      }
      failure = undefined;
      const written = mirror.region(layout.state, calls.waits);
      return calls
        .promise(({ submissions }) => {
          submissions.submit();
          mirror.write(written);
          hardware.clearStatus();
          const lost = machine.lost();
          return lost ? rejected(lost) : Promise.resolve();
        })
        .catch(thrown);
    },
    profile(feeds, repeats = 1) {
      if (!machine.hasTimestamps) return Promise.resolve(undefined);
      if (!Number.isInteger(repeats) || repeats < 1)
        return rejected(
          badArgument("profile", "repeats that are an integer ≥ 1", shown(repeats), "leave it out"),
        );
      host.feed(feeds);
      const fed = mirror.fed(calls.waits);
      return calls.promise(({ submissions, pipelines }) => {
        submissions.submit();
        mirror.writeFed(fed, submissions);
        return profiled(device, hardware, pipelines, repeats);
      });
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

/** The error of the first operation, in the order of the step, that met an index out of bounds. */
function indexErrorOf(status: Uint32Array, failing: readonly Step<Kernel>[]): Error {
  const first = failing.findIndex((_, i) => status[1 + i] !== noIndex);
  const [name, size] = failing[first]!.kernel.mayFail!.split(" ") as [string, string];
  return indexError(name, (status[1 + first]! ^ 0x80000000) | 0, Number(size));
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
