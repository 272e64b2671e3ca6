// Builds the sample app's bundle if it is stale.
import { bundleApp } from "./lib/bundle.mjs";

await bundleApp();
