import { readOnce } from "./answers.js";
import type { GpuComputePass, GpuDevice } from "./gpu.js";
import { accepted, watch } from "./refusals.js";
import { usage } from "./usage.js";

type Work = (pass: GpuComputePass) => void;

/** The most works that are measured together: a set of queries has at most 4096, two for each. */
const mostTogether = 2048;

/** The time in milliseconds of what each of these functions encodes, in passes of their own. */
export async function timesOf(device: GpuDevice, works: readonly Work[]): Promise<number[]> {
  const times: Promise<number[]>[] = [];
  for (let first = 0; first < works.length; first += mostTogether)
    times.push(timesTogether(device, works.slice(first, first + mostTogether)));
  return (await Promise.all(times)).flat();
}

async function timesTogether(device: GpuDevice, works: readonly Work[]): Promise<number[]> {
  const count = 2 * works.length;
  const refusal = watch(device);
  const querySet = device.createQuerySet({ type: "timestamp", count });
  const buffer = device.createBuffer({
    size: 8 * count,
    usage: usage.queryResolve | usage.copySource,
  });
  const encoder = device.createCommandEncoder();
  works.forEach((encode, i) => {
    const pass = encoder.beginComputePass({
      timestampWrites: {
        querySet,
        beginningOfPassWriteIndex: 2 * i,
        endOfPassWriteIndex: 2 * i + 1,
      },
    });
    encode(pass);
    pass.end();
  });
  encoder.resolveQuerySet(querySet, 0, count, buffer, 0);
  device.queue.submit([encoder.finish()]);
  const [data] = await Promise.all([
    readOnce(device, { buffer, offset: 0, bytes: 8 * count }),
    accepted(refusal()),
  ]);
  buffer.destroy();
  const nanoseconds = new BigUint64Array(data);
  return works.map((_, i) => Number(nanoseconds[2 * i + 1]! - nanoseconds[2 * i]!) / 1e6);
}
