/**
 * `; did you mean "learningRate"?` for the name that is most like a word, or nothing if none is
 * much like it.
 *
 * Two words are as alike as the letters they have in common in the same order, twice, over all of
 * theirs (Dice's coefficient); a word whose letters all stand in a name in their order is short for
 * it: `lr`, `eps`. Only letters and digits count.
 */
export function suggestion(word: string, names: readonly string[]): string {
  let best = "";
  let most = 0;
  const said = plain(word);
  for (const name of names) {
    const meant = plain(name);
    const shared = inCommon(said, meant);
    const alike = Math.max(
      (2 * shared) / (said.length + meant.length),
      shared > 1 && shared === said.length ? 0.6 : 0,
    );
    if (alike >= 0.6 && alike > most) [best, most] = [name, alike];
  }
  return best && `; did you mean "${best}"?`;
}

const plain = (word: string): string => word.toLowerCase().replace(/[^a-z0-9]/g, "");

/** The length of the longest row of letters that stand in both words in the same order. */
function inCommon(a: string, b: string): number {
  let row = [0, ...b].map(() => 0);
  for (const letter of a) {
    const next = [0];
    for (let i = 0; i < b.length; i++)
      next.push(letter === b[i] ? row[i]! + 1 : Math.max(row[i + 1]!, next[i]!));
    row = next;
  }
  return row[b.length]!;
}
