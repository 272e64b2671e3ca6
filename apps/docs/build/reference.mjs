import { format } from "prettier";
import { cellOf, markdownOf } from "./comments.mjs";
import { membersOf } from "./members.mjs";
import { inSource, partsOf, plain, signatureParts } from "./types.mjs";

const [FUNCTION, VARIABLE, NAMESPACE] = [64, 32, 2];
const isValue = ({ kind }) => kind === FUNCTION || kind === VARIABLE;

/**
 * The reference of packages.
 *
 * @param modules what `readApi` gives
 * @param options `elsewhere`, what other libraries call it, by `entry#export`, and `repository`,
 *   the address to which links to sources lead
 */
export function referenceOf(modules, { elsewhere, repository }) {
  const byId = new Map();
  const places = new Map();
  for (const module of modules) {
    const add = (reflection) => {
      byId.set(reflection.id, reflection);
      reflection.children?.forEach(add);
    };
    add(module);
    for (const child of module.children)
      if (child.kind !== NAMESPACE) places.set(child.id, { entry: module.name, name: child.name });
  }
  return { modules, byId, places, elsewhere, repository };
}

/** The folder of an entry's package: `data` of `@tenon/data/csv`. */
export const packageOf = (entry) => entry.split("/")[1];

/** Where each export is described: `data#readCsv`, by `data` and `readCsv`. */
export const hasExport = ({ modules }, folder, name) =>
  modules.some(
    (module) =>
      packageOf(module.name) === folder && module.children.some((child) => child.name === name),
  );

/** The Markdown of a package's exports: those of each of its entries, then its types. */
export async function referenceText(reference, folder, words) {
  const modules = reference.modules.filter(({ name }) => packageOf(name) === folder);
  const names = new Set(modules.flatMap(({ children }) => children.map(({ name }) => name)));
  const expanded = new Set();
  const parts = [];
  for (const module of modules) {
    const values = byName(module.children.filter(isValue));
    if (values.length === 0) continue;
    const title = module.name.split("/")[2] ? `${words.from} ${module.name}` : words.functions;
    parts.push(`## ${title} {.reference}`);
    for (const value of values) {
      const text = await valueText(reference, module, value, expanded);
      parts.push(crossLinked(text, (name) => name !== value.name && names.has(name)));
    }
  }
  const types = modules.flatMap(({ children }) =>
    byName(children.filter((child) => !isValue(child) && child.kind !== NAMESPACE)),
  );
  const shown = types.filter(({ id }) => !expanded.has(id));
  if (shown.length > 0) parts.push(`## ${words.types} {.reference}`);
  for (const type of shown) parts.push(await typeText(reference, type));
  return parts.join("\n\n");
}

/** Names of the same package in code are links to what is said of them. */
const crossLinked = (text, isOther) =>
  text
    .split("\n")
    .map((line) => {
      const [, first, rest] = /^(\| `[^`]*` \||#.*|function.*|)(.*)$/.exec(line);
      const linked = rest.replaceAll(/(?<![[`\w])`(\w+)`(?![\]`(])/g, (code, name) =>
        isOther(name) ? `[${code}](#${name})` : code,
      );
      return first + linked;
    })
    .join("\n");

const byName = (reflections) =>
  [...reflections].sort((a, b) => a.name.localeCompare(b.name, "en", { numeric: true }));

async function valueText(reference, { name: entry }, value, expanded) {
  const signatures = value.signatures ?? callable(reference, value.type);
  const comment = [value, ...(value.signatures ?? [])].map(({ comment }) => comment).find(Boolean);
  const code = signatures
    ? signatures.map((signature) => `function ${value.name}${plain(signatureParts(signature))};`)
    : [`const ${value.name}: ${plain(partsOf(value.type))};`];
  const names = reference.elsewhere.get(`${entry}#${value.name}`) ?? [];
  return [
    `### ${value.name} {#${value.name}}`,
    await codeBlock(code.join("\n")),
    markdownOf(comment?.summary),
    ...(value.signatures ?? []).map((signature) => parametersText(reference, signature)),
    ...(value.signatures ?? []).map((signature) => optionsText(reference, signature, expanded)),
    tagsText(comment),
    names.length > 0 ? `<p class="elsewhere">${names.map(nameHtml).join("")}</p>` : "",
    sourceText(reference, value),
  ]
    .filter(Boolean)
    .join("\n\n");
}

/** The signatures of a constant that is a function, such as `exp: Unary`. */
const callable = ({ byId }, type) => {
  const declared = type.type === "reference" ? byId.get(type.target)?.type : type;
  const { signatures, children } = declared?.declaration ?? {};
  return children ? undefined : signatures;
};

/** "PyTorch `nn.Linear`" */
const nameHtml = (name) => {
  const [, library, call] = /^(.*?) `(.*)`$/.exec(name) ?? [undefined, "", name];
  return `<span>${library} <code v-pre>${htmlOf(call)}</code></span>`;
};

