import { unsigned, vector } from "./bytes.js";
import type { FunctionIndex } from "./module.js";
import {
  codes,
  i32,
  index,
  type Code,
  type Index,
  type Local,
  type Value,
  type ValueType,
  type V128,
} from "./value.js";

/** A place to jump to: out of a block, or back to the start of a loop. */
export interface Label {
  readonly depth: number;
}

/** A function in the making: statements, one after the other, exactly as they are emitted. */
export interface FunctionBuilder {
  readonly params: readonly Local[];
  local<T extends ValueType>(type: T, start?: Value): Local<T>;
  set(local: Local, value: Index): void;
  /** Adds to an i32 local. */
  bump(local: Local, by: Index): void;
  store(type: "v128" | "f32" | "f64" | "i32", at: Index, value: Value, offset?: number): void;
  /** Stores one 32-bit lane of a vector. */
  storeLane(at: Index, lane: number, value: V128, offset?: number): void;
  call(of: FunctionIndex, ...args: readonly Index[]): void;
  /** Computes a value for what happens on the way. */
  drop(value: Value): void;
  /** Runs `body` for i = from, from + step, … below `to` (signed; none if from ≥ to). */
  loop(i: Local, from: Index, to: Index, step: number, body: () => void): void;
  /**
   * Runs `body` over and over until it jumps out of `exit`, or falls through without jumping to
   * `again`.
   */
  repeat(body: (again: Label, exit: Label) => void): void;
  /** Statements that can be left early through the label. */
  block(body: (exit: Label) => void): void;
  /**
   * Jumps if the condition is not zero. V8 starts a new basic block here, within which it may
   * reorder loads.
   */
  jumpIf(condition: Index, to: Label): void;
  jump(to: Label): void;
  if(condition: Index, then: () => void, otherwise?: () => void): void;
  /**
   * Emits the first statement of each body, then the second of each, and so on: bodies that do not
   * depend on each other keep a processor busy while each of them waits for its own last result.
   */
  interleave(bodies: readonly (() => void)[]): void;
  /** Ends the program with an error. */
  trap(): void;
}

interface Building extends FunctionBuilder {
  readonly code: Code;
  readonly locals: readonly ValueType[];
}

export function functionBuilder(params: readonly ValueType[]): FunctionBuilder {
  const code: (number | readonly number[])[] = [];
  const locals: ValueType[] = [];
  let depth = 0;
  /** Where each statement of an interleaved body ends; those inside a block do not count. */
  let ends: { readonly depth: number; readonly at: number[] } | undefined;
  const localAt = <T extends ValueType>(type: T, at: number): Local<T> => ({
    type,
    index: at,
    code: [0x20, ...unsigned(at)],
  });
  const push = (...parts: readonly Code[]): void => {
    for (const part of parts) for (const byte of part) code.push(byte);
    if (ends?.depth === depth) ends.at.push(code.length);
  };
  const nest = (opcode: number, body: (label: Label) => void, before: Code = []): void => {
    depth++;
    push(before, [opcode, 0x40]);
    body({ depth });
    code.push(0x0b);
    depth--;
    push();
  };
  const f: Building = {
    code,
    locals,
    params: params.map((type, i) => localAt(type, i)),
    local(type, start) {
      const local = localAt(type, params.length + locals.push(type) - 1);
      if (start) f.set(local, start);
      return local;
    },
    set(local, value) {
      push(index(value).code, [0x21], unsigned(local.index));
    },
    bump(local, by) {
      f.set(local, i32.add(local, by));
    },
    store(type, at, value, offset = 0) {
      push(
        index(at).code,
        value.code,
        type === "v128"
          ? [0xfd, 11, 4]
          : type === "f64"
            ? [0x39, 3]
            : [type === "f32" ? 0x38 : 0x36, 2],
        unsigned(offset),
      );
    },
    storeLane(at, lane, value, offset = 0) {
      push(index(at).code, value.code, [0xfd, 90, 2], unsigned(offset), [lane]);
    },
    call(of, ...args) {
      push(...args.map((arg) => index(arg).code), [0x10], unsigned(of.index));
    },
    drop(value) {
      push(value.code, [0x1a]);
    },
    loop(i, from, to, step, body) {
      f.set(i, from);
      f.if(i32.ltS(i, to), () =>
        nest(0x03, (again) => {
          body();
          f.bump(i, step);
          f.jumpIf(i32.ltS(i, to), again);
        }),
      );
    },
    repeat(body) {
      nest(0x02, (exit) => nest(0x03, (again) => body(again, exit)));
    },
    block(body) {
      nest(0x02, body);
    },
    jumpIf(condition, to) {
      push(index(condition).code, [0x0d], unsigned(depth - to.depth));
    },
    jump(to) {
      push([0x0c], unsigned(depth - to.depth));
    },
    trap() {
      push([0x00]);
    },
    if(condition, then, otherwise) {
      nest(
        0x04,
        () => {
          then();
          if (otherwise) {
            push([0x05]);
            otherwise();
          }
        },
        index(condition).code,
      );
    },
    interleave(bodies) {
      const outer = ends;
      const parts = bodies.map((body) => {
        const start = code.length;
        const at: number[] = [];
        ends = { depth, at };
        body();
        return { at: at.map((end) => end - start), bytes: code.splice(start) };
      });
      ends = outer;
      for (let i = 0, most = Math.max(0, ...parts.map(({ at }) => at.length)); i < most; i++)
        for (const { at, bytes } of parts)
          for (let k = i === 0 ? 0 : at[i - 1]!; k < at[i]!; k++) code.push(bytes[k]!);
      push();
    },
  };
  return f;
}

/** Zeros, or ones, in all places: processors have them in no time. */
const plain = (bytes: readonly number[]): boolean =>
  bytes.every((byte) => byte === bytes[0]) && (bytes[0] === 0 || bytes[0] === 255);

/**
 * The finished body: its locals, its code. Vectors that never change are put into locals before
 * anything else: newer V8 (of 2024) makes a constant anew wherever it stands, with three
 * instructions, also within a loop.
 */
export function codeOf(f: FunctionBuilder): number[] {
  const { code, locals, params } = f as Building;
  const kept = new Map<string, number[]>();
  const before: number[] = [];
  const body: number[] = [];
  for (const part of code) {
    if (typeof part === "number") body.push(part);
    else if (plain(part)) body.push(0xfd, 12, ...part);
    else {
      const key = part.join();
      let local = kept.get(key);
      if (!local) {
        kept.set(key, (local = unsigned(params.length + locals.length + kept.size)));
        before.push(0xfd, 12, ...part, 0x21, ...local);
      }
      body.push(0x20, ...local);
    }
  }
  const types = [...locals, ...Array.from(kept, () => "v128" as const)];
  return [...vector(types.map((type) => [...unsigned(1), codes[type]])), ...before, ...body, 0x0b];
}
