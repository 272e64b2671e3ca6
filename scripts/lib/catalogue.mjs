import { join, relative } from "node:path";
import { entriesOf, exportsOf, methodsOf } from "./exports.mjs";
import { headOf, isComposed, libraries, rowsOf } from "./names.mjs";
import { table } from "./pages.mjs";
import { keyOf, proofs } from "./proofs.mjs";
import { root, workspace } from "./root.mjs";

/** The packages that come first, those that a model is made of; then the others. */
const order = (
  "layers losses metrics optimizers schedulers regularizers init data trainer formats doctor " +
  "tensor wasm webgpu random"
).split(" ");

/** The entries of the packages with their exports: `{ name, file, exports }`. */
export function publicEntries() {
  const place = ({ folder }) => (order.includes(folder) ? order.indexOf(folder) : order.length);
  return workspace("packages")
    .sort((a, b) => place(a) - place(b))
    .flatMap(entriesOf)
    .map(([name, file]) => ({ name, file, exports: exportsOf(file) }))
    .filter(({ exports }) => exports.size > 0);
}

/** docs/catalogue.md. */
export function cataloguePage(entries = publicEntries()) {
  const tensors = entries.find(({ name }) => name === "@tenon/tensor").exports;
  const tensorFile = join(root, "packages", "tensor", "src", "tensor.ts");
  const methods = new Map(
    [...methodsOf(tensorFile, "Tensor").keys()]
      .filter((name) => tensors.has(name))
      .map((name) => [name, keyOf(tensors.get(name))]),
  );
  const proved = proofs(entries, methods);
  const elsewhere = namesElsewhere();
  const count = entries.reduce((total, { exports }) => total + exports.size, 0);
  return [
    "# Catalogue",
    "",
    "Written by `npm run catalogue -- --write` from the comments of the sources; a test fails where this page is out of date.",
    "",
    `All ${count} functions and values of the packages, a line each: what it is, where it comes from, what others call it, and the`,
    "functions of other libraries whose golden rows it is compared with ([parity.md](parity.md) says how many pass).",
    "[migration.md](migration.md) goes the other way, from their calls to ours.",
    "",
    ...entries.flatMap(({ name, exports }) => [
      `## ${name}`,
      "",
      ...[...exports.values()].map((of) =>
        lineOf(of, {
          names: elsewhere.get(`${name}#${of.name}`) ?? [],
          golden: proved.get(keyOf(of)) ?? new Set(),
          isMethod: name === "@tenon/tensor" && methods.has(of.name),
        }),
      ),
      "",
    ]),
  ].join("\n");
}

function lineOf({ name, file, doc }, { names, golden, isMethod }) {
  const link = relative(join(root, "docs"), file).replaceAll("\\", "/");
  const said = namesIn(doc).filter((own) => !names.some((of) => isSame(own, of)));
  const others = [...new Set([...names, ...said])];
  return [
    `- [\`${name}\`](${link}): ${summaryOf(doc)}`,
    ...(isMethod ? [`Also a method: \`x.${name}\`.`] : []),
    ...(others.length > 0 ? [`Elsewhere: ${others.join(", ")}.`] : []),
    ...(golden.size > 0 ? [`Golden rows: ${shownOf(name, [...golden])}.`] : []),
    ...sourcesOf(doc),
  ].join(" ");
}

