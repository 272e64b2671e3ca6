import type { Elements } from "@tenon/contracts";

/** The index of the largest of `count` values, the first of ties; −1 where one is NaN. */
export function argmax(data: Elements, begin: number, count: number): number {
  let best = 0;
  let largest = -Infinity;
  for (let i = 0; i < count; i++) {
    const value = data[begin + i];
    if (value > largest) {
      largest = value;
      best = i;
    } else if (value !== value) return -1;
  }
  return best;
}
