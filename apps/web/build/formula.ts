import temml from "temml";

/**
 * A formula as MathML, in parts between which a narrow page breaks it: `\qquad` in the source.
 *
 * `\word{or}` is a word of the language. `\arm{ema}{…}` has the colour of that line in the
 * pictures.
 *
 * @param words the words of formulas, by name
 * @param arms the lines that have colours, in order
 * @throws RangeError for a word or a line that there is not
 */
export function formulaOf(
  source: string,
  words: Readonly<Record<string, string>>,
  arms: readonly string[],
): string {
  const tex = source
    .replace(/\\word\{(\w+)\}/g, (_, name: string) => `\\text{${found(words[name], name)}}`)
    .replace(/\\arm\{([^}]+)\}/g, (_, name: string) => {
      const i = arms.indexOf(name);
      return `\\class{arm-${found(i < 0 ? undefined : i + 1, name)}}`;
    });
  return tex
    .split("\\qquad")
    .map((part) => {
      const math = temml.renderToString(part.trim(), { displayMode: true, trust: true });
      return `<span class="part">${math}</span>`;
    })
    .join(" ");
}

function found<T>(value: T | undefined, name: string): T {
  if (value === undefined) throw new RangeError(`formulaOf: there is no ${name} to write`);
  return value;
}
