import { join } from "node:path";
import { readFileSync } from "node:fs";
import { compileFunction } from "node:vm";
import ts from "typescript";
import { expect, test } from "vitest";
import { cataloguePage, migrationPage, publicEntries, summaryOf } from "../lib/catalogue.mjs";
import { freeNames, headOf, isComposed, libraries, rowsOf } from "../lib/names.mjs";
import { generated } from "../lib/pages.mjs";
import { parityPage, tooFew } from "../lib/parity.mjs";
import { root } from "../lib/root.mjs";

const entries = publicEntries();
const how = { write: false, command: "npm run catalogue -- --write" };

test("docs/catalogue.md has a line for every export, as the sources say", async () => {
  expect(await generated("docs/catalogue.md", cataloguePage(entries), how)).toEqual([]);
});

test("docs/migration.md is what the tables of names say", async () => {
  expect(await generated("docs/migration.md", migrationPage(), how)).toEqual([]);
});

test("names that others use lead to ours", () => {
  const lines = readFileSync(join(root, "docs", "catalogue.md"), "utf8").split("\n");
  const found = (name) =>
    lines.filter((line) => line.includes(`${name}\``)).map((line) => /`(\w+)`/.exec(line)?.[1]);
  expect(found("PyTorch `nn.Linear")).toContain("dense");
  expect(found("PyTorch `lr_scheduler.ReduceLROnPlateau")).toEqual(["reduceOnPlateau"]);
  expect(found("PyTorch `nn.utils.clip_grad_norm_")).toEqual(["clipByGlobalNorm"]);
  expect(found("Keras `callbacks.EarlyStopping")).toEqual(["earlyStopping"]);
  expect(found("Keras `optimizers.Adam(clipnorm=1)")).toEqual(["clipByNorm"]);
});

test("a summary is the first sentence, and the first formula after it", () => {
  expect(summaryOf("Adds up. More words.\n\ny = a + b. Doe (2001), Sums.")).toBe(
    "Adds up. y = a + b.",
  );
  expect(summaryOf("Adds up: y = a + b. Then z = c.")).toBe("Adds up: y = a + b.");
  expect(summaryOf("Plain descent. Robbins & Monro (1951), A method.")).toBe("Plain descent.");
});

test("a row's name is that of the function called, or of the first part of a chain", () => {
  expect(headOf("dense(64, { kernelInit: zeros() })")).toBe("dense");
  expect(headOf("chain(clipByNorm(1), adam())")).toBe("clipByNorm");
  expect(headOf("chain(...transforms)")).toBe("chain");
  expect(headOf("x.detach()")).toBe("detach");
  expect(headOf("accuracy")).toBe("accuracy");
  expect(isComposed("x.expandDims(-1).mul(x)")).toBe(true);
  expect(isComposed("x.detach()")).toBe(false);
  expect(isComposed("norm(x.sub(x), -1)")).toBe(false);
  expect(freeNames("partition({ a: adam() }, (path) => path.slice(1))")).toEqual([
    "partition",
    "adam",
  ]);
});

/** What the calls of the tables are about. */
const given = `
import type { Dataset, Layer, Loss, NDArray, Transform } from "@tenon/contracts";
import type { InMemoryDataset } from "@tenon/data";
import type { Hdf5Group } from "@tenon/formats";
import type { Tensor } from "@tenon/tensor";
declare const x: Tensor, logits: Tensor, targets: Tensor, seed: Tensor, step: Tensor;
declare const engine: import("@tenon/contracts").Engine<Tensor>;
declare const array: NDArray, floats: Float32Array, bytes: Uint8Array, hdf5: Hdf5Group;
declare const train: InMemoryDataset, model: Layer<Tensor>, loss: Loss<Tensor>, optimizer: Transform;
declare const transforms: Transform[], closure: () => import("@tenon/optimizers").Evaluation;
declare const slots: Record<string, Record<string, NDArray>>, texts: Record<string, string>;
declare const decoders: import("@tenon/data/node").ImageFolderOptions["decoders"];
declare const arrays: Record<string, NDArray>, checkpoints: import("@tenon/trainer").CheckpointWriter;
declare const params: Record<string, NDArray>, weights: { params: Record<string, NDArray> };
declare const folds: { train: Dataset; validation: Dataset }[];
declare const examples: () => Iterable<{ x: NDArray; y: NDArray }>;
`;

/** Of which package a name in a package's row is: of the package itself, if it can be. */
function homeOf(name, ofPackage) {
  const homes = entries.filter(({ exports }) => exports.has(name)).map((entry) => entry.name);
  return homes.includes(ofPackage) ? ofPackage : homes[0];
}

