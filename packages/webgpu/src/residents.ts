import type { GpuBuffer, GpuDevice, GpuLimits } from "./gpu.js";
import { watch } from "./refusals.js";
import { usage } from "./usage.js";

/** Data sets that stay on a device, so that a step is fed the numbers of its rows. */
export interface Residents {
  /**
   * Where a data set is, once it is there: it is copied there when it is asked for first. Never
   * where the device has no room for it.
   */
  bufferOf(data: Uint8Array): GpuBuffer | undefined;
}

/** A data set on the device. */
interface Resident {
  readonly size: number;
  /** Where it is; nothing until the device has said that it has the room, and where it has not. */
  buffer?: GpuBuffer;
}

/** @param budget bytes that all data sets together may take: those asked for first make room */
export function residentsOf(device: GpuDevice, budget: number): Residents {
  const { maxStorageBufferBindingSize, maxBufferSize } = device.limits as GpuLimits;
  const most = Math.min(budget, maxStorageBufferBindingSize!, maxBufferSize!);
  const residents = new Map<Uint8Array, Resident>();
  const withoutRoom = new WeakSet<Uint8Array>();
  let taken = 0;
  const remove = (data: Uint8Array, resident: Resident): void => {
    if (residents.get(data) !== resident) return;
    residents.delete(data);
    taken -= resident.size;
  };
  const add = async (data: Uint8Array): Promise<void> => {
    const resident: Resident = { size: Math.max(4, 4 * Math.ceil(data.length / 4)) };
    for (const [other, first] of residents) {
      if (taken + resident.size <= budget) break;
      // Programs that still use it keep it.
      remove(other, first);
    }
    residents.set(data, resident);
    taken += resident.size;
    const refusal = watch(device);
    const buffer = copied(device, data, resident.size);
    if (await refusal()) {
      withoutRoom.add(data);
      remove(data, resident);
    } else resident.buffer = buffer;
  };
  return {
    bufferOf(data) {
      if (data.length > most || withoutRoom.has(data)) return undefined;
      // Where the device is lost, steps say so.
      if (!residents.has(data)) add(data).catch(() => {});
      return residents.get(data)?.buffer;
    },
  };
}

/** A buffer of so many bytes, whole words, that begins with the data. */
function copied(device: GpuDevice, data: Uint8Array, size: number): GpuBuffer {
  const whole = data.length - (data.length % 4);
  const buffer = device.createBuffer({ size, usage: usage.storage | usage.copyDestination });
  device.queue.writeBuffer(buffer, 0, data, 0, whole);
  if (whole < size) {
    const rest = new Uint8Array(4);
    rest.set(data.subarray(whole));
    device.queue.writeBuffer(buffer, whole, rest);
  }
  return buffer;
}
