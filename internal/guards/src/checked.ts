import { refuseOthers } from "./known.js";

/** Throws a RangeError in the name of a function unless an option has a value that makes sense. */
export type Check = (name: string, option: string, value: unknown) => void;

/** The options that may be left out. */
type Optional<T> = { [K in keyof T]-?: object extends Pick<T, K> ? K : never }[keyof T];

/** For each option: its check, and its default if it has one. */
export type Checks<T> = {
  readonly [K in keyof T]-?: readonly [Check, ...(K extends Optional<T> ? [T[K]] : [])];
};

/**
 * What describes a call of a function, as JSON has it: its name as `type` and its options with
 * their defaults, after a check of each, in the order of the table:
 * `checked("f", options, { steps: [positive], end: [finite, 0] })`.
 *
 * TypeScript holds the table to the options' type: none is missing, and those that may be left out
 * have a default.
 *
 * @throws RangeError if they are no object, one has a name or a value that makes no sense
 */
export function checked<T extends object>(
  name: string,
  options: T,
  table: Checks<T>,
): Required<T> & { readonly type: string } {
  refuseOthers(name, options, Object.keys(table));
  const all = { type: name } as Required<T> & { readonly type: string };
  for (const option in table) {
    const [check, start] = table[option];
    ({ [option]: all[option] = start as never } = options as typeof all);
    check(name, option, all[option]);
  }
  return all;
}
