import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const packages = fileURLToPath(new URL("../../../packages", import.meta.url));

interface Manifest {
  readonly name: string;
  readonly type: string;
  readonly sideEffects: boolean;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly publishConfig: {
    readonly exports: Readonly<Record<string, { readonly default: string }>>;
  };
}

/**
 * Lays these packages and all that they depend on into a folder's node_modules, built as they are
 * published (but for types). Gives the path of each one's entry, by its name.
 */
export async function published(
  folder: string,
  names: readonly string[],
): Promise<Readonly<Record<string, string>>> {
  const entries: Record<string, string> = {};
  const builds: Promise<unknown>[] = [];
  const add = (name: string): void => {
    if (name in entries) return;
    const from = join(packages, name.replace("@tenon/", ""));
    const to = join(folder, "node_modules", name);
    const {
      type,
      sideEffects,
      dependencies = {},
      publishConfig: { exports },
    } = JSON.parse(readFileSync(join(from, "package.json"), "utf8")) as Manifest;
    const entry = exports["."]!.default;
    entries[name] = join(to, entry);
    mkdirSync(to, { recursive: true });
    writeFileSync(
      join(to, "package.json"),
      JSON.stringify({ name, version: "0.0.0", type, sideEffects, exports: { ".": entry } }),
    );
    // tsup builds with esbuild; the options are those of tsup.config.ts.
    builds.push(
      build({
        absWorkingDir: from,
        entryPoints: ["src/index.ts"],
        outfile: entries[name],
        bundle: true,
        format: "esm",
        target: "es2022",
        platform: "neutral",
        external: Object.keys(dependencies),
        logLevel: "silent",
      }),
    );
    Object.keys(dependencies).forEach(add);
  };
  names.forEach(add);
  await Promise.all(builds);
  return entries;
}
