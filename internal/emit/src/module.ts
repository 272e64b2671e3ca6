import { sized, text, unsigned, vector } from "./bytes.js";
import { codeOf, functionBuilder, type FunctionBuilder } from "./function.js";
import { codes, type Local, type ValueType } from "./value.js";

/** A function of the module, by its number. */
export interface FunctionIndex {
  readonly index: number;
  readonly name: string;
}

/** A WebAssembly module in the making. It has one memory, imported as `env.memory`. */
export interface ModuleBuilder {
  /** What its functions may count on. */
  readonly dialect: Dialect;
  /** Where in memory a function that ends the program says why. */
  readonly report: number;
  /**
   * Adds a function of i32, f32 … parameters without results. `body` gets its parameters as locals.
   */
  func(
    name: string,
    params: readonly ValueType[],
    body: (f: FunctionBuilder, ...params: Local[]) => void,
  ): FunctionIndex;
  /** The function made for this key before, or a new one. */
  once(key: string, make: () => FunctionIndex): FunctionIndex;
  /** Makes a function callable from JavaScript under a name. */
  expose(name: string, of: FunctionIndex): void;
  /** The finished module. */
  toBytes(): Uint8Array<ArrayBuffer>;
}

/** What the engine that is to run a module makes of it. */
export interface Dialect {
  /**
   * Whether two equal instructions on vectors that lie side by side become one on 256 bits: then
   * code is written in such pairs.
   */
  readonly wide: boolean;
  /**
   * Whether a multiplication and an addition may be one instruction, rounded once or twice as the
   * machine likes (relaxed SIMD).
   */
  readonly relaxed: boolean;
}

/** What every engine runs, to the same bits. */
export const portable: Dialect = { wide: false, relaxed: false };

export interface ModuleOptions {
  /** In pages of 64 KiB. */
  readonly pages: number;
  /** Whether threads share it; then it has exactly these pages. @defaultValue false */
  readonly shared?: boolean;
  /** @defaultValue portable */
  readonly dialect?: Dialect;
  /** Where in memory a function that ends the program says why. @defaultValue 0 */
  readonly report?: number;
}

/** Starts an empty module. */
export function moduleBuilder({
  pages,
  shared = false,
  dialect = portable,
  report = 0,
}: ModuleOptions): ModuleBuilder {
  const types: string[] = [];
  const signatures: number[][] = [];
  const functions: { readonly name: string; readonly type: number; code: number[] }[] = [];
  const exposed: number[][] = [];
  const known = new Map<string, FunctionIndex>();

  const typeOf = (params: readonly ValueType[]): number => {
    const key = params.join();
    const at = types.indexOf(key);
    if (at >= 0) return at;
    signatures.push([0x60, ...vector(params.map((p) => [codes[p]])), 0]);
    return types.push(key) - 1;
  };

  return {
    dialect,
    report,
    func(name, params, body) {
      const f = functionBuilder(params);
      body(f, ...f.params);
      // Functions it calls may have been added meanwhile, so its number is known only now.
      const index = functions.push({ name, type: typeOf(params), code: codeOf(f) }) - 1;
      return { index, name };
    },
    once(key, make) {
      let of = known.get(key);
      if (!of) known.set(key, (of = make()));
      return of;
    },
    expose(name, { index }) {
      exposed.push([...text(name), 0x00, ...unsigned(index)]);
    },
    toBytes() {
      const section = (id: number, body: readonly number[]): number[] => [id, ...sized(body)];
      const names = vector(functions.map(({ name }, i) => [...unsigned(i), ...text(name)]));
      const head = [
        0x00,
        0x61,
        0x73,
        0x6d,
        0x01,
        0x00,
        0x00,
        0x00,
        ...section(1, vector(signatures)),
        ...section(
          2,
          vector([
            [
              ...text("env"),
              ...text("memory"),
              0x02,
              ...(shared
                ? [0x03, ...unsigned(pages), ...unsigned(pages)]
                : [0x00, ...unsigned(pages)]),
            ],
          ]),
        ),
        ...section(3, vector(functions.map(({ type }) => unsigned(type)))),
        ...section(7, vector(exposed)),
      ];
      // The code is long: it is laid down piece by piece.
      const bodies = functions.map(({ code }) => [unsigned(code.length), code]);
      const count = unsigned(functions.length);
      const size =
        count.length +
        bodies.reduce((sum, [length, code]) => sum + length!.length + code!.length, 0);
      const tail = section(0, [...text("name"), 1, ...sized(names)]);
      const bytes = new Uint8Array(head.length + 1 + unsigned(size).length + size + tail.length);
      let at = 0;
      for (const part of [head, [10], unsigned(size), count, ...bodies.flat(), tail]) {
        bytes.set(part, at);
        at += part.length;
      }
      return bytes;
    },
  };
}
