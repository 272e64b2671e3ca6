import { f32x4, i32 } from "@tenon/emit";
import type { Kernel } from "../kernel.js";

export interface ZerosSpec {
  readonly key: string;
  /** How many numbers. */
  readonly count: number;
  /** How many addresses the kernel takes; it writes the first. */
  readonly pointers: number;
}

/** What sums over nothing come to. */
export function zeros({ key, count, pointers }: ZerosSpec): Kernel {
  return {
    key,
    pointers,
    scratch: 0,
    flops: 0,
    workItems: count > 0 ? 1 : 0,
    emit: (module) =>
      module.once(key, () =>
        module.func(
          key,
          Array.from({ length: pointers + 2 }, () => "i32" as const),
          (f, out, ...rest) => {
            const begin = rest[rest.length - 2]!;
            const end = rest[rest.length - 1]!;
            const value = f32x4.const(0);
            const at = f.local("i32");
            f.if(i32.ltS(begin, end), () => {
              f.loop(at, 0, 4 * (count - (count % 4)), 16, () =>
                f.store("v128", i32.add(out!, at), value),
              );
              for (let i = count - (count % 4); i < count; i++) f.storeLane(out!, 0, value, 4 * i);
            });
          },
        ),
      ),
  };
}
