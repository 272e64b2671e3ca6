/**
 * `did you mean "learningRate"?` for the name that is most like a word; nothing if none is.
 *
 * Letters that the word and a name have in the same order count as a fraction of
 * each of the two, so that `lr` and `eps` are short for a name.
 */
export function suggestion(word: string, names: readonly string[]): string | undefined {
  let best: string | undefined;
  let most = 1.1;
  for (const name of names) {
    let common = 0;
    let from = 0;
    for (const letter of word.toLowerCase()) {
      const next = name.toLowerCase().indexOf(letter, from) + 1;
      if (next) {
        common++;
        from = next;
      }
    }
    const likeness = common / word.length + common / name.length;
    if (likeness > most) {
      best = name;
      most = likeness;
    }
  }
  return best && `did you mean "${best}"?`;
}
