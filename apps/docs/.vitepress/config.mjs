import { defineConfig } from "vitepress";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { repository } from "../build/docPages.mjs";
import { built, cache, pagesFolder } from "../build/places.mjs";
import { searched, searchOptions } from "../build/search.mjs";
import { slugOf } from "../build/slug.mjs";
import { languages, prefixOf, wordsOf } from "../build/words.mjs";

const groups = {
  guides: [
    ...["guides/getting-started", "guides/tensors", "guides/training", "guides/optimizers"],
    ...[
      "guides/browser",
      "guides/saving",
      "guides/averaging",
      "guides/reading-a-run",
      "guides/writing-a-module",
    ],
  ],
  more: ["fine-tuning", "studies", "hosts"],
  reference: ["api/", "catalogue", "migration"],
  evidence: ["performance", "records", "lab", "parity"],
  project: ["architecture", "contributing"],
};
const packages = (
  "tensor layers losses optimizers schedulers regularizers init data trainer metrics doctor " +
  "formats wasm webgpu random contracts"
).split(" ");

const icon =
  "data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 32 32'%3E%3Cpath d='M4 26C10 8 14 22 28 6' fill='none' stroke='%232f6db5' stroke-width='4' stroke-linecap='round'/%3E%3C/svg%3E";

export default defineConfig({
  base: process.env.TENON_DOCS_BASE ?? "/",
  srcDir: pagesFolder,
  outDir: built,
  cacheDir: join(cache, "vitepress"),
  title: "Tenon",
  head: [["link", { rel: "icon", href: icon }]],
  metaChunk: true,
  // A package's page is one file, as it is one page.
  vite: { build: { chunkSizeWarningLimit: 1500 } },
  locales: Object.fromEntries(
    languages.map((each) => [each === "en" ? "root" : each, locale(each)]),
  ),
  markdown: {
    theme: { light: "github-light-high-contrast", dark: "github-dark-high-contrast" },
    anchor: { slugify: slugOf },
    config: colorOnce,
  },
  themeConfig: {
    logo: "/logo.svg",
    search: {
      provider: "local",
      options: {
        _render: searched,
        miniSearch: searchOptions,
        locales: Object.fromEntries(
          languages.map((each) => [each === "en" ? "root" : each, searchWords(wordsOf(each))]),
        ),
      },
    },
    ...(repository() && { socialLinks: [{ icon: "github", link: repository() }] }),
  },
});

/** The reference is there in each language: its code is colored for the first. */
function colorOnce(markdown) {
  const { highlight } = markdown.options;
  const known = new Map();
  markdown.options.highlight = (...code) => {
    const key = code.join("\0");
    if (!known.has(key)) known.set(key, highlight(...code));
    return known.get(key);
  };
}

function locale(language) {
  const words = wordsOf(language);
  const prefix = prefixOf(language);
  const item = (page) => ({ text: words.pages[page], link: `${prefix}/${page}` });
  const isThere = (page) =>
    existsSync(join(pagesFolder, prefix, page.endsWith("/") ? `${page}index.md` : `${page}.md`));
  const group = (name) => ({
    text: words.groups[name],
    items: groups[name].filter(isThere).map(item),
  });
  const nav = { guides: "guides/getting-started", api: "api/", catalogue: "catalogue" };
  return {
    label: words.name,
    lang: language,
    description: words.description,
    themeConfig: {
      nav: Object.entries({ ...nav, performance: "performance", lab: "lab" }).map(
        ([name, page]) => ({
          text: words.nav[name],
          link: `${prefix}/${page}`,
          activeMatch:
            name === "api" || name === "guides" ? `^${prefix}/${name}/` : `^${prefix}/${page}`,
        }),
      ),
      sidebar: {
        [`${prefix}/api/`]: [
          { text: words.groups.reference, items: groups.reference.map(item) },
          {
            text: "@tenon",
            items: packages.map((name) => ({ text: name, link: `${prefix}/api/${name}` })),
          },
        ],
        [`${prefix}/`]: Object.keys(groups).map(group),
      },
      outline: { level: [2, 3], label: words.outline },
      docFooter: { prev: words.previous, next: words.next },
      darkModeSwitchLabel: words.theme,
      lightModeSwitchTitle: words.toLight,
      darkModeSwitchTitle: words.toDark,
      sidebarMenuLabel: words.menu,
      returnToTopLabel: words.top,
      langMenuLabel: words.language,
      skipToContentLabel: words.skip,
      notFound: words.notFound,
      footer: { message: words.footer },
    },
  };
}

function searchWords({ search }) {
  const { button, noResults, reset, back, details, select, navigate, close } = search;
  return {
    translations: {
      button: { buttonText: button, buttonAriaLabel: button },
      modal: {
        noResultsText: noResults,
        resetButtonTitle: reset,
        backButtonTitle: back,
        displayDetails: details,
        footer: { selectText: select, navigateText: navigate, closeText: close },
      },
    },
  };
}
