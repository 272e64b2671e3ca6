/** A comment's parts as Markdown that Vue takes as text: formulas in their own type face. */
export const markdownOf = (parts = []) =>
  parts
    .map(({ kind, text, target, tag }) => {
      if (kind === "code") return tidied(text);
      if (kind === "inline-tag") return `\`${target?.name ?? text}\``;
      return tag ?? linked(withFormulas(escaped(text)));
    })
    .join("")
    // A line that begins with "1)" is no list.
    .replaceAll(/([^\n])\n(?!\n|- | {4}|\d\. )/g, "$1 ")
    .trim();

/** Markdown of a comment in a cell of a table. */
export const cellOf = (parts) =>
  markdownOf(parts)
    .replaceAll(/\s*\n\s*/g, " ")
    .replaceAll("|", "\\|");

/** What TypeDoc makes of a default value: a fence around what was written. */
const tidied = (text) => {
  const [, inner] = /^```ts\n([^]*)\n```$/.exec(text) ?? [];
  return inner === undefined ? text : defaultOf(inner.replaceAll(/\s+/g, " "));
};

/** A value is code, and a remark is not. */
const defaultOf = (text) =>
  /^[^ `]+$|^["[{(]|^-?\d/.test(text) && !/^\(?[a-z]+ [a-z]+ /i.test(text)
    ? `\`${text.replaceAll("`", "")}\``
    : escaped(text);

export const escaped = (text) =>
  text.replaceAll(/<(?=[\w/!?])/g, "&lt;").replaceAll("{{", "&#123;{");

const linked = (text) =>
  text
    .replaceAll(/(?<![/\w])arXiv:(\d{4}\.\d{4,5})/g, "[arXiv:$1](https://arxiv.org/abs/$1)")
    .replaceAll(
      /(?<![/\w])doi:(10\.\d+\/[^\s,;)]+?)(?=[.,;)]?(?:\s|$))/g,
      "[doi:$1](https://doi.org/$1)",
    );

const left = /(?:[^\s:.`[\]<&]{1,8}(?:\[[^\]]{0,30}\])?) [=←] /.source;
const end =
  /(?=,? (?:where|for|with|which|as|so|of the|in which|between|until|but|if) |\.(?:\s|$)|$)/.source;
const behindColon = new RegExp(`(?<=: )(${left}[^:]*?)${end}`, "g");
const paragraph = new RegExp(`^(${left}[^]*?)${end}`);

/** Equations: what stands behind a colon up to the end of the sentence, or begins a paragraph. */
const withFormulas = (text) =>
  text
    .split("\n\n")
    .map((each) =>
      each
        .replaceAll(behindColon, '<span class="formula">$1</span>')
        .replace(paragraph, '<span class="formula alone">$1</span>'),
    )
    .join("\n\n");
