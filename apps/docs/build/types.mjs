/**
 * A type of TypeDoc's JSON as parts, `{ text }` or `{ text, target }`; the second stands for a
 * reflection with that id, to which a page may link.
 */
export function partsOf(type) {
  const writer = writers[type?.type];
  if (!type) return ["void"];
  if (!writer) throw new Error(`the documentation has no words for a type ${type.type}`);
  return writer(type).flat(Infinity);
}

/** A type on one line, as TypeScript writes it. */
export const textOf = (type) => plain(partsOf(type));
export const plain = (parts) => parts.map((part) => part.text ?? part).join("");

const joined = (lists, between) => lists.flatMap((list, i) => (i > 0 ? [between, list] : [list]));
const inner = (type) =>
  /^(union|intersection|conditional|typeOperator|inferred)$/.test(type.type) ||
  type.declaration?.signatures
    ? ["(", partsOf(type), ")"]
    : partsOf(type);

const writers = {
  intrinsic: ({ name }) => [name],
  literal: ({ value }) => [value?.value ?? JSON.stringify(value)],
  inferred: ({ name }) => ["infer ", name],
  reference: ({ name, target, typeArguments }) => [
    typeof target === "number" ? { text: name, target } : name,
    typeArguments ? ["<", joined(typeArguments.map(partsOf), ", "), ">"] : [],
  ],
  array: ({ elementType }) => [inner(elementType), "[]"],
  union: ({ types }) =>
    joined(
      booleansMerged(types).map((type) =>
        type.declaration?.signatures ? inner(type) : partsOf(type),
      ),
      " | ",
    ),
  intersection: ({ types }) => joined(types.map(inner), " & "),
  typeOperator: ({ operator, target }) => [
    operator,
    " ",
    operator === "keyof" ? inner(target) : partsOf(target),
  ],
  tuple: ({ elements = [] }) => ["[", joined(elements.map(partsOf), ", "), "]"],
  namedTupleMember: ({ name, isOptional, element }) => [
    name,
    isOptional ? "?: " : ": ",
    partsOf(element),
  ],
  rest: ({ elementType }) => ["...", partsOf(elementType)],
  optional: ({ elementType }) => [partsOf(elementType), "?"],
  indexedAccess: ({ objectType, indexType }) => [inner(objectType), "[", partsOf(indexType), "]"],
  query: ({ queryType }) => ["typeof ", partsOf(queryType)],
  predicate: ({ name, targetType }) => [name, " is ", partsOf(targetType)],
  conditional: ({ checkType, extendsType, trueType, falseType }) => [
    ...[inner(checkType), " extends ", inner(extendsType)],
    ...[" ? ", partsOf(trueType), " : ", partsOf(falseType)],
  ],
  mapped: ({ parameter, parameterType, templateType, readonlyModifier, optionalModifier }) => [
    "{ ",
    readonlyModifier === "+" ? "readonly " : "",
    ...["[", parameter, " in ", partsOf(parameterType), "]"],
    optionalModifier === "+" ? "?: " : optionalModifier === "-" ? "-?: " : ": ",
    ...[partsOf(templateType), " }"],
  ],
  templateLiteral: ({ head, tail }) => [
    ...["`", head],
    ...tail.flatMap(([type, text]) => ["${", partsOf(type), "}", text]),
    "`",
  ],
  reflection: ({ declaration: { signatures = [], children = [], indexSignatures = [] } }) => {
    if (signatures.length > 0 && children.length === 0)
      return joined(
        signatures.map((signature) => signatureParts(signature, " => ")),
        " & ",
      );
    const members = [...indexSignatures.map(indexParts), ...inSource(children).map(memberParts)];
    return members.length > 0 ? ["{ ", joined(members, "; "), " }"] : ["{}"];
  },
};

/** `true | false` is what TypeDoc gives for a boolean among others. */
function booleansMerged(types) {
  const isBoolean = ({ type, value }) => type === "literal" && typeof value === "boolean";
  if (types.filter(isBoolean).length < 2) return types;
  return [...types.filter((type) => !isBoolean(type)), { type: "intrinsic", name: "boolean" }];
}

const indexParts = ({ parameters: [{ name, type }], type: value }) => [
  ...["[", name, ": ", partsOf(type), "]: ", partsOf(value)],
];

function memberParts({ name, flags, type, signatures }) {
  const mark = flags.isOptional ? "?" : "";
  if (signatures)
    return joined(
      signatures.map((each) => [name, mark, signatureParts(each)]),
      "; ",
    );
  return [flags.isReadonly ? "readonly " : "", name, mark, ": ", partsOf(type)];
}

/** What stands between a function's name and its body: type parameters, parameters, result. */
export function signatureParts({ typeParameters, parameters = [], type }, arrow = ": ") {
  const generic = typeParameters?.map(({ name, type: bound, default: initial }) => [
    name,
    bound ? [" extends ", partsOf(bound)] : [],
    initial ? [" = ", partsOf(initial)] : [],
  ]);
  return [
    generic ? ["<", joined(generic, ", "), ">"] : [],
    ...["(", joined(parameters.map(parameterParts), ", "), ")"],
    ...[arrow, partsOf(type)],
  ].flat(Infinity);
}

const parameterParts = ({ name, flags, type, defaultValue }) => [
  flags.isRest ? "..." : "",
  name === "__namedParameters" ? "options" : name,
  flags.isOptional || defaultValue !== undefined ? "?: " : ": ",
  partsOf(type),
];

/** Members in the order of the source: TypeDoc has sorted them by name. */
export const inSource = (members) => [...members].sort((a, b) => a.id - b.id);
