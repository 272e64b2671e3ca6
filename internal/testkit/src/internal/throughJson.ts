import { expect } from "vitest";

/** A value as it comes back from JSON; expects JSON to hold all of it. */
export function throughJson<V>(value: V): V {
  const back = JSON.parse(JSON.stringify(value)) as V;
  expect(back, "plain data, which JSON can hold").toEqual(value);
  return back;
}
