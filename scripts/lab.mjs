// npm run lab [-- arguments]: sets up what is missing, then is the lab.
import { pathToFileURL } from "node:url";
import { bundleApp } from "./lib/bundle.mjs";
import { setup } from "./lib/setup.mjs";

await setup({ only: "@tenon/lab" });
const app = await bundleApp("lab");

// In this same process: exit code, signals and terminal are the app's own.
process.argv[1] = app;
await import(pathToFileURL(app).href);
