import type { Connect, Plugin } from "vite";

/** With these headers the threads of a page may share memory. */
export const headers: Readonly<Record<string, string>> = {
  "cross-origin-opener-policy": "same-origin",
  "cross-origin-embedder-policy": "require-corp",
};

const isolate: Connect.NextHandleFunction = (_, response, next) => {
  for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
  next();
};

/** Serves the page cross-origin isolated, so that it trains on several threads. */
export const isolation = (): Plugin => ({
  name: "isolation",
  configureServer: ({ middlewares }) => void middlewares.use(isolate),
  configurePreviewServer: ({ middlewares }) => void middlewares.use(isolate),
});
