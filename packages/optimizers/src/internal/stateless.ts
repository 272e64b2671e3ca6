import type { Arithmetic, ByPath, Clock, Flow, Transform } from "@tenon/contracts";
import { scalarsAt, type Hyper, type Scalars } from "./hyper.js";

/**
 * A transform of all gradients together, without slots. Its rule is not called if there is no
 * parameter.
 */
export function stateless<H extends Readonly<Record<string, Hyper>>>(
  name: string,
  hypers: H,
  rule: <T extends Arithmetic<T>>(updates: ByPath<T>, scalars: Scalars<H, T>) => ByPath<T>,
): Transform {
  return {
    name,
    slots: () => ({}),
    update<T extends Arithmetic<T>>({ updates, params, slots }: Flow<T>, clock: Clock<T>): Flow<T> {
      return {
        updates:
          Object.keys(updates).length === 0 ? updates : rule(updates, scalarsAt(clock, hypers)),
        params,
        slots,
      };
    },
  };
}
