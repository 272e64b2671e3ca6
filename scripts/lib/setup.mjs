import { createHash } from "node:crypto";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fail, say, stage } from "./stage.mjs";
import { root, workspace } from "./root.mjs";
import { capture } from "./run.mjs";

/**
 * Installs the libraries if they are missing, or if what they should be has changed since.
 *
 * @param only an app of the workspace: what it depends on at run time is enough, where nothing else
 *   is installed yet. @defaultValue all packages, with what tests and tools need
 * @param docs also what only the documentation site is made with. @defaultValue only if it is there
 */
export async function setup({ only, docs = false } = {}) {
  const [major, minor] = process.versions.node.split(".").map(Number);
  if (major < 20 || (major === 20 && minor < 19))
    fail(
      `needs Node 20.19 or newer, this is ${process.versions.node}; get it from https://nodejs.org`,
    );
  const stampOf = (name) => join(root, "node_modules", `.tenon-setup${name}`);
  const wanted = fingerprint();
  const isSetUp = (stamp) => existsSync(stamp) && readFileSync(stamp, "utf8") === wanted;
  // What was installed for tests and tools, or for the site, stays: all is brought up to date.
  const withDocs = docs || existsSync(stampOf("-docs"));
  const app = withDocs || existsSync(stampOf("")) ? undefined : only;
  const stamp = stampOf(app ? `-${app.replace(/.*\//, "")}` : withDocs ? "-docs" : "");
  if (isSetUp(stamp)) return;
  const { packageManager } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
  say(
    `tenon: downloading the libraries with ${packageManager}; this is done once and takes up ` +
      "to a minute",
  );
  await stage("libraries installed", () => install(packageManager, app, withDocs));
  writeFileSync(stamp, wanted);
}

/** What is to be installed, in 64 letters. */
function fingerprint() {
  const hash = createHash("sha256");
  const files = ["package.json", "pnpm-workspace.yaml", "pnpm-lock.yaml"].map((file) =>
    join(root, file),
  );
  for (const file of [...files, ...workspace().map(({ path }) => join(path, "package.json"))])
    hash.update(readFileSync(file)).update("\0");
  return hash.digest("hex");
}

async function install(packageManager, app, withDocs) {
  // CI: pnpm must not ask questions, which would not be answered. The others: report errors early.
  const env = {
    CI: "true",
    npm_config_loglevel: "error",
    npm_config_fetch_retry_mintimeout: "2000",
    npm_config_fetch_retry_maxtimeout: "8000",
  };
  // Without --prod pnpm would install the root's tools, too.
  const packages = app
    ? ["--prod", "--filter", `${app}...`]
    : withDocs
      ? []
      : ["--filter", "!@tenon/docs"];
  const { code, output } = await capture(
    "npx",
    ["-y", packageManager, "install", "--frozen-lockfile", "--reporter=append-only", ...packages],
    { env },
  );
  if (code === 0) return;
  if (/ERR_PNPM_OUTDATED_LOCKFILE/.test(output))
    fail(
      `a package.json has changed and pnpm-lock.yaml has not; run \`npx ${packageManager} ` +
        `install\` and commit both`,
    );
  if (
    /ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ETIMEDOUT|ENETUNREACH|SOCKET_TIMEOUT|ERR_PNPM_(META_)?FETCH|network/i.test(
      output,
    )
  ) {
    fail(
      "could not download the libraries; check the connection (or the proxy and the registry " +
        "in npm's settings) and run the same command again",
    );
  }
  say(output.trimEnd().split("\n").slice(-15).join("\n"));
  fail("could not install the libraries; what pnpm said is above");
}
