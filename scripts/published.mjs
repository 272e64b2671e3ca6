// npm run publish:dry, npm run fixtures (after a build): tests of the packages as they are
// published.
import { setup } from "./lib/setup.mjs";
import { vitest } from "./lib/vitest.mjs";

await setup();
const [name, ...args] = process.argv.slice(2);
const config = ["--config", "scripts/published/vitest.config.mjs"];
const { code } = await vitest(name, [...config, `${name}.test.mjs`, ...args]);
process.exitCode = code;
