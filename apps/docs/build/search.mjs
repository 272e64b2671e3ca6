/** What the index has of a page: nothing of long lists, and with a function its names elsewhere. */
export async function searched(text, env, markdown) {
  // Code is not searched; to color it again takes half of a build's time.
  const html = await markdown.render(text.replaceAll(/^```[^]*?^```$/gm, ""), env);
  if (env.frontmatter?.search === false) return "";
  return env.frontmatter?.api ? withNames(html) : html;
}

/** A heading such as `dense` becomes `dense (nn.Linear, layers.Dense)`. */
const withNames = (html) =>
  html
    .split(/(?=<h[23] )/)
    .map((section) => {
      const [, list = ""] = /<p class="elsewhere">([^]*?)<\/p>/.exec(section) ?? [];
      const names = [...list.matchAll(/<code[^>]*>([^]*?)<\/code>/g)].map(([, name]) => name);
      const short = [...new Set(names.map((name) => name.replace(/\(.*$/s, "")))].slice(0, 5);
      if (short.length === 0) return section;
      return section.replace(
        / ?<a class="header-anchor"/,
        (link) => ` (${short.join(", ")})${link}`,
      );
    })
    .join("");

export const searchOptions = {
  searchOptions: {
    fuzzy: 0.1,
    prefix: true,
    boost: { title: 6, titles: 1, text: 1 },
  },
};
