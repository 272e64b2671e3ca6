import { generated, table } from "./pages.mjs";

const libraries = {
  torch: "PyTorch",
  keras: "Keras",
  optax: "optax",
  sklearn: "scikit-learn",
  numpy: "NumPy",
  jax: "JAX",
  safetensors: "safetensors",
  "numpy-tutorial": "Formulas of the tutorial, in NumPy",
};

/** The golden rows of one function of another library: how many pass, and why the others do not. */
function functionsOf(tests) {
  const found = new Map();
  for (const { title, status, meta } of tests) {
    const [kind] = title.split(" · ");
    if (!found.has(kind)) {
      const [library, ...name] = kind.split("/");
      found.set(kind, { library, name: name.join("/"), rows: 0, passed: 0, reasons: new Map() });
    }
    const of = found.get(kind);
    of.rows++;
    if (status === "passed") of.passed++;
    else {
      const reason = meta.notCovered ?? "the comparison fails";
      of.reasons.set(reason, (of.reasons.get(reason) ?? 0) + 1);
    }
  }
  return [...found]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([, of]) => ({ ...of, reasons: [...of.reasons].sort(([a], [b]) => (a < b ? -1 : 1)) }));
}

const sum = (list, of) => list.reduce((total, entry) => total + entry[of], 0);

/** docs/parity.md, of the golden tests of a run. */
export function parityPage(tests) {
  const functions = functionsOf(tests);
  const rows = sum(functions, "rows");
  const passed = sum(functions, "passed");
  const share = (100 * (rows - passed)) / rows;
  const missing = functions.flatMap(({ library, name, reasons }) =>
    reasons.map(([reason, count]) => [titleOf(library), `\`${name}\``, count, reason]),
  );
  const names = [...new Set(functions.map(({ library }) => library))].sort(
    (a, b) => place(a) - place(b),
  );
  return [
    "# Parity with other libraries",
    "",
    "Written by `npm run test:golden -- --write`; `npm run test:golden` fails where this page is out of date.",
    "",
    "A golden row is one call of another library's function, with its arguments, its inputs and what it gave, in float64 where the",
    `library can. Each is compared with the same call of ours. **${passed} of ${rows} rows pass; ${rows - passed} (${share.toFixed(1)} %) are deliberately not`,
    "offered**, at most one in twenty may be. [internal/golden](../internal/golden/README.md) says how the rows were made.",
    "",
    "## Not offered",
    "",
    table(["library", "function", "rows", "reason"], missing),
    "",
    ...names.flatMap((library) => {
      const own = functions.filter((of) => of.library === library);
      return [
        `## ${titleOf(library)}`,
        "",
        `${sum(own, "passed")} of ${sum(own, "rows")} rows of ${own.length} functions.`,
        "",
        table(
          ["function", "rows", "pass"],
          own.map(({ name, rows, passed }) => [`\`${name}\``, rows, passed]),
        ),
        "",
      ];
    }),
  ].join("\n");
}

/** What is wrong with a run of all golden tests, and with docs/parity.md, which may be written. */
export async function parityProblems(tests, write) {
  const how = { write, command: "npm run test:golden -- --write" };
  return [...tooFew(tests), ...(await generated("docs/parity.md", parityPage(tests), how))];
}

/** At most one golden row in twenty may be left out. */
export function tooFew(tests) {
  const missing = tests.filter(({ status }) => status !== "passed").length;
  return 20 * missing > tests.length
    ? [`${missing} of ${tests.length} golden rows do not pass, more than one in twenty`]
    : [];
}

const titleOf = (library) => libraries[library] ?? library;
const place = (library) =>
  Object.keys(libraries).indexOf(library) + 1 || Object.keys(libraries).length + 1;
