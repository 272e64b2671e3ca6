import { cursor, type Cursor } from "./cursor.js";
import { show } from "./header.js";

/** What a pickle may name and do. */
export interface Trusted {
  /** What functions of Python make of their arguments, by module and name. */
  readonly calls: Readonly<Record<string, (...args: readonly unknown[]) => unknown>>;
  /** What an identifier stands for whose object is kept outside of the pickle. */
  persistent(id: unknown): unknown;
}

/** The stack on which a pickle builds its value, and what it has stored to be used again. */
interface Machine {
  push(value: unknown): void;
  pop(): unknown;
  top(): unknown;
  /** Takes the last `count` values. */
  last(count: number): unknown[];
  mark(): void;
  /** Takes the values behind the last mark. */
  toMark(): unknown[];
  store(index?: number): void;
  recall(index: number): void;
}

const mark = Symbol("mark");

function machine(): Machine {
  const stack: unknown[] = [];
  const memo = new Map<number, unknown>();
  const last = (count: number): unknown[] => {
    if (stack.length < count) throw new Error("the pickle takes from an empty stack");
    return stack.splice(stack.length - count);
  };
  const top = (): unknown => stack[stack.length - 1];
  return {
    push: (value) => void stack.push(value),
    pop: () => last(1)[0],
    top,
    last,
    mark: () => void stack.push(mark),
    toMark() {
      const from = stack.lastIndexOf(mark);
      if (from < 0) throw new Error("the pickle lacks a mark");
      return stack.splice(from).slice(1);
    },
    store: (index = memo.size) => void memo.set(index, top()),
    recall(index) {
      if (!memo.has(index)) throw new Error("the pickle recalls what it has not stored");
      stack.push(memo.get(index));
    },
  };
}

/**
 * Reads a pickle of protocols 2 to 5 as far as tensors need it: texts, numbers, truth values, None
 * as null, lists and tuples as lists, dictionaries as Maps, and calls. Nothing that the file names
 * is imported: functions are looked up in `trusted`, and all others refused.
 *
 * The opcodes are those of Python's `pickletools`.
 *
 * @throws what is wrong, without a prefix
 */
export function unpickle(bytes: Uint8Array, trusted: Trusted): unknown {
  const from = cursor(bytes);
  const to = machine();
  const opcodes = { ...values(from, to), ...containers(to), ...objects(from, to, trusted) };
  for (;;) {
    const opcode = from.byte();
    if (opcode === 0x2e) return to.pop(); // STOP
    const run = (opcodes as Readonly<Record<number, (() => void) | undefined>>)[opcode];
    if (!run) throw new Error(`tensors do not need opcode 0x${opcode.toString(16)} of a pickle`);
    run();
  }
}

type Opcodes = Readonly<Record<number, () => void>>;

const values = (from: Cursor, to: Machine): Opcodes => ({
  0x80: () => void from.byte(), // PROTO
  0x95: () => void from.uint64(), // FRAME
  0x4e: () => to.push(null), // NONE
  0x88: () => to.push(true), // NEWTRUE
  0x89: () => to.push(false), // NEWFALSE
  0x4a: () => to.push(from.int32()), // BININT
  0x4b: () => to.push(from.byte()), // BININT1
  0x4d: () => to.push(from.uint16()), // BININT2
  0x8a: () => to.push(from.integer(from.byte())), // LONG1
  0x47: () => to.push(from.float64()), // BINFLOAT
  0x58: () => to.push(from.text(from.uint32())), // BINUNICODE
  0x8c: () => to.push(from.text(from.byte())), // SHORT_BINUNICODE
  0x8d: () => to.push(from.text(from.uint64())), // BINUNICODE8
  0x71: () => to.store(from.byte()), // BINPUT
  0x72: () => to.store(from.uint32()), // LONG_BINPUT
  0x94: () => to.store(), // MEMOIZE
  0x68: () => to.recall(from.byte()), // BINGET
  0x6a: () => to.recall(from.uint32()), // LONG_BINGET
});

const containers = (to: Machine): Opcodes => ({
  0x28: () => to.mark(), // MARK
  0x30: () => void to.pop(), // POP
  0x31: () => void to.toMark(), // POP_MARK
  0x32: () => to.push(to.top()), // DUP
  0x7d: () => to.push(new Map()), // EMPTY_DICT
  0x5d: () => to.push([]), // EMPTY_LIST
  0x29: () => to.push([]), // EMPTY_TUPLE
  0x74: () => to.push(to.toMark()), // TUPLE
  0x85: () => to.push(to.last(1)), // TUPLE1
  0x86: () => to.push(to.last(2)), // TUPLE2
  0x87: () => to.push(to.last(3)), // TUPLE3
  0x61: () => append(to.last(1), to.top()), // APPEND
  0x65: () => append(to.toMark(), to.top()), // APPENDS
  0x73: () => set(to.last(2), to.top()), // SETITEM
  0x75: () => set(to.toMark(), to.top()), // SETITEMS
});

const objects = (from: Cursor, to: Machine, { calls, persistent }: Trusted): Opcodes => {
  const named = (name: string): unknown => {
    if (!Object.hasOwn(calls, name))
      throw new Error(
        `it names ${show(name)}, which is no part of a tensor; nothing of it was run`,
      );
    return calls[name];
  };
  return {
    0x63: () => to.push(named(`${from.line()}.${from.line()}`)), // GLOBAL
    0x93: () => to.push(named(to.last(2).join("."))), // STACK_GLOBAL
    // REDUCE
    0x52: () => {
      const [of, args] = to.last(2);
      if (typeof of !== "function" || !Array.isArray(args))
        throw new Error("the pickle calls what is no function");
      to.push((of as (...args: readonly unknown[]) => unknown)(...(args as readonly unknown[])));
    },
    0x62: () => void to.pop(), // BUILD: attributes, which tensors do without
    0x51: () => to.push(persistent(to.pop())), // BINPERSID
  };
};

function append(items: readonly unknown[], list: unknown): void {
  if (!Array.isArray(list)) throw new Error("the pickle appends to what is no list");
  for (const item of items) list.push(item);
}

function set(items: readonly unknown[], map: unknown): void {
  if (Object.prototype.toString.call(map) !== "[object Map]")
    throw new Error("the pickle puts items into what is no dictionary");
  for (let i = 0; i < items.length; i += 2)
    (map as Map<unknown, unknown>).set(items[i], items[i + 1]);
}
