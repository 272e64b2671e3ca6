import type { Repetition } from "@tenon/plan";

/** What is next to each other and has the same repetition, or none. */
export interface Group<T> {
  readonly members: readonly T[];
  readonly repetition: Repetition | undefined;
}

export function groupsOf<T extends { readonly repetition?: Repetition | undefined }>(
  list: readonly T[],
): Group<T>[] {
  const groups: { members: T[]; repetition: Repetition | undefined }[] = [];
  for (const member of list) {
    const last = groups.at(-1);
    if (last && last.repetition === member.repetition) last.members.push(member);
    else groups.push({ members: [member], repetition: member.repetition });
  }
  return groups;
}
