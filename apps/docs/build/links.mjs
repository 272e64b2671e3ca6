import { existsSync, readFileSync, readdirSync } from "node:fs";
import { join, posix } from "node:path";

/**
 * The links between the pages of a built site, and those that lead nowhere: `{ links, broken }`,
 * with `{ page, link }` for each of the latter. Links to other sites are not followed.
 *
 * @param base the path under which the site will stand
 */
export function brokenLinks(folder, base = "/") {
  const names = readdirSync(folder, { recursive: true }).map((name) => name.replaceAll("\\", "/"));
  const pages = new Map(
    names
      .filter((name) => name.endsWith(".html"))
      .map((name) => [name, pageOf(readFileSync(join(folder, name), "utf8"))]),
  );
  let links = 0;
  const broken = [];
  for (const [page, { targets }] of pages)
    for (const link of targets) {
      if (/^([a-z]+:|\/\/)/i.test(link)) continue;
      links++;
      if (!isThere(folder, pages, page, link, base)) broken.push({ page, link });
    }
  return { links, broken };
}

function pageOf(html) {
  const text = html.replaceAll(/<script[^]*?<\/script>/g, "");
  const values = (name) =>
    [...text.matchAll(new RegExp(`\\s${name}="([^"]*)"`, "g"))].map(([, value]) => decoded(value));
  return { targets: new Set([...values("href"), ...values("src")]), ids: new Set(values("id")) };
}

const decoded = (text) =>
  text.replaceAll("&quot;", '"').replaceAll("&lt;", "<").replaceAll("&amp;", "&");

function isThere(folder, pages, page, link, base) {
  const [path, anchor = ""] = link.split("#");
  const file =
    path === ""
      ? page
      : path.startsWith("/")
        ? path.startsWith(base) && path.slice(base.length)
        : posix.join(posix.dirname(page), path);
  if (file === false) return false;
  const name = [file, `${file}.html`, posix.join(file, "index.html")].find(
    (each) => pages.has(each) || (/\.\w+$/.test(each) && existsSync(join(folder, each))),
  );
  if (name === undefined) return false;
  return anchor === "" || !pages.has(name) || pages.get(name).ids.has(decodeURIComponent(anchor));
}
