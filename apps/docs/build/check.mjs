// Fails where a link of the built site leads nowhere: to a page, a file or an anchor that is not
// there. VitePress checks pages alone, and those of Markdown.
import { brokenLinks } from "./links.mjs";
import { built } from "./places.mjs";

const { broken, links } = brokenLinks(built, process.env.TENON_DOCS_BASE);
for (const { page, link } of broken) console.error(`${page}: ${link} leads nowhere`);
console.log(`${links} links inside the site, ${broken.length} of them broken`);
process.exitCode = Number(broken.length > 0);
