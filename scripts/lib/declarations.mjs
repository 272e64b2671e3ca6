import { mkdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join, sep } from "node:path";
import { unpack } from "./pack.mjs";
import { root } from "./root.mjs";

const modules = {
  node16: (ts) => ({
    module: ts.ModuleKind.Node16,
    moduleResolution: ts.ModuleResolutionKind.Node16,
  }),
  nodenext: (ts) => ({
    module: ts.ModuleKind.NodeNext,
    moduleResolution: ts.ModuleResolutionKind.NodeNext,
  }),
  bundler: (ts) => ({
    module: ts.ModuleKind.ESNext,
    moduleResolution: ts.ModuleResolutionKind.Bundler,
  }),
};

/**
 * A folder as `npm install` of these packages (`{ name, tarball, manifest }`) leaves it, and a
 * program that imports all of their entries, whose names it gives.
 */
export async function installed(folder, packages) {
  rmSync(folder, { recursive: true, force: true });
  await unpack(
    folder,
    packages.map(({ tarball }) => tarball),
  );
  mkdirSync(join(folder, "node_modules", "@types"), { recursive: true });
  symlinkSync(
    join(root, "node_modules", "@types", "node"),
    join(folder, "node_modules", "@types", "node"),
    "dir",
  );
  const entries = packages.flatMap(({ name, manifest: { exports } }) =>
    Object.keys(exports)
      .filter((entry) => !entry.endsWith(".json"))
      .map((entry) => name + entry.slice(1)),
  );
  writeFileSync(join(folder, "package.json"), JSON.stringify({ private: true, type: "module" }));
  writeFileSync(
    join(folder, "use.ts"),
    entries
      .map((entry, i) => `import * as x${i} from "${entry}";\nexport type X${i} = typeof x${i};\n`)
      .join(""),
  );
  return entries;
}

/**
 * The errors of a TypeScript version for the declarations installed in a folder, for every way in
 * which modules are resolved, with and without the declarations of a page (DOM) and of Node;
 * nothing is skipped but the libraries of TypeScript and Node themselves.
 */
export function declarationProblems(folder, ts, settings = Object.keys(modules)) {
  const problems = new Map();
  for (const setting of settings) {
    const read = readingOnce(ts);
    for (const dom of [false, true])
      for (const node of [false, true]) {
        const options = {
          ...modules[setting](ts),
          target: ts.ScriptTarget.ES2022,
          lib: ["lib.es2022.d.ts", ...(dom ? ["lib.dom.d.ts"] : [])],
          types: node ? ["node"] : [],
          typeRoots: [join(folder, "node_modules", "@types")],
          strict: true,
          noEmit: true,
          skipLibCheck: false,
        };
        const program = ts.createProgram([join(folder, "use.ts")], options, read(options));
        const ownFiles = program
          .getSourceFiles()
          .filter(
            ({ fileName }) =>
              fileName.startsWith(folder.split(sep).join("/")) && !fileName.includes("/@types/"),
          );
        const found = ownFiles.flatMap((file) => [
          ...program.getSyntacticDiagnostics(file),
          ...program.getSemanticDiagnostics(file),
        ]);
        for (const { file, start, messageText } of found) {
          const where = `${file.fileName.slice(folder.length + 1).replace("node_modules/", "")}:${file.getLineAndCharacterOfPosition(start).line + 1}`;
          const message = `${where}: ${ts.flattenDiagnosticMessageText(messageText, " ")}`;
          problems.set(message, [
            ...(problems.get(message) ?? []),
            `${setting}${dom ? ", with DOM" : ""}${node ? ", with Node" : ""}`,
          ]);
        }
      }
  }
  return [...problems].map(
    ([message, when]) =>
      `TypeScript ${ts.version} says ${message} ` +
      `(${when.length === settings.length * 4 ? "always" : when.join("; ")})`,
  );
}

/** Makes hosts of programs that share the files they have read and parsed. */
function readingOnce(ts) {
  const files = new Map();
  return (options) => {
    const host = ts.createCompilerHost(options);
    const { getSourceFile } = host;
    host.getSourceFile = (name, ...rest) => {
      if (!files.has(name)) files.set(name, getSourceFile.call(host, name, ...rest));
      return files.get(name);
    };
    return host;
  };
}

/** The oldest TypeScript that is promised, if `.ci/run` has fetched it, and the workspace's own. */
export function typescripts() {
  const require = createRequire(import.meta.url);
  const found = [];
  try {
    found.push(require(join(root, ".cache", "tools", "node_modules", "typescript-5.0")));
  } catch {
    console.log(
      "no TypeScript 5.0 in .cache/tools (.ci/run fetches it): declarations are compiled with " +
        "the workspace's alone",
    );
  }
  return [...found, require("typescript")];
}
