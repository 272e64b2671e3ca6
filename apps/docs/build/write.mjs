// Writes the pages that VitePress builds.
import { generate } from "./generate.mjs";

await generate();
