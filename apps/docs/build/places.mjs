import { fileURLToPath } from "node:url";

const inApp = (path) => fileURLToPath(new URL(`../${path}`, import.meta.url));

/** What may be thrown away: what TypeDoc has read, and VitePress's own. */
export const cache = inApp(".cache");
/** The pages that VitePress reads: made of docs/, of the sources, and of apps/docs/pages. */
export const pagesFolder = inApp(".cache/pages");
/** The site, as a file server gives it out. */
export const built = inApp("dist");
/** What is only on the site: its first page. */
export const ownPages = inApp("pages");
/** The folder of the app. */
export const app = inApp("").replace(/[\\/]$/, "");