const htmlOf = (text) =>
  text
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll("|", "&#124;")
    .replaceAll("{{", "&#123;{");

/** A type in a cell: code in which the names of the packages' types are links. */
const typeHtml = (reference, parts) =>
  `<code class="type">${parts
    .map((part) => {
      const link = part.target && reference.places.get(part.target);
      const text = htmlOf(part.text ?? part);
      return link ? `<a href="./${packageOf(link.entry)}.html#${link.name}">${text}</a>` : text;
    })
    .join("")}</code>`;

function parametersText(reference, { parameters = [] }) {
  const described = parameters.filter(({ comment }) => comment);
  if (described.length === 0) return "";
  return rowsText(
    ["parameter", "type", "meaning"],
    described.map((each) => [
      `\`${each.name}\``,
      typeHtml(reference, partsOf(each.type)),
      withDefault(each),
    ]),
  );
}

const withDefault = ({ comment, defaultValue }) => {
  const said = comment?.blockTags?.find(({ tag }) => tag === "@defaultValue");
  const value = said ? cellOf(said.content) : defaultValue && `\`${defaultValue}\``;
  const text = cellOf(comment?.summary);
  return value && !/^`(\{\}|\.\.\.)`$/.test(value)
    ? `${text}${text ? " " : ""}Default: ${value}`
    : text;
};

/** The table of the options that a function takes. */
function optionsText(reference, { parameters = [] }, expanded) {
  const tables = parameters.flatMap((parameter) => {
    if (!/options$/i.test(parameter.name) && !/Options$/.test(parameter.type?.name ?? ""))
      return [];
    const members = membersOf(reference, parameter.type);
    if (!members || members.length === 0) return [];
    const { target } = parameter.type;
    const place = reference.places.get(target);
    const anchor = place && !expanded.has(target) ? `<a id="${place.name}"></a>` : "";
    if (place) expanded.add(target);
    return [`${anchor}${anchor ? "\n\n" : ""}${membersText(reference, members, "option")}`];
  });
  return tables.join("\n\n");
}

const membersText = (reference, members, head) =>
  rowsText(
    [head, "type", "default", "meaning"],
    members.map((member) => {
      const [signature] = member.signatures ?? [];
      const { summary, blockTags = [] } = member.comment ?? signature?.comment ?? {};
      const initial = blockTags.find(({ tag }) => tag === "@defaultValue");
      const parts = signature ? signatureParts(signature, " => ") : partsOf(member.type);
      return [
        `\`${member.name}${member.flags.isOptional ? "?" : ""}\``,
        typeHtml(reference, parts),
        initial ? cellOf(initial.content) : "",
        cellOf(summary),
      ];
    }),
  );

/** A table without the columns that have nothing in them. */
function rowsText(head, rows) {
  const used = head.flatMap((_, i) => (rows.some((row) => row[i] !== "") ? [i] : []));
  const line = (cells) => `| ${used.map((i) => cells[i]).join(" | ")} |`;
  return [line(head), line(head.map(() => "---")), ...rows.map(line)].join("\n");
}

const titles = { "@returns": "Returns", "@throws": "Throws", "@see": "See", "@remarks": "" };

const tagsText = (comment) =>
  (comment?.blockTags ?? [])
    .filter(({ tag }) => tag in titles)
    .map(({ tag, content }) => `**${titles[tag]}** ${markdownOf(content)}`)
    .join("\n\n");

async function typeText(reference, type) {
  const members = type.children && inSource(type.children);
  const bounds = type.typeParameters
    ? `<${type.typeParameters.map(({ name }) => name).join(", ")}>`
    : "";
  const calls = (type.signatures ?? []).map((each) => `${plain(signatureParts(each))};`);
  const code = type.type
    ? `type ${type.name}${bounds} = ${plain(partsOf(type.type))};`
    : calls.length > 0
      ? `interface ${type.name}${bounds} { ${calls.join(" ")} }`
      : `interface ${type.name}${bounds} {}`;
  return [
    `### ${type.name} {#${type.name}}`,
    type.type || calls.length > 0 || bounds ? await codeBlock(code) : "",
    markdownOf(type.comment?.summary),
    members ? membersText(reference, members, "member") : "",
    tagsText(type.comment),
    sourceText(reference, type),
  ]
    .filter(Boolean)
    .join("\n\n");
}

async function codeBlock(code) {
  const text = await format(code, { parser: "typescript", printWidth: 76 });
  return `\`\`\`ts\n${text.trimEnd().replaceAll(/;$/gm, (mark, at, all) => (/^function|^const/m.test(all) ? "" : mark))}\n\`\`\``;
}

function sourceText({ repository }, { sources }) {
  if (!sources) return "";
  const [{ fileName, line }] = sources;
  const link = `<a href="${repository}/blob/main/${fileName}#L${line}">${fileName}</a>`;
  return `<p class="source">${repository ? link : fileName}</p>`;
}
