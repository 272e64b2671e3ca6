import { instructions, operationsOf, type InstructionName } from "./instructions.js";
import { evaluate, loopOf, type Loop } from "./loop.js";

// Only compiled.test.ts calls these functions: it formats what they give and writes compiled.ts.

/**
 * A loop as a function in TypeScript, of the type `Compiled`, that runs over whole arrays.
 *
 * Each iteration computes four elements, or eight if there is little to compute, since counting
 * takes as long as an addition; one is enough where a division or a root takes longer.
 */
export function compile(loop: Loop): string {
  if (/\/|sqrt/.test(body(loop, 0))) return functionOf(loop, 1);
  return functionOf(loop, loop.instructions.length > 2 ? 4 : 8);
}

/** An instruction as a loop over a chunk, for loops that are not compiled ahead of time. */
export function compileInstruction(name: InstructionName | "sum"): string {
  const range = (first: number, count: number): number[] =>
    Array.from({ length: count }, (_, i) => first + i);
  const instruction =
    name === "sum"
      ? { name, out: 0, operands: [~0], scalars: [] }
      : {
          name,
          out: ~0,
          operands: range(1, instructions[name].operands).map((array) => ~array),
          scalars: range(2, instructions[name].scalars),
        };
  return functionOf(loopOf(0, [instruction]), 1);
}

/** @param unroll how many elements an iteration computes */
function functionOf(loop: Loop, unroll: number): string {
  const lanes = Array.from({ length: unroll }, (_, lane) => lane);
  const totals = loop.sums.map((_, sum) => lanes.map((lane) => totalName(sum, lane)));
  const scalars = loop.scalars.slice(2);
  const used = [
    "arrays",
    ...(scalars.length > 0 ? ["scalars"] : []),
    ...(totals.length > 0 ? ["sums"] : []),
  ];
  return [
    `(memory, { ${used.join(", ")} }, ${used.length > 1 ? "values" : "_"}, n) => {`,
    ...loop.arrays.map((_, i) => `const ${arrayName(i)} = memory[arrays[${i}]!]!;`),
    ...scalars.map((_, i) => `const k${i} = values[scalars[${i + 2}]!]!;`),
    ...totals.flat().map((total) => `let ${total} = 0;`),
    unroll === 1
      ? `for (let i = 0; i < n; i++) { ${body(loop, 0)} }`
      : `const whole = n & -${unroll};
         let i = 0;
         for (; i < whole; i += ${unroll}) {
           ${lanes.map((lane) => `{ ${body(loop, lane)} }`).join("\n")}
         }
         for (; i < n; i++) { ${body(loop, 0)} }`,
    ...totals.map((names, sum) => `values[sums[${sum}]!]! += ${names.join(" + ")};`),
    "}",
  ].join("\n");
}

const arrayName = (array: number): string => String.fromCharCode(65 + array);
const totalName = (sum: number, lane: number): string => `t${sum}${lane}`;

/**
 * The statements for the element at i + lane. An expression that is used once stands where it is
 * used. Elements are read before any is written, and what is written is used as it was before it
 * was rounded, so that nothing waits for memory.
 */
function body(loop: Loop, lane: number): string {
  const named = statements(loop, lane, () => true);
  const occurrences = (name: string): number => named.split(new RegExp(`\\b${name}\\b`)).length - 1;
  return statements(loop, lane, (name) => occurrences(name) > 2); // its definition and two uses
}

/** @param isNamed whether the value of this name gets it, or stands where it is used */
function statements(loop: Loop, lane: number, isNamed: (name: string) => boolean): string {
  const index = lane === 0 ? "i" : `i + ${lane}`;
  const scalars = loop.scalars.map((_, i) => (i < 2 ? String(i) : `k${i - 2}`));
  const values: string[] = [];
  const results: string[] = [];
  let count = 0;
  evaluate<string>(loop, {
    operations: operationsOf(
      ({ js }) =>
        (x, y) =>
          `(${js.replace(/\b[xy]\b/g, (name) => (name === "x" ? x : y))})`,
      scalars[0]!,
      scalars[1]!,
    ),
    scalars,
    letBind(value) {
      const name = `x${count++}`;
      const isRead = value.includes("[");
      if (!isRead && !isNamed(name)) return value;
      values.push(`const ${name} = ${value};`);
      return name;
    },
    load: (array) => `${arrayName(array)}[${index}]!`,
    write(out, value) {
      const element = `${arrayName(out)}[${index}]`;
      results.push(
        loop.sums.length > 0 ? `${totalName(out, lane)} += ${value};` : `${element} = ${value};`,
      );
    },
  });
  return [...values, ...results].join(" ");
}
