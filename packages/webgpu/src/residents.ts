import type { GpuBuffer, GpuDevice, GpuLimits } from "./gpu.js";
import { usage } from "./usage.js";

/** Data sets that stay on a device, so that a step is fed the numbers of its rows. */
export interface Residents {
  /** Whether a data set may stay there. */
  fits(data: Uint8Array): boolean;
  /** Where it is; it is copied there when it is asked for first. */
  bufferOf(data: Uint8Array): GpuBuffer;
}

/** @param budget bytes that all data sets together may take: the ones asked for first make room */
export function residentsOf(device: GpuDevice, budget: number): Residents {
  const { maxStorageBufferBindingSize, maxBufferSize } = device.limits as GpuLimits;
  const most = Math.min(budget, maxStorageBufferBindingSize!, maxBufferSize!);
  const buffers = new Map<Uint8Array, GpuBuffer>();
  let taken = 0;
  return {
    fits: ({ length }) => length <= most,
    bufferOf(data) {
      const known = buffers.get(data);
      if (known) return known;
      const whole = data.length - (data.length % 4);
      const size = Math.max(4, 4 * Math.ceil(data.length / 4));
      for (const [other, buffer] of buffers) {
        if (taken + size <= budget) break;
        // Programs that still use it keep it.
        buffers.delete(other);
        taken -= buffer.size;
      }
      const buffer = device.createBuffer({ size, usage: usage.storage | usage.copyDestination });
      device.queue.writeBuffer(buffer, 0, data, 0, whole);
      if (whole < size) {
        const rest = new Uint8Array(4);
        rest.set(data.subarray(whole));
        device.queue.writeBuffer(buffer, whole, rest);
      }
      buffers.set(data, buffer);
      taken += size;
      return buffer;
    },
  };
}
