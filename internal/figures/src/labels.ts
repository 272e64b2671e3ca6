/** A label that wants to stand around a place, and how much room it takes. */
export interface Wish<T> {
  readonly label: T;
  /** Where its middle should be, in pixels. */
  readonly wanted: number;
  readonly size: number;
}

/** A label with the place that its middle has got. */
export interface Placed<T> extends Wish<T> {
  readonly at: number;
}

/**
 * Places labels one after the other, in the order in which they want to stand, as near to where
 * they want to stand as their sizes allow.
 *
 * Labels that touch become a group, which stands at the mean of what its labels want.
 */
export function placed<T>(
  labels: readonly Wish<T>[],
  [from, to]: readonly [number, number],
): Placed<T>[] {
  interface Group {
    readonly of: readonly Wish<T>[];
    readonly size: number;
    readonly middle: number;
  }
  const groupOf = (of: Group["of"]): Group => {
    const size = of.reduce((sum, each) => sum + each.size, 0);
    // The mean of where the group's middle would be if each label alone decided.
    const middles = offsetsOf(of).map((offset, i) => of[i]!.wanted + size / 2 - offset);
    const mean = middles.reduce((sum, middle) => sum + middle, 0) / of.length;
    return { of, size, middle: Math.max(from + size / 2, Math.min(to - size / 2, mean)) };
  };
  const groups: Group[] = [];
  for (const label of [...labels].sort((a, b) => a.wanted - b.wanted)) {
    let group = groupOf([label]);
    for (;;) {
      const before = groups.at(-1);
      if (!before) break;
      const free = group.middle - before.middle - (group.size + before.size) / 2;
      if (free >= -1e-9) break;
      groups.pop();
      group = groupOf([...before.of, ...group.of]);
    }
    groups.push(group);
  }
  return groups.flatMap(({ of, middle, size }) => {
    const offsets = offsetsOf(of);
    return of.map((each, i) => ({ ...each, at: middle - size / 2 + offsets[i]! }));
  });
}

/** Where the middles of labels are that stand side by side, from the beginning of the first. */
function offsetsOf(of: readonly Wish<unknown>[]): number[] {
  let end = 0;
  return of.map(({ size }) => (end += size) - size / 2);
}
