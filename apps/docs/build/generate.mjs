import { cpSync, existsSync, mkdirSync, readFileSync, readdirSync, rmSync } from "node:fs";
import { writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { namesElsewhere } from "../../../scripts/lib/catalogue.mjs";
import { root, workspace } from "../../../scripts/lib/root.mjs";
import { readApi } from "./api.mjs";
import { experimentsByLanguage, experimentsText, withFigures } from "./experiments.mjs";
import { docFiles, imagesFolder, pageText, repository } from "./docPages.mjs";
import { cache, ownPages, pagesFolder } from "./places.mjs";
import { hasExport, packageOf, referenceOf, referenceText } from "./reference.mjs";
import { languages, prefixOf, wordsOf } from "./words.mjs";

/** Long lists whose names the reference has, too: to find them twice is no help. */
const unsearched = ["docs/catalogue.md", "docs/migration.md", "docs/parity.md"];

/** Writes all pages of the site; those that are no more are removed. */
export async function generate() {
  const url = repository();
  const reference = referenceOf(await readApi(), { elsewhere: namesElsewhere(), repository: url });
  const { experiments, armColors } = await experimentsByLanguage();
  const written = new Set();
  const write = (path, text) => {
    const file = join(pagesFolder, path);
    written.add(file);
    if (existsSync(file) && readFileSync(file, "utf8") === text) return;
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
  };
  for (const language of languages) {
    const site = {
      prefix: prefixOf(language),
      hasExport: (folder, name) => hasExport(reference, folder, name),
      repository: url,
    };
    const inLanguage = (path) => `${site.prefix.slice(1)}/${path}`.replace(/^\//, "");
    const shown = experiments[language];
    for (const [file, path] of docFiles(language))
      if (file === "docs/lab.md" && language !== "en")
        write(inLanguage(path), experimentsText(shown, language));
      else write(inLanguage(path), withFigures(docText(file, site, language), shown));
    write(inLanguage("index.md"), homeText(inLanguage("index.md"), shown));
    const words = wordsOf(language).reference;
    const folders = [...new Set(reference.modules.map(({ name }) => packageOf(name)))];
    for (const folder of folders)
      write(inLanguage(`api/${folder}.md`), await packageText(reference, folder, site, words));
    write(inLanguage("api/index.md"), packagesText(folders, reference, words));
  }
  writeFileSync(
    join(cache, "arms.css"),
    `:root{${armColors.light}}.dark{${armColors.dark}}:root{--figure-ink:var(--ink)}\n`,
  );
  for (const folder of [imagesFolder, join(ownPages, "public")])
    cpSync(folder, join(pagesFolder, "public"), { recursive: true });
  removeOthers(written);
}

function docText(file, site, language) {
  const text = pageText(file, readFileSync(join(root, file), "utf8"), site);
  const front = unsearched.includes(file) ? "---\nsearch: false\n---\n\n" : "";
  const isTranslated = language === "en" || file.includes(`/${language}/`);
  const note = isTranslated
    ? ""
    : `\n\n<p class="untranslated">${wordsOf(language).untranslated}</p>`;
  return front + text.replace(/^# .*$/m, (title) => `${title}${note}`);
}

/** The first page, with the figures that README.md and docs/parity.md have, and a picture. */
function homeText(file, experiments) {
  const read = (path, pattern) => {
    const found = pattern.exec(readFileSync(join(root, path), "utf8").replaceAll(/\s+/g, " "));
    if (!found)
      throw new Error(`${path} has no ${pattern}, which the first page of the site shows`);
    return found.slice(1);
  };
  const [jax, tensorflow, pytorch] = read(
    "README.md",
    /(\d+) times as fast as jax-js's, (\d+) times as fast as TensorFlow\.js's, and ([\d.]+) times as fast as PyTorch's/,
  );
  const [passed, rows] = read("docs/parity.md", /\*\*(\d+) of (\d+) rows pass/);
  const figures = { jax, tensorflow, pytorch, passed, rows };
  const { figure } = experiments.find(({ id }) => id === "momentum");
  return readFileSync(join(ownPages, file), "utf8")
    .replaceAll(/\{(\w+)\}/g, (place, name) => figures[name] ?? place)
    .replace("<!-- figure -->", () => figure);
}

/** A package's README, and then what it exports. */
async function packageText(reference, folder, site, words) {
  const file = `packages/${folder}/README.md`;
  const readme = readFileSync(join(root, file), "utf8");
  const exports = await referenceText(reference, folder, words);
  return `---\napi: true\n---\n\n${pageText(file, `${readme}\n${exports}\n`, site)}`;
}

/** The first page of the reference: all packages, with all names that they export. */
function packagesText(folders, { modules }, words) {
  const about = new Map(workspace("packages").map(({ folder, manifest }) => [folder, manifest]));
  const sections = folders.map((folder) => {
    const names = modules
      .filter(({ name }) => packageOf(name) === folder)
      .flatMap(({ children }) => children.filter(({ kind }) => kind === 64 || kind === 32))
      .map(({ name }) => name)
      .sort((a, b) => a.localeCompare(b, "en", { numeric: true }));
    const links = names.map((name) => `<a href="./${folder}.html#${name}">${name}</a>`).join("\n");
    const list = names.length > 0 ? `\n\n<div class="names">\n${links}\n</div>` : "";
    return `## [@tenon/${folder}](./${folder}.md) {#${folder}}\n\n${about.get(folder).description}${list}`;
  });
  return `# ${words.title}\n\n${words.about}\n\n${sections.join("\n\n")}\n`;
}

function removeOthers(written) {
  for (const name of readdirSync(pagesFolder, { recursive: true })) {
    const file = join(pagesFolder, name);
    if (name.endsWith(".md") && !written.has(file)) rmSync(file);
  }
}
