import { badArgument } from "@tenon/guards";
import type { GpuDevice } from "./gpu.js";

/** What a device says of what it refused. */
export interface Refusal {
  readonly message: string;
  /** Whether it lacked memory. */
  readonly isFull?: boolean;
}

/** Watches what a device is asked for: the result ends that, and gives what was refused first. */
export function watch(device: GpuDevice): () => Promise<Refusal | undefined> {
  device.pushErrorScope("out-of-memory");
  device.pushErrorScope("validation");
  return async () => {
    const [validation, memory] = await Promise.all([
      device.popErrorScope(),
      device.popErrorScope(),
    ]);
    const error = memory ?? validation;
    return error ? { message: error.message, isFull: memory !== null } : undefined;
  };
}

/** An error that is thrown in the name of the function that was called. */
export interface Nameless extends Error {
  named(name: string): Error;
}

/** An error of what a device refused. @param what it should take */
export const refused = (what: string, refusal: Refusal, fix: string): Nameless => {
  const { message, isFull } = refusal;
  const got = `one ${isFull ? "that does not fit in its memory" : "that it refused"} (${message})`;
  return Object.assign(new Error(message), {
    named: (name: string): Error =>
      Object.assign(badArgument(name, `${what} that the device takes`, got, fix), {
        cause: refusal,
      }),
  });
};

/** Rejects where a device refused commands: nothing is where they put their results. */
export async function accepted(refusal: Promise<Refusal | undefined>): Promise<void> {
  const found = await refusal;
  if (found)
    throw refused("a submission", found, "compile again and go on from the last checkpoint");
}
