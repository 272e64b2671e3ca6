import type { GpuDevice } from "./gpu.js";

/** What a device says of what it refused. */
export interface Refusal {
  readonly message: string;
  /** Whether it lacked memory. */
  readonly isFull: boolean;
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
