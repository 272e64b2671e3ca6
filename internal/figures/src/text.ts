export const fontSize = 13;
/** The height of a line of text. */
export const lineHeight = 17;

/** Characters as wide as the font is high: Hangul and other East Asian ones. */
const wide = /[\u1100-\u115f\u2e80-\ua4cf\ua960-\ua97f\uac00-\ud7a3\uf900-\ufaff\uff00-\uff60]/;

/**
 * About how wide a text is, in pixels. The font is the reader's own, so that this is an estimate
 * from above.
 */
export function textWidth(text: string, fontSize: number): number {
  let ems = 0;
  for (const character of text)
    ems += wide.test(character) ? 1 : /[ijlI.,:;'|!()[\] ]/.test(character) ? 0.36 : 0.62;
  return ems * fontSize;
}

/** A text in at most `lines` lines, broken between words; the last one may be too wide. */
export function wrappedText(
  text: string,
  width: number,
  fontSize: number,
  lines = Infinity,
): string[] {
  const result: string[] = [];
  for (const word of text.split(" ")) {
    const last = result.at(-1);
    const joined = `${last} ${word}`;
    if (last === undefined || (textWidth(joined, fontSize) > width && result.length < lines))
      result.push(word);
    else result[result.length - 1] = joined;
  }
  return result;
}
