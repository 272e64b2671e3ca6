import { unsigned } from "./bytes.js";
import { codeBuilder } from "./codeBuilder.js";
import * as i32 from "./i32.js";
import { firstCallee, word } from "./instructions.js";
import { localPool } from "./localPool.js";
import type { FunctionIndex } from "./module.js";
import type { Address, Index, Local, V128, Value, ValueType, Word } from "./value.js";

/** A jump target: the end of a block, or the start of a loop. */
export interface Label {
  readonly depth: number;
}

/** What a local of a type may be set to. */
export type Assignable<T extends ValueType> = T extends "address"
  ? Word
  : T extends "i32"
    ? Index
    : Value<T>;

/** Code for a function of vectors. */
export type VectorFunction = (
  f: FunctionBuilder,
  a: V128,
  b: V128,
  options: {
    readonly integers: boolean;
    /** What `make` emits, emitted once for a and −a. */
    shared<T>(make: () => T): T;
  },
) => V128;

/** Those that not every engine has, by name. */
export type VectorFunctions = Readonly<Partial<Record<string, VectorFunction>>>;

/** A function under construction: statements in the order in which they are emitted. */
export interface FunctionBuilder {
  /** Those that its module was given. */
  readonly functions: VectorFunctions;
  /** Declares a variable; zero unless it has a start value. */
  local<T extends ValueType>(type: T, start?: Assignable<NoInfer<T>>): Local<T>;
  /**
   * Computes a value once and keeps it in a variable. Within a loop, a block or a branch the
   * variable lasts until its end; then others use its place.
   */
  let<T extends ValueType>(value: Value<T>): Local<T>;
  let(value: number): Local<"i32">;
  /** Declares several variables, zero at the start. */
  locals<T extends ValueType>(type: T, count: number): Local<T>[];
  /** Computes the smaller of two signed integers once; `limit` is computed twice. */
  min(value: Index, limit: Index): Local<"i32">;
  set<T extends ValueType>(local: Local<T>, value: Assignable<NoInfer<T>>): void;
  /** Adds to an integer or an address. */
  bump(local: Local | Local<"address">, by: Index): void;
  store(
    type: "v128" | "f32" | "f64" | "i32",
    address: Word,
    value: Value | Address,
    offset?: number,
  ): void;
  /** Stores one 32-bit lane of a vector. */
  storeLane(address: Word, lane: number, value: V128, offset?: number): void;
  call(callee: FunctionIndex, ...args: readonly Word[]): void;
  /** Computes a value for its side effects. */
  drop(value: Value): void;
  /**
   * Runs `body` for i = from, from + step, … while i < to, compared as signed integers. The counter
   * lasts until the end of the loop.
   */
  for(from: Index, to: Index, step: number, body: (i: Local<"i32">) => void): void;
  /** The same with a counter of the caller, whose value is used after the loop. */
  loop(i: Local, from: Index, to: Index, step: number, body: () => void): void;
  /**
   * Runs `body` again each time it jumps to `again`; ends when it jumps to `exit` or reaches its
   * end.
   */
  repeat(body: (again: Label, exit: Label) => void): void;
  /** Runs `body` until the condition is not zero, or until a jump to `exit`. */
  until(condition: Word, body: (exit: Label) => void): void;
  /** Statements that a jump to `exit` leaves early. */
  block(body: (exit: Label) => void): void;
  /**
   * Jumps if the condition is not zero. V8 starts a new basic block here, within which it may
   * reorder loads.
   */
  jumpIf(condition: Word, to: Label): void;
  jump(to: Label): void;
  if(condition: Word, then: () => void, otherwise?: () => void): void;
  /**
   * Emits the first statement of each body, from the last body to the first, then the second of
   * each, and so on: while a statement of one body waits for its operands, the processor executes
   * those of the others. The bodies must not depend on each other. Within a body, the statements
   * that are interleaved count as one each time that all of them have had their turn.
   */
  interleave(bodies: readonly (() => void)[]): void;
  /** Stops the program with an error. */
  trap(): void;
}

/** A function under construction, given the types of its parameters. */
export function functionBuilder(
  params: readonly ValueType[],
  functions: VectorFunctions = {},
): {
  readonly f: FunctionBuilder;
  readonly params: readonly Local<ValueType>[];
  /** The encoded body. */
  finish(): number[];
} {
  const locals = localPool(params);
  const code = codeBuilder();
  /** A block whose variables end with it. */
  const nest = (opcode: number, body: (label: Label) => void, before: Value["code"] = []): void =>
    locals.scoped(() => code.nest(opcode, (depth) => body({ depth }), before));
  const f: FunctionBuilder = {
    functions,
    local(type, start) {
      const local = locals.declare(type);
      if (start !== undefined) f.set(local, start);
      return local;
    },
    let(value: Value<ValueType> | number): never {
      const expression = word(value as Word);
      const local = locals.take(expression.type);
      f.set(local, expression);
      return local as never;
    },
    locals: (type, count) => Array.from({ length: count }, () => f.local(type)),
    min(value, limit) {
      const smaller = f.let(word(value));
      f.set(smaller, i32.min(smaller, limit));
      return smaller;
    },
    set(local, value) {
      code.push(word(value as Word).code, [0x21], unsigned(local.index));
    },
    bump(local, by) {
      f.set(local, i32.add(local as Address, by as Index) as never);
    },
    store(type, address, value, offset = 0) {
      code.push(word(address).code, value.code, storeCodes[type], unsigned(offset));
    },
    storeLane(address, lane, value, offset = 0) {
      code.push(word(address).code, value.code, [0xfd, 90, 2], unsigned(offset), [lane]);
    },
    call(callee, ...args) {
      code.push(...args.map((arg) => word(arg).code), [0x10, firstCallee + callee.index]);
    },
    drop(value) {
      code.push(value.code, [0x1a]);
    },
    for(from, to, step, body) {
      locals.scoped(() => {
        const i = locals.take("i32");
        f.loop(i, from, to, step, () => body(i));
      });
    },
    loop(i, from, to, step, body) {
      f.set(i as Local<"i32">, from);
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
    until(condition, body) {
      f.repeat((again, exit) => {
        f.jumpIf(condition, exit);
        body(exit);
        f.jump(again);
      });
    },
    block(body) {
      nest(0x02, body);
    },
    jumpIf(condition, to) {
      code.push(word(condition).code, [0x0d], unsigned(code.depth() - to.depth));
    },
    jump(to) {
      code.push([0x0c], unsigned(code.depth() - to.depth));
    },
    trap() {
      code.push([0x00]);
    },
    if(condition, then, otherwise) {
      nest(
        0x04,
        () => {
          then();
          if (otherwise) {
            code.push([0x05]);
            otherwise();
          }
        },
        word(condition).code,
      );
    },
    interleave(bodies) {
      locals.together(() => code.interleave(bodies));
    },
  };
  return { f, params: locals.params, finish: () => code.finish(locals.types(), params.length) };
}

/** Opcodes and alignments. */
const storeCodes = {
  v128: [0xfd, 11, 4],
  f64: [0x39, 3],
  f32: [0x38, 2],
  i32: [0x36, 2],
} as const;
