/**
 * `; did you mean "learningRate"?` for the name that is most like a word; nothing if none is.
 *
 * The likeness of two words is Dice's coefficient of their longest common subsequence: twice its
 * length over the sum of theirs. A word that is a subsequence of a name is short for it: `lr`,
 * `eps`. Only letters and digits count.
 */
export function suggestion(word: string, names: readonly string[]): string {
  let best = "";
  let most = 0;
  const letters = plain(word);
  for (const name of names) {
    const nameLetters = plain(name);
    const common = commonLength(letters, nameLetters);
    const likeness = Math.max(
      (2 * common) / (letters.length + nameLetters.length),
      common > 1 && common === letters.length ? 0.6 : 0,
    );
    if (likeness >= 0.6 && likeness > most) [best, most] = [name, likeness];
  }
  return best && `; did you mean "${best}"?`;
}

const plain = (word: string): string => word.toLowerCase().replace(/[^a-z0-9]/g, "");

/** The length of the longest common subsequence. */
function commonLength(a: string, b: string): number {
  let row = [0, ...b].map(() => 0);
  for (const letter of a) {
    const next = [0];
    for (let i = 0; i < b.length; i++)
      next.push(letter === b[i] ? row[i]! + 1 : Math.max(row[i + 1]!, next[i]!));
    row = next;
  }
  return row[b.length]!;
}
