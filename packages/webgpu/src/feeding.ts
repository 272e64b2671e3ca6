import { invocations } from "./kernels/kernel.js";
import type { Alternation, Layout } from "./layout.js";
import type { LargeInput } from "./uploads.js";

// The shaders around a step: the first takes what it is fed from its slot, the last puts its
// outputs where they are read. Both are the same for all steps: a counter says which slot it is.

/** A shader, and how many workgroups it takes. */
export interface Frame {
  readonly code: string;
  readonly workgroups: number;
  /** How many more of them there are than work. @defaultValue 0 */
  readonly idle?: number;
}

const header = ({ bytes }: Layout): string =>
  `@group(0) @binding(0) var<storage, read_write> memory: array<u32, ${bytes / 4}>;`;

const main = (body: string): string => `@compute @workgroup_size(${invocations})
fn main(
  @builtin(workgroup_id) group: vec3u,
  @builtin(num_workgroups) groups: vec3u,
  @builtin(local_invocation_index) t: u32,
) {
let i = (group.x + group.y * groups.x) * ${invocations}u + t;
${body}
}
`;

// How large inputs are fed, as bits of some words: first whether the first one is rows of the
// resident data set, then for each whether it is bytes in the slot.

/** The words of the flags of so many large inputs. */
export const flagWords = (inputs: number): number => Math.ceil((1 + inputs) / 32);

/** Sets the flags: that the first input is rows, and those of the inputs that are bytes. */
export function setFlags(
  words: Uint32Array,
  isRows: boolean,
  encoded: readonly (boolean | undefined)[],
): void {
  words.fill(0);
  [isRows, ...encoded].forEach((isSet, i) => {
    if (isSet) words[i >> 5]! |= 1 << (i & 31);
  });
}

/** Whether the `i`-th flag is set, as an expression. */
const flag = ({ slots }: Layout, i: number): string =>
  `(memory[slot + ${word(slots.flagsAt + 4 * (i >> 5))}] & ${(1 << (i & 31)) >>> 0}u) != 0u`;

/**
 * Copies small inputs, and copies or decodes large ones: x[i] = palette[i mod channels][byte i],
 * where bytes are in the slot, or in rows of the resident data set. An invocation has an element
 * of each.
 */
export function feeding(layout: Layout): Frame {
  const { small, slots, large, counterAt } = layout;
  const smallWords = (small.end - small.begin) / 4;
  const most = Math.max(smallWords, ...large.map(({ elements }) => elements));
  const body = `let slot = ${word(slots.begin)} + (memory[${word(counterAt)}] % ${slots.count}u) * ${word(slots.bytes)};
if (i < ${smallWords}u) { memory[${word(small.begin)} + i] = memory[slot + ${word(slots.smallAt)} + i]; }
${large.map((input, k) => largeInput(layout, input, k)).join("\n")}`;
  const resident = "@group(0) @binding(2) var<storage, read> resident: array<u32>;";
  return {
    code: `${header(layout)}\n${resident}\n${main(body)}`,
    workgroups: Math.max(1, Math.ceil(most / invocations)),
  };
}

const word = (bytes: number): string => `${bytes / 4}u`;

/** Takes the element `i` of a large input from what is in `slot`, as its flags say. */
function largeInput(layout: Layout, input: LargeInput, k: number): string {
  const { elements, rows, rowsAt, offset, paletteAt, bytesAt, valuesAt } = input;
  const width = elements / rows;
  const decoded = (place: string, bytes: string): string => `let place = ${place};
let byte = (${bytes} >> (8u * (place % 4u))) & 255u;
let channel = i % memory[${word(paletteAt)}];
memory[${word(offset)} + i] = memory[${word(paletteAt)} + 4u + channel * 256u + byte];`;
  const fromRows =
    rowsAt === undefined
      ? ""
      : `if (${flag(layout, 0)}) {
${decoded(`memory[slot + ${word(rowsAt)} + i / ${width}u] * ${width}u + i % ${width}u`, "resident[place / 4u]")}
} else `;
  return `if (i < ${elements}u) {
${fromRows}if (${flag(layout, 1 + k)}) {
${decoded("i", `memory[slot + ${word(bytesAt)} + i / 4u]`)}
} else {
memory[${word(offset)} + i] = memory[slot + ${word(valuesAt)} + i];
}
}`;
}

/** Goes on with the new state if it is to be kept, unless an index was out of bounds. */
function keeping({ hereAt, distance, flagAt, followers }: Alternation, mayFail: boolean): string {
  const statements = `let flag = memory[${word(flagAt)}];
${followers.map((at) => `memory[${word(at)}] = flag;`).join("\n")}
if (flag != 0u) { memory[${word(hereAt)}] = ${distance}u - memory[${word(hereAt)}]; }`;
  return mayFail ? `if (atomicLoad(&status[0u]) == 0u) {\n${statements}\n}` : statements;
}

/**
 * Copies outputs and status to the answer of the step's slot, and counts the step: one workgroup.
 */
export function answering(layout: Layout, statusWords: number): Frame {
  const { outputs, answers, slots, counterAt, alternation } = layout;
  const copies: string[] = [];
  let at = 0;
  for (const { begin, end } of outputs) {
    const words = (end - begin) / 4;
    if (words === 0) continue;
    copies.push(
      `for (var k = t; k < ${words}u; k += ${invocations}u) { memory[answer + ${at}u + k] = memory[${begin / 4}u + k]; }`,
    );
    at += words;
  }
  if (statusWords > 0)
    copies.push(
      `for (var k = t; k < ${statusWords}u; k += ${invocations}u) { memory[answer + ${at}u + k] = atomicLoad(&status[k]); }`,
    );
  const body = `let step = memory[${counterAt / 4}u];
let answer = ${answers.begin / 4}u + (step % ${slots.count}u) * ${answers.bytes / 4}u;
${copies.join("\n")}
storageBarrier();
if (t == 0u) {
memory[${counterAt / 4}u] = step + 1u;
${alternation ? keeping(alternation, statusWords > 0) : ""}
}`;
  const status = "@group(0) @binding(1) var<storage, read_write> status: array<atomic<u32>>;";
  return {
    code: `${header(layout)}\n${statusWords > 0 ? status : ""}\n${main(body)}`,
    workgroups: 1,
  };
}
