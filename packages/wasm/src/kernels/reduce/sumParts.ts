import { f32x4, i32, v128 } from "@tenon/emit";
import { workItemElements } from "../../machine.js";
import type { Kernel } from "../kernel.js";
import { storeLanes } from "../shared/segment.js";

/**
 * Adds `parts` arrays that lie one after the other, the first first. Pointers: the sum, the parts.
 */
export function sumParts(parts: number, floats: number): Kernel {
  const key = `sumParts/${parts}x${floats}`;
  return {
    key,
    pointers: 2,
    scratch: 0,
    flops: (parts - 1) * floats,
    workItems: Math.ceil(floats / workItemElements),
    emit: (module) =>
      module.once(key, () =>
        module.func(key, ["i32", "i32", "i32", "i32"], (f, out, from, begin, end) => {
          const at = f.local("i32");
          const last = f.local("i32");
          const part = f.local("i32");
          const p = f.local("i32");
          const sum = f.local("v128");
          const four = (lanes: number): void => {
            f.set(p, i32.add(from!, at));
            f.set(sum, v128.load(p));
            f.loop(part, 1, parts, 1, () => {
              f.bump(p, 4 * floats);
              f.set(sum, f32x4.add(sum, v128.load(p)));
            });
            storeLanes(f, i32.add(out!, at), sum, lanes);
          };
          const whole = 4 * (floats - (floats % 4));
          f.set(last, i32.mul(end!, 4 * workItemElements));
          f.if(i32.gtS(last, whole), () => f.set(last, i32.const(whole)));
          f.loop(at, i32.mul(begin!, 4 * workItemElements), last, 16, () => four(4));
          if (floats % 4)
            f.if(
              i32.and(i32.eq(end!, Math.ceil(floats / workItemElements)), i32.ltS(begin!, end!)),
              () => {
                f.set(at, i32.const(whole));
                four(floats % 4);
              },
            );
        }),
      ),
  };
}
