import { existsSync, readFileSync, readdirSync } from "node:fs";
import { dirname, join, posix } from "node:path";
import { root } from "../../../scripts/lib/root.mjs";

/** The pages of docs/ that the site has, with those of the guides: `[file, path on the site]`. */
export function docFiles(language) {
  const folder = language === "en" ? "docs/guides" : `docs/guides/${language}`;
  const guides = markdownIn(folder).map((name) => [`${folder}/${name}`, `guides/${name}`]);
  const docs = markdownIn("docs").map((name) => [`docs/${name}`, name]);
  return [...guides, ...docs, ["CONTRIBUTING.md", "contributing.md"]];
}

const markdownIn = (folder) =>
  existsSync(join(root, folder))
    ? readdirSync(join(root, folder)).filter((name) => name.endsWith(".md"))
    : [];

/** The repository on the web, if a manifest names it: where links to sources lead. */
export function repository() {
  const { repository: named } = JSON.parse(
    readFileSync(join(root, "packages", "contracts", "package.json"), "utf8"),
  );
  const [, url] = /(https:\/\/[^#]+?)(?:\.git)?(?:#|$)/.exec(named?.url ?? named ?? "") ?? [];
  return url;
}

/**
 * A Markdown file of the repository as a page of the site: links to files become links to pages,
 * or to the repository.
 *
 * @param file from the root
 * @param site `{ prefix, hasExport, repository }`: the language's folder, and which exports the
 *   reference has
 */
export function pageText(file, text, site) {
  let isCode = false;
  return text
    .split("\n")
    .map((line) => {
      if (/^ *```/.test(line)) isCode = !isCode;
      return isCode || /^ *```/.test(line) ? fence(line) : linked(line, file, site);
    })
    .join("\n");
}

/** VitePress takes what stands behind a language for its own marks. */
const fence = (line) =>
  line.replace(/^```(\w+) .*?(?:file=(\S+).*)?$/, (_, language, path) =>
    path ? `\`\`\`${language} [${path}]` : `\`\`\`${language}`,
  );

const linked = (line, file, site) =>
  line.replaceAll(
    /(!?)\[((?:\[[^\]]*\]\([^)]*\)|`[^`]*`|[^\]`])*)\]\(([^)\s]+)\)/g,
    (whole, mark, text, to) => {
      const inner = linked(text, file, site);
      const target = targetOf(to, text, file, site);
      return target === undefined ? inner : `${mark}[${inner}](${target})`;
    },
  );

/** Where a link leads on the site; undefined where there is nothing to link to. */
function targetOf(to, text, file, { prefix, hasExport, repository: url }) {
  // A README says where a page is on the web, since npm shows it, too.
  const own = url && to.startsWith(`${url}/blob/main/`);
  if (!own && /^(https?:|mailto:|#)/.test(to)) return to;
  const [path, hash = ""] = to.split("#");
  const anchor = hash && `#${hash}`;
  const found = own
    ? path.slice(`${url}/blob/main/`.length)
    : posix.join(posix.dirname(file), path);
  if (path.startsWith("/api/")) return `${prefix}${path}${anchor}`;
  const [, folder, rest] = /^packages\/(\w+)(?:\/(.*))?$/.exec(found) ?? [];
  const [, name] = /^`(\w+)`$/.exec(text) ?? [];
  if (folder && (!rest || rest === "README.md")) return `${prefix}/api/${folder}${anchor}`;
  if (rest && name && hasExport(folder, name)) return `${prefix}/api/${folder}#${name}`;
  const [, doc] = /^docs\/(?:guides\/ko\/(?=\w))?(.*)\.md$/.exec(found) ?? [];
  const isGuide = /^docs\/guides\//.test(found);
  if (doc) return `${prefix}/${isGuide ? `guides/${posix.basename(found, ".md")}` : doc}${anchor}`;
  if (found === "CONTRIBUTING.md") return `${prefix}/contributing${anchor}`;
  if (/^docs\/images\//.test(found)) return `/${posix.basename(found)}`;
  if (!existsSync(join(root, found))) throw new Error(`${file}: there is no ${found}`);
  return url && `${url}/blob/main/${found}${anchor}`;
}

/** The images that pages show. */
export const imagesFolder = join(root, "docs", "images");
export const folderOf = dirname;
