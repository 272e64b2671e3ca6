/** A label, where it should stand and where it does: its middle, in pixels from above. */
export interface Placed<T> {
  readonly label: T;
  readonly wanted: number;
  readonly y: number;
}

/**
 * Places labels one below the other, in the order in which they want to stand, as near to where
 * they want to stand as their heights allow.
 *
 * Labels that touch become a group, which stands at the mean of what its labels want.
 */
export function placed<T>(
  labels: readonly { readonly label: T; readonly wanted: number }[],
  height: number,
  [top, bottom]: readonly [number, number],
): Placed<T>[] {
  interface Group {
    readonly of: readonly { readonly label: T; readonly wanted: number }[];
    readonly middle: number;
  }
  const inside = (middle: number, count: number): number => {
    const half = (count * height) / 2;
    return Math.max(top + half, Math.min(bottom - half, middle));
  };
  const groupOf = (of: Group["of"]): Group => {
    // The mean of where the group's middle would be if each label alone decided.
    const middles = of.map(({ wanted }, i) => wanted + ((of.length - 1) / 2 - i) * height);
    const mean = middles.reduce((sum, middle) => sum + middle, 0) / of.length;
    return { of, middle: inside(mean, of.length) };
  };
  const groups: Group[] = [];
  for (const label of [...labels].sort((a, b) => a.wanted - b.wanted)) {
    let group = groupOf([label]);
    for (;;) {
      const above = groups.at(-1);
      if (!above) break;
      const free = group.middle - above.middle - ((group.of.length + above.of.length) / 2) * height;
      if (free >= -1e-9) break;
      groups.pop();
      group = groupOf([...above.of, ...group.of]);
    }
    groups.push(group);
  }
  return groups.flatMap(({ of, middle }) =>
    of.map((each, i) => ({ ...each, y: middle + (i - (of.length - 1) / 2) * height })),
  );
}
