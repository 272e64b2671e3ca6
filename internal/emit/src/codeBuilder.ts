import { unsigned, vector } from "./bytes.js";
import { typeCodes } from "./instructions.js";
import type { Code, ValueType } from "./value.js";

/** The instructions of one function, in nested blocks. */
export interface CodeBuilder {
  /** Appends one statement. */
  push(...parts: readonly Code[]): void;
  /** The number of blocks around what is appended next. */
  depth(): number;
  /** Appends `before`, then a block of what `body` appends; `body` gets the block's depth. */
  nest(opcode: number, body: (depth: number) => void, before: Code): void;
  interleave(bodies: readonly (() => void)[]): void;
  /** The encoded function: its locals, its code. */
  finish(locals: readonly ValueType[], paramCount: number): number[];
}

export function codeBuilder(): CodeBuilder {
  const code: (number | readonly number[])[] = [];
  let depth = 0;
  /** Where each statement of an interleaved body ends; those inside of a block do not count. */
  let statements: { readonly depth: number; readonly ends: number[] } | undefined;
  const push = (...parts: readonly Code[]): void => {
    for (const part of parts) for (const byte of part) code.push(byte);
    if (statements?.depth === depth) statements.ends.push(code.length);
  };
  return {
    push,
    depth: () => depth,
    nest(opcode, body, before) {
      depth++;
      push(before, [opcode, 0x40]);
      body(depth);
      code.push(0x0b);
      depth--;
      push();
    },
    interleave(bodies) {
      const outer = statements;
      const parts = bodies.map((body) => {
        const start = code.length;
        const ends: number[] = [];
        statements = { depth, ends };
        body();
        return { ends: ends.map((end) => end - start), bytes: code.splice(start) };
      });
      // From the last body on: of two stores V8 makes one of 256 bits only if the higher is first.
      parts.reverse();
      statements = outer;
      for (let i = 0, most = Math.max(0, ...parts.map(({ ends }) => ends.length)); i < most; i++) {
        for (const { ends, bytes } of parts)
          for (let k = i === 0 ? 0 : ends[i - 1]!; k < ends[i]!; k++) code.push(bytes[k]!);
        push();
      }
    },
    finish: (locals, paramCount) => encoded(code, locals, paramCount),
  };
}

/** All bits zero, or all bits one: processors make these vectors without loading a constant. */
const trivial = (bytes: readonly number[]): boolean =>
  bytes.every((byte) => byte === bytes[0]) && (bytes[0] === 0 || bytes[0] === 255);

/**
 * Constant vectors are put into locals before anything else: V8 since 2024 makes a constant anew at
 * each use, with three instructions, also within a loop.
 */
function encoded(code: Code, locals: readonly ValueType[], paramCount: number): number[] {
  const constants = new Map<string, number[]>();
  const before: number[] = [];
  const body: number[] = [];
  for (const part of code) {
    if (typeof part === "number") body.push(part);
    else if (trivial(part)) body.push(0xfd, 12, ...part);
    else {
      const key = part.join();
      let local = constants.get(key);
      if (!local) {
        constants.set(key, (local = unsigned(paramCount + locals.length + constants.size)));
        before.push(0xfd, 12, ...part, 0x21, ...local);
      }
      body.push(0x20, ...local);
    }
  }
  const types = [...locals, ...Array.from(constants, () => "v128" as const)];
  return [
    ...vector(types.map((type) => [...unsigned(1), typeCodes[type]])),
    ...before,
    ...body,
    0x0b,
  ];
}
