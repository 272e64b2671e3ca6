/**
 * Whether these can be the elements of an array: a typed array of numbers, also of another realm.
 * Not a list, which may hold anything, nor one of bigints or a DataView.
 */
export const isTyped = (data: unknown): boolean =>
  /^(Float|Int|Uint)/.test(String((data as ArrayLike<number> | undefined)?.[tag]));

const tag = Symbol.toStringTag as unknown as number;
