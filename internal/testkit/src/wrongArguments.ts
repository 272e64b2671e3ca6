import { expect } from "vitest";
import { refusal } from "./refusal.js";

/** What hardly any argument may be. */
const wrong: readonly unknown[] = [
  ...[null, 3.5, "x", true, [], [1], () => "x", 1n, Symbol("x"), Float32Array.of(1)],
];

/**
 * Gives a function something wrong in each of its places. Each must be refused with a sentence that
 * names the function.
 *
 * @param of the function; what it returns is awaited
 * @param right the arguments of a call that it takes
 * @param fine whether a value is not wrong in a place
 */
export async function wrongArguments(
  name: string,
  of: (...args: readonly unknown[]) => unknown,
  right: readonly unknown[],
  fine: (value: unknown, place: number) => boolean = () => false,
): Promise<void> {
  await of(...right);
  const refused = refusal(new RegExp(`^${name}(: \\w+)?: expected [^]*, got `));
  for (const place of right.keys())
    for (const value of wrong.filter((value) => !fine(value, place))) {
      const call = async (): Promise<unknown> =>
        of(...right.map((arg, i) => (i === place ? value : arg)));
      await expect(call(), `${name}: ${String(value)} as argument ${place + 1}`).rejects.toThrow(
        refused,
      );
    }
}
