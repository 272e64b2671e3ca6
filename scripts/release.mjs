// npm run release:publish (after a build, and release:version): publishes what the registry does
// not have yet, by pnpm, which rewrites the manifests, and tags it.
import { run } from "./lib/run.mjs";

const publish = ["-r", "--filter", "./packages/*", "publish", "--access", "public"];
process.exitCode =
  (await run("pnpm", [...publish, "--no-git-checks"])) || (await run("changeset", ["tag"]));
