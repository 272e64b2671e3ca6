import type { Arithmetic, ByPath, Clock, Flow, Transform } from "@tenon/contracts";

/**
 * A transform of all gradients together, without slots. Its rule is not called if there is no
 * parameter.
 */
export function stateless(
  name: string,
  rule: <T extends Arithmetic<T>>(updates: ByPath<T>, params: ByPath<T>) => ByPath<T>,
): Transform {
  return {
    name,
    slots: () => ({}),
    update<T extends Arithmetic<T>>({ updates, params, slots }: Flow<T>, _: Clock<T>): Flow<T> {
      return {
        updates: Object.keys(updates).length === 0 ? updates : rule(updates, params),
        params,
        slots,
      };
    },
  };
}
