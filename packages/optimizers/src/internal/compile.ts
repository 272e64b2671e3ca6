import { follow, type Expressions, type Steps } from "./steps.js";

/** An expression, and how its outermost parts hang together: a sum, a product, or one piece. */
interface Text {
  readonly text: string;
  readonly holds: 0 | 1 | 2;
}

const piece = (text: string): Text => ({ text, holds: 2 });
const within = ({ text, holds }: Text, least: number): string =>
  holds < least ? `(${text})` : text;
const infix =
  (sign: string, holds: 0 | 1) =>
  (a: Text, b: Text): Text => ({
    text: `${within(a, holds)} ${sign} ${within(b, holds + 1)}`,
    holds,
  });
const call =
  (name: string) =>
  (...xs: readonly Text[]): Text =>
    piece(`${name}(${xs.map(({ text }) => text).join(", ")})`);

/**
 * A loop of a plan as a function in TypeScript, `(memory, steps, scalars) => void`, that goes
 * through whole arrays.
 *
 * Four numbers are computed in one turn, or eight if there is little to do, for counting takes as
 * long as a sum; where there is a division or a root, that takes longer, and one is enough. What is
 * stored is used as it was before it was rounded, so that nothing waits for memory.
 *
 * Only compiled.test.ts calls this: it writes compiled.ts.
 */
export function compile(loop: Steps): string {
  const turn = /\/|sqrt/.test(body(loop, 0)) ? 1 : loop.steps.length > 2 ? 4 : 8;
  const ahead = Array.from({ length: turn }, (_, lane) => lane);
  const arrays = loop.arrays.map((_, i) => `${letter(i)} = m[a[${i}]!]!`);
  const scalars = loop.scalars.slice(2).map((_, i) => `k${i} = s[k[${i + 2}]!]!`);
  const totals = loop.sums.map((_, i) => ahead.map((lane) => `t${i}${lane}`));
  return [
    "(m, { arrays: a, scalars: k, sums: t }, s) => {"
      .replace(scalars.length > 0 ? "" : ", scalars: k", "")
      .replace(totals.length > 0 ? "" : ", sums: t", ""),
    `  const ${[...arrays, ...scalars, "n = A.length", ...(turn > 1 ? [`whole = n & -${turn}`] : [])].join(", ")};`,
    ...(totals.length > 0
      ? [
          `  let ${totals
            .flat()
            .map((total) => `${total} = 0`)
            .join(", ")};`,
        ]
      : []),
    ...(turn > 1
      ? [
          "  let i = 0;",
          `  for (; i < whole; i += ${turn}) {`,
          ...ahead.map((lane) => `    { ${body(loop, lane)} }`),
          "  }",
          `  for (; i < n; i++) { ${body(loop, 0)} }`,
        ]
      : [`  for (let i = 0; i < n; i++) { ${body(loop, 0)} }`]),
    ...totals.map((lanes, i) => `  s[t[${i}]!]! += ${lanes.join(" + ")};`),
    "}",
  ].join("\n");
}

const letter = (array: number): string => String.fromCharCode(65 + array);

/**
 * What is done for one number. An expression that is used once stands where it is used; what is
 * read has a name, for it may be overwritten.
 */
function body(loop: Steps, lane: number): string {
  const named = statements(loop, lane, () => true);
  // is made, and used more than once
  return statements(loop, lane, (name) => named.split(new RegExp(`\\b${name}\\b`)).length > 3);
}

function statements(loop: Steps, lane: number, keeps: (name: string) => boolean): string {
  const index = lane === 0 ? "i" : `i + ${lane}`;
  const names: string[] = [];
  const ends: string[] = [];
  let count = 0;
  const language: Expressions<Text> = {
    add: infix("+", 0),
    sub: infix("-", 0),
    mul: infix("*", 1),
    div: infix("/", 1),
    min: call("Math.min"),
    max: call("Math.max"),
    abs: call("Math.abs"),
    sqrt: call("Math.sqrt"),
    sign: call("signOf"),
    neg: (x) => ({ text: `-${within(x, 2)}`, holds: 1 }),
    name(value) {
      const name = `x${count++}`;
      if (!value.text.includes("[") && !keeps(name)) return value;
      names.push(`${name} = ${value.text}`);
      return piece(name);
    },
  };
  follow(
    loop,
    language,
    loop.scalars.map((_, i) => piece(i < 2 ? String(i) : `k${i - 2}`)),
    (array) => piece(`${letter(array)}[${index}]!`),
    (to, { text }) => {
      ends.push(
        loop.sums.length > 0 ? `t${to}${lane} += ${text};` : `${letter(to)}[${index}] = ${text};`,
      );
    },
  );
  return `const ${names.join(", ")}; ${ends.join(" ")}`;
}
