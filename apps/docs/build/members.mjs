import { inSource } from "./types.mjs";

/**
 * The members of an object type, those of the types that it is made of among them; undefined where
 * it is none, or where what it is made of is not known here.
 */
export function membersOf(reference, type) {
  if (!type) return undefined;
  if (type.type === "reflection")
    return type.declaration.children && inSource(type.declaration.children);
  if (type.type === "intersection") {
    const lists = type.types.map((each) => membersOf(reference, each));
    return lists.every(Boolean) ? lists.flat() : undefined;
  }
  if (type.type !== "reference") return undefined;
  const utility = utilities[type.name];
  if (typeof type.target !== "number")
    return utility && utility(reference, type.typeArguments ?? []);
  const declared = reference.byId.get(type.target);
  if (!declared) return undefined;
  return declared.type ? membersOf(reference, declared.type) : inSource(declared.children ?? []);
}

const namesOf = ({ type, types, value }) => (type === "union" ? types.flatMap(namesOf) : [value]);
const filtered = (reference, [of, names], isKept) =>
  membersOf(reference, of)?.filter(({ name }) => isKept(namesOf(names).includes(name)));

const utilities = {
  Omit: (reference, types) => filtered(reference, types, (isNamed) => !isNamed),
  Pick: (reference, types) => filtered(reference, types, (isNamed) => isNamed),
  Readonly: (reference, [of]) => membersOf(reference, of),
  Partial: (reference, [of]) =>
    membersOf(reference, of)?.map((each) => ({
      ...each,
      flags: { ...each.flags, isOptional: true },
    })),
};