/** A program of one package's rows, which imports what they name. */
function programOf(name, rows) {
  const declared = new Set([...given.matchAll(/(\w+):/g)].map(([, text]) => text));
  const names = [...new Set(rows.flatMap(({ ours }) => freeNames(ours)))].filter(
    (free) => !declared.has(free) && free !== "Number",
  );
  const imports = names.map((free) => {
    const home = homeOf(free, name);
    return home ? `import { ${free} } from "${home}";` : `// ${free}: nowhere`;
  });
  return [...imports, given, ...rows.map(({ ours }) => `void (${ours});`)].join("\n");
}

test("each of our calls in docs/migration.md compiles", () => {
  const files = new Map();
  for (const library of libraries)
    for (const folder of Object.keys(library.packages)) {
      const name = `@tenon/${folder}`;
      const rows = rowsOf(library).filter((row) => row.package === name);
      files.set(join(root, "scripts", `${library.library}-${folder}.ts`), programOf(name, rows));
    }
  expect(problemsOf(files)).toEqual([]);
});

test("those that need nothing given run", async () => {
  const modules = new Map();
  for (const { name, file } of entries) modules.set(name, await import(file));
  let run = 0;
  for (const { ours, package: name } of libraries.flatMap(rowsOf)) {
    const names = freeNames(ours).filter((free) => free !== "Math" && free !== "Number");
    const homes = names.map((free) => homeOf(free, name));
    if (homes.includes(undefined)) continue;
    const values = names.map((free, i) => modules.get(homes[i])[free]);
    expect(() => compileFunction(`return ${ours}`, names)(...values), ours).not.toThrow();
    run++;
  }
  expect(run).toBeGreaterThan(300);
});

/** What the compiler says of files that are only in memory. */
function problemsOf(files) {
  const { config } = ts.parseConfigFileTextToJson(
    "tsconfig.base.json",
    readFileSync(join(root, "tsconfig.base.json"), "utf8"),
  );
  const { options } = ts.convertCompilerOptionsFromJson(
    {
      ...config.compilerOptions,
      paths: Object.fromEntries([
        ...entries.map(({ name, file }) => [name, [file]]),
        ["@tenon/contracts", [join(root, "packages/contracts/src/index.ts")]],
        ...["guards", "emit", "inflate", "plan"].map((name) => [
          `@tenon/${name}`,
          [join(root, "internal", name, "src/index.ts")],
        ]),
      ]),
      noEmit: true,
      isolatedDeclarations: false,
      declaration: false,
      types: ["node"],
      typeRoots: [join(root, "node_modules/@types")],
    },
    root,
  );
  const host = ts.createCompilerHost(options);
  const { readFile, fileExists } = host;
  host.readFile = (file) => files.get(file) ?? readFile(file);
  host.fileExists = (file) => files.has(file) || fileExists(file);
  const { getSourceFile } = host;
  host.getSourceFile = (file, target) =>
    files.has(file)
      ? ts.createSourceFile(file, files.get(file), target, true)
      : getSourceFile(file, target);
  const program = ts.createProgram([...files.keys()], options, host);
  return [...files.keys()]
    .map((file) => program.getSourceFile(file))
    .flatMap((file) => [
      ...program.getSyntacticDiagnostics(file),
      ...program.getSemanticDiagnostics(file),
    ])
    .map(({ file, start, messageText }) => {
      const { line } = file.getLineAndCharacterOfPosition(start);
      const text = file.text.split("\n")[line];
      return `${text}: ${ts.flattenDiagnosticMessageText(messageText, " ")}`;
    });
}

const row = (title, status, notCovered) => ({ title, status, meta: { notCovered } });
test("docs/parity.md counts rows by library and function, and gives reasons", () => {
  const page = parityPage([
    row("torch/torch.add · 1", "passed"),
    row("torch/torch.add · 2", "skipped", "a reason"),
    row("keras/keras.layers.Add · 1", "passed"),
  ]);
  expect(page).toContain("**2 of 3 rows pass; 1 (33.3 %)");
  expect(page).toContain("| PyTorch | `torch.add` | 1 | a reason |");
  expect(page).toContain("| `torch.add` | 2 | 1 |");
  expect(page).toContain("| `keras.layers.Add` | 1 | 1 |");
});

test("more than one golden row in twenty that does not pass is too many", () => {
  const passed = Array.from({ length: 19 }, (_, i) => row(`torch/torch.add · ${i}`, "passed"));
  expect(tooFew([...passed, row("torch/torch.sub · 1", "skipped", "a reason")])).toEqual([]);
  expect(tooFew([...passed.slice(1), row("torch/torch.sub · 1", "skipped", "a reason")])).toEqual([
    "1 of 19 golden rows do not pass, more than one in twenty",
  ]);
});
