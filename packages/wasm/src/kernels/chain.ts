import { i32, type FunctionIndex, type Index, type Local } from "@tenon/emit";
import { enoughWorkItems, l2Bytes } from "../machine.js";
import type { Kernel } from "./kernel.js";

/**
 * What one kernel passes on to the next: its pointer in either, and the bytes of one image of it.
 */
export interface Link {
  readonly from: number;
  readonly to: number;
  readonly imageBytes: number;
}

/**
 * Bytes of the array between two kernels that may be in flight: the rest of L2 is for what both
 * read and write besides. Chosen by `bench/zeros`.
 */
const chainedBytes = 0.75 * l2Bytes;

/** How many images two kernels can pass on at a time, if they can at all. */
export function imagesPassed(
  a: Kernel,
  b: Kernel,
  { from, to, imageBytes }: Link,
): number | undefined {
  const [one, other] = [a.images, b.images];
  if (
    !one ||
    !other ||
    one.count !== other.count ||
    one.count === 0 ||
    !one.pointers.includes(from) ||
    !other.pointers.includes(to)
  )
    return undefined;
  const step = Math.max(one.step, other.step);
  if (step % one.step > 0 || step % other.step > 0 || step * imageBytes > chainedBytes)
    return undefined;
  return (
    step *
    Math.max(
      1,
      Math.min(
        Math.floor(chainedBytes / 2 / (step * imageBytes)),
        Math.floor(one.count / (enoughWorkItems * step)),
      ),
    )
  );
}

/**
 * Two kernels as one: the first makes some images of an array that nobody else reads, the second
 * takes them while they are in the cache. Pointers: those of the second, then those of the first,
 * without the array, which lies in scratch memory. A piece is as many images as are passed on at a
 * time. Neither kernel knows: both get an address at which the array would begin if all of it were
 * there.
 */
export function chain(a: Kernel, b: Kernel, link: Link): Kernel {
  const { from, to, imageBytes } = link;
  const step = imagesPassed(a, b, link);
  if (step === undefined)
    throw new Error(
      `chain: expected kernels that treat the same images apart, got ${a.key} and ${b.key}`,
    );
  const count = a.images!.count;
  const bytes = 16 * Math.ceil((step * imageBytes + 16) / 16);
  const pointers = a.pointers + b.pointers - 2;
  return {
    key: `${a.key} → ${b.key} ${from} ${to}`,
    pointers,
    pieces: Math.ceil(count / step),
    scratch: bytes + Math.max(a.scratch, b.scratch),
    flops: a.flops + b.flops,
    emit: (module) => {
      const [first, second] = [a.emit(module), b.emit(module)];
      return module.func("chain", new Array(pointers + 3).fill("i32"), (f, ...params) => {
        const ofB = params.slice(0, b.pointers - 1);
        const ofA = params.slice(b.pointers - 1, pointers);
        const [scratch, begin, end] = params.slice(pointers) as [Local, Local, Local];
        const image = f.local("i32");
        const until = f.local("i32");
        const array = f.local("i32");
        const rest = f.local("i32", i32.add(scratch, bytes));
        const last = f.local("i32", i32.mul(end, step));
        const call = (
          kernel: Kernel,
          of: FunctionIndex,
          others: readonly Index[],
          at: number,
        ): void => {
          const all = [...others.slice(0, at), array, ...others.slice(at)];
          f.call(
            of,
            ...all,
            ...(kernel.scratch > 0 ? [rest] : []),
            kernel.images!.piece(image),
            kernel.images!.piece(until),
          );
        };
        f.if(i32.gtS(last, count), () => f.set(last, i32.const(count)));
        f.loop(image, i32.mul(begin, step), last, step, () => {
          f.set(until, i32.add(image, step));
          f.if(i32.gtS(until, count), () => f.set(until, i32.const(count)));
          f.set(array, i32.sub(scratch, i32.mul(image, imageBytes)));
          call(a, first, ofA, from);
          call(b, second, ofB, to);
        });
      });
    },
  };
}
