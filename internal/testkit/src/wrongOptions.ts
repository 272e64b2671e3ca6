import { expect } from "vitest";

/** What hardly any option may be, and numbers that few may be. */
const wrong: readonly unknown[] = [
  ...[null, "x", true, 1n, Symbol("x"), [], [-1, 0.5], { unheardOf: 1 }, () => "x"],
  ...[NaN, -2, 1.2, Infinity],
];

/**
 * Gives each option of a function each of many wrong values. An error must begin with the name of
 * that function, also where it is composed of others, and say which option is meant; and a bigint,
 * which no option takes, must be refused.
 *
 * @param call the function, with its required arguments; what it returns is awaited
 * @param right the options without which it cannot be called
 * @param called options that are functions, whose own errors may be in another name
 */
export async function wrongOptions(
  name: string,
  call: (options: object) => unknown,
  right: object = {},
  called: readonly string[] = [],
): Promise<void> {
  const all = (options: object): unknown => call({ ...right, ...options });
  const faults: string[] = [];
  for (const option of await optionsOf(all))
    for (const value of wrong) {
      if (typeof value === "function" && called.includes(option)) continue;
      const found = await faultOf(name, option, value, all);
      if (found === undefined) continue;
      faults.push(found);
      break;
    }
  expect(faults).toEqual([]);
}

/** What is wrong with the error for one value. */
async function faultOf(
  name: string,
  option: string,
  value: unknown,
  call: (options: object) => unknown,
): Promise<string | undefined> {
  const title = `${name}({ ${option}: ${typeof value === "string" ? `"${value}"` : String(value)} })`;
  try {
    await call({ [option]: value });
  } catch (error) {
    const { message } = error as Error;
    const says = new RegExp(`^${name}(: \\w+|'s ${option})?: expected [^]*, got `).test(message);
    return says && isMeant(option, message) ? undefined : `${title}: ${message}`;
  }
  return typeof value === "bigint" ? `${title} was taken` : undefined;
}

/** Whether a message names an option, also in the singular or the plural: axis, axes. */
const isMeant = (option: string, message: string): boolean =>
  message.includes(option.replace(/(e|i)?s$/, ""));

/** The names of a function's options, which its error for an unknown one lists. */
export async function optionsOf(call: (options: object) => unknown): Promise<readonly string[]> {
  try {
    await call({ unheardOf: 1 });
  } catch (error) {
    const list = /expected options \{ ([^]*) \}, got "unheardOf"/.exec((error as Error).message);
    return list?.[1]?.split(", ") ?? [];
  }
  return [];
}
