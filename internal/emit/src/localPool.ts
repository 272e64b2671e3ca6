import { unsigned } from "./bytes.js";
import type { Local, ValueType } from "./value.js";

/** The variables of one function. */
export interface LocalPool {
  readonly params: readonly Local<ValueType>[];
  /** A variable of its own for the whole function, zero at the start. */
  declare<T extends ValueType>(type: T): Local<T>;
  /** A variable until the end of the scope, with any value at the start. */
  take<T extends ValueType>(type: T): Local<T>;
  /** Runs a body; the variables that it takes are free for others afterwards. */
  scoped(body: () => void): void;
  /** Within `body` nothing becomes free, since its statements will be reordered. */
  together(body: () => void): void;
  /** The types of all variables but the parameters, by index. */
  types(): readonly ValueType[];
}

export function localPool(params: readonly ValueType[]): LocalPool {
  const types: ValueType[] = [];
  const free: { [T in ValueType]?: Local<T>[] } = {};
  let taken: Local<ValueType>[] = [];
  let reordered = 0;
  const localAt = <T extends ValueType>(type: T, index: number): Local<T> => ({
    type,
    index,
    code: [0x20, ...unsigned(index)],
  });
  const declare = <T extends ValueType>(type: T): Local<T> =>
    localAt(type, params.length + types.push(type) - 1);
  const scoped = (body: () => void): void => {
    const outer = taken;
    taken = [];
    body();
    if (reordered > 0) outer.push(...taken);
    else for (const local of taken.reverse()) (free[local.type] ??= []).push(local as never);
    taken = outer;
  };
  return {
    params: params.map(localAt),
    declare,
    take<T extends ValueType>(type: T) {
      const local = (free[type]?.pop() as Local<T> | undefined) ?? declare(type);
      taken.push(local);
      return local;
    },
    scoped,
    together(body) {
      scoped(() => {
        reordered++;
        body();
        reordered--;
      });
    },
    types: () => types,
  };
}
