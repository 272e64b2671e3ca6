import { spawnSync } from "node:child_process";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** Downloads the peers that npm has, unless they are there; gives the reason if it cannot. */
export function installPeers(folder, report) {
  const stamp = join(folder, "node_modules", ".tenon");
  const wanted = readFileSync(join(folder, "package.json"), "utf8");
  if (existsSync(stamp) && readFileSync(stamp, "utf8") === wanted) return undefined;
  report("downloading the peers that npm has; this is done once");
  const { status, stderr, error } = spawnSync(
    "npm",
    [
      "install",
      "--ignore-scripts",
      "--no-audit",
      "--no-fund",
      "--no-package-lock",
      "--loglevel=error",
    ],
    { cwd: folder, encoding: "utf8", shell: process.platform === "win32" },
  );
  if (status !== 0)
    return `npm could not install it: ${error?.message ?? (/^npm (?:error|ERR!) (?!code)(.*\S.*)$/m.exec(stderr)?.[1] || `exit code ${status}`)}`;
  writeFileSync(stamp, wanted);
  return undefined;
}
