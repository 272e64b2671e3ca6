import type { Plugin, Rolldown } from "vite";

/** The chunk of a module, and those that it imports. */
function chunksOf(bundle: Rolldown.OutputBundle, module: string): readonly Rolldown.OutputChunk[] {
  const chunks = Object.values(bundle).filter((file) => file.type === "chunk");
  const first = chunks.find(({ facadeModuleId }) => facadeModuleId?.endsWith(module));
  if (!first) throw new Error(`no chunk is that of ${module}`);
  const found = new Set([first]);
  for (const { imports } of found)
    for (const name of imports) found.add(chunks.find(({ fileName }) => fileName === name)!);
  return [...found];
}

/**
 * Lets a browser load what shows the page while it reads the document and starts the worker, and
 * not only when the first script asks for it.
 */
export const preload = (): Plugin => ({
  name: "preload",
  apply: "build",
  transformIndexHtml: {
    order: "post",
    handler(html, { bundle }) {
      const chunks = chunksOf(bundle!, "/src/app.ts");
      const styles = chunks.flatMap(({ viteMetadata }) => [...(viteMetadata?.importedCss ?? [])]);
      const links = [
        '<link rel="preload" as="fetch" crossorigin href="./tips.json">',
        ...chunks.map(
          ({ fileName }) => `<link rel="modulepreload" crossorigin href="./${fileName}">`,
        ),
        ...styles.map((name) => `<link rel="stylesheet" crossorigin href="./${name}">`),
      ].filter((link) => !html.includes(/href="([^"]+)"/.exec(link)![1]!));
      return html.replace("</head>", `  ${links.join("\n    ")}\n  </head>`);
    },
  },
});
