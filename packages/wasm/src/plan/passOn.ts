import { chain, imagesPerChunk, type ChainedArray } from "../kernels/chain.js";
import { enoughWorkItems } from "../machine.js";
import type { Buffer } from "./memory.js";
import type { Step } from "./plan.js";

/**
 * Joins a step to the one that reads what it makes, where that is the only one and both treat
 * images apart: then the array between them is never written as a whole. `lasting`: buffers that
 * are read after the step, or were there before it.
 */
export function passOn(steps: readonly Step[], lasting: ReadonlySet<Buffer>): Step[] {
  const left = [...steps];
  for (let at = 0; at < left.length; at++) {
    const maker = left[at]!;
    for (const [from, buffer] of maker.operands.entries()) {
      // A buffer that nobody has mentioned before is written here.
      if (lasting.has(buffer) || before(left, at, buffer)) continue;
      const readers = left.flatMap(({ operands }, i) =>
        i > at && operands.includes(buffer) ? [i] : [],
      );
      const [next] = readers;
      if (next === undefined || readers.length > 1) continue;
      const reader = left[next]!;
      const to = reader.operands.indexOf(buffer);
      const { images } = maker.kernel;
      if (reader.operands.lastIndexOf(buffer) !== to || !images) continue;
      const link: ChainedArray = {
        producerPointer: from,
        consumerPointer: to,
        imageBytes: buffer.bytes / images.count,
      };
      const by = reader.kernel.images
        ? reader.kernel
        : reader.kernel.splitByImages?.(images.count, buffer.bytes / 4);
      const passed = by && imagesPerChunk(maker.kernel, by, link);
      // A loop is not worth it that threads get less to share: one image is many work items as long
      // as it is alone.
      if (
        !passed ||
        (!reader.kernel.images &&
          images.count / passed < Math.min(enoughWorkItems, maker.kernel.workItems))
      )
        continue;
      // The maker moves behind what lies between them, and the reader begins before it ends:
      // neither may touch what the maker reads if that may change, or what else it makes.
      const own = maker.operands.filter(
        (one) => one !== buffer && (lasting.has(one) || !before(left, at, one)),
      );
      if (
        left
          .slice(at + 1, next + 1)
          .some(({ operands }) => operands.some((one) => own.includes(one)))
      )
        continue;
      const without = (list: readonly Buffer[], place: number): Buffer[] =>
        list.filter((_, i) => i !== place);
      left[next] = {
        kernel: reader.kernel.fuseProducer?.(maker.kernel, to) ?? chain(maker.kernel, by, link),
        operands: [...without(reader.operands, to), ...without(maker.operands, from)],
        label: `${maker.label} ${reader.label}`,
        fused: maker.fused + reader.fused,
      };
      left.splice(at--, 1);
      break;
    }
  }
  return left;
}

/** Whether a buffer was there before a step. */
const before = (steps: readonly Step[], at: number, buffer: Buffer): boolean =>
  steps.slice(0, at).some(({ operands }) => operands.includes(buffer));
