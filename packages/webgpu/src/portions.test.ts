import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { portionsOf } from "./portions.js";

beforeEach(() => void vi.useFakeTimers({ toFake: ["performance"] }));
afterEach(() => void vi.useRealTimers());

/** Submits portions to a device on which a dispatch takes `each` milliseconds. */
function sizes(portions: ReturnType<typeof portionsOf>, each: number, count: number): number[] {
  return Array.from({ length: count }, () => {
    const { dispatches } = portions;
    const end = portions.submitted(dispatches);
    vi.advanceTimersByTime(each * dispatches);
    end();
    return dispatches;
  });
}

test("portions grow while they are short, and shrink to the time that is asked for", () => {
  const portions = portionsOf(8);
  expect(sizes(portions, 0.1, 5)).toEqual([2, 4, 8, 16, 32]);
  expect(sizes(portions, 1, 3)).toEqual([32, 4, 4]);
  expect(sizes(portions, 10, 3)).toEqual([4, 1, 1]);
});

test("the time that a portion waits for the one before is not counted as its own", () => {
  const portions = portionsOf(8);
  const [first, second] = [portions.submitted(2), portions.submitted(2)];
  vi.advanceTimersByTime(3);
  first();
  vi.advanceTimersByTime(3);
  second();
  expect(portions.dispatches).toBe(2);
});