/** Whether two names mean the same: "PyTorch `Linear`", "PyTorch `nn.Linear`". */
const isSame = (one, other) => shortened(one) === shortened(other);
const shortened = (name) =>
  name
    .replace(/^torchvision/, "PyTorch")
    .replace(/\([^)]*\)`$/, "`")
    .replace(/`.*\./, "`");

/** At most six of the other libraries' functions, those of a similar name first. */
function shownOf(name, golden) {
  const isAlike = (kind) => plain(kind.split(".").at(-1)).includes(plain(name));
  const plain = (text) => text.toLowerCase().replaceAll(/[^a-z0-9]/g, "");
  const sorted = golden.sort();
  const all = [...sorted.filter(isAlike), ...sorted.filter((kind) => !isAlike(kind))];
  const shown = all.slice(0, 6).map((kind) => `\`${kind}\``);
  return shown.join(", ") + (all.length > 6 ? `, and ${all.length - 6} more` : "");
}

const isFormula = /[=←≤≥Σ√·]|→|ₜ/;

/** The first sentence, and the first with a formula after it where it has none. */
export function summaryOf(doc) {
  const [first, ...rest] = doc.split("\n\n").flatMap((paragraph) => partsOf(paragraph).said);
  const formula = isFormula.test(first) ? undefined : rest.find(isWholeFormula);
  return [first, ...(formula ? [formula] : [])].map(ended).join(" ");
}

const isWholeFormula = (sentence) =>
  / [=←] /.test(sentence.replaceAll(/`[^`]*`|\([^()]* = [^()]*\)/g, ""));
const ended = (sentence) => (/[.!?]$/.test(sentence) ? sentence : `${sentence.replace(/:$/, "")}.`);

/** The sentences of a paragraph, and the paper at its end: authors and a year. */
function partsOf(paragraph) {
  const sentences = paragraph.split(
    /(?<=[.!?])\s+(?=[\p{Lu}0-9`(]|optax|timm|scikit|torchvision)/u,
  );
  const at = sentences.findIndex((sentence) =>
    /^\p{Lu}[^:;]*\((1[89]|20)\d\d[a-z]?\)/u.test(sentence),
  );
  return at < 0
    ? { said: sentences, source: "" }
    : { said: sentences.slice(0, at), source: sentences.slice(at).join(" ") };
}

const sourcesOf = (doc) =>
  doc
    .split("\n\n")
    .map((paragraph) => partsOf(paragraph).source)
    .filter((source) => source !== "")
    .map((source) => `Source: ${ended(source)}`);

/** What the comment says that others call it: "Keras `Dense`, PyTorch `Linear`". */
function namesIn(doc) {
  const library =
    "Keras|PyTorch|optax|TensorFlow\\.js|TensorFlow|scikit-learn|NumPy|JAX|timm|torchvision";
  const said = new RegExp(
    `((?:${library})(?: and (?:${library}))?):? ((?:\`[^\`={]+\`(?:, )?)+)`,
    "g",
  );
  return [...doc.matchAll(said)].flatMap(([, libraries, names]) =>
    libraries
      .split(" and ")
      .flatMap((who) => [...names.matchAll(/`[^`]+`/g)].map(([name]) => `${who} ${name}`)),
  );
}

/** docs/migration.md. */
export const migrationPage = () =>
  [
    "# Migration",
    "",
    "Written by `npm run catalogue -- --write` from the tables in scripts/names; each of our calls is compiled by a test.",
    "",
    "Their call, ours, and what differs; where nothing is said, we know of no difference but the names of options.",
    "[catalogue.md](catalogue.md) lists all that there is here, and [parity.md](parity.md) what is compared with these libraries.",
    "",
    ...libraries.flatMap(({ library, packages, without = [] }) => [
      `## From ${library}`,
      "",
      ...Object.entries(packages).flatMap(([name, rows]) => [
        `### @tenon/${name}`,
        "",
        table(
          [library, "here", "what differs"],
          rows.map(([theirs, ours, differs]) => [`\`${theirs}\``, `\`${ours}\``, differs]),
        ),
        "",
      ]),
      ...(without.length > 0
        ? ["### Not here", "", table([library, "why"], without.map(named)), ""]
        : []),
    ]),
  ].join("\n");

/** A row of what is not offered: each name as code. */
const named = ([names, why]) => [
  names
    .split(", ")
    .map((name) => `\`${name}\``)
    .join(", "),
  why,
];

/**
 * From the tables of names: `package#export` to what the libraries call it. A name of theirs that
 * already stands for another function of ours is given with its arguments.
 */
export function namesElsewhere() {
  const found = new Map();
  for (const library of libraries) {
    const taken = new Map();
    for (const { theirs, ours, package: name } of rowsOf(library)) {
      if (isComposed(ours)) continue;
      const key = `${name}#${headOf(ours)}`;
      const short = theirs.replace(/\(.*$/s, "").trim();
      if (!taken.has(short)) taken.set(short, key);
      const shown = taken.get(short) === key ? short : theirs;
      found.set(key, [...new Set([...(found.get(key) ?? []), `${library.library} \`${shown}\``])]);
    }
  }
  return found;
}
