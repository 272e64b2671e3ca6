// node scripts/bundle.mjs APP: builds the bundle of an app if it is stale.
import { bundleApp } from "./lib/bundle.mjs";

await bundleApp(process.argv[2]);
