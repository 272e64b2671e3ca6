import { sized, text, unsigned, vector } from "./bytes.js";
import { functionBuilder, type FunctionBuilder } from "./function.js";
import { typeCodes } from "./instructions.js";
import type { Local, ValueType } from "./value.js";

/** A function of the module, by its number. */
export interface FunctionIndex {
  readonly index: number;
  readonly name: string;
}

/**
 * The parameters of a function in order: a type, a list of types for a group of parameters, or
 * undefined for a parameter that this function lacks.
 */
export type Parameters = Readonly<Record<string, ValueType | readonly ValueType[] | undefined>>;

type LocalsOf<T> = T extends ValueType
  ? Local<T>
  : T extends readonly (infer E extends ValueType)[]
    ? readonly Local<E>[]
    : undefined;
/** The parameters as variables. */
export type Arguments<P extends Parameters> = { readonly [Name in keyof P]: LocalsOf<P[Name]> };

/** A WebAssembly module under construction. It has one memory, imported as `env.memory`. */
export interface ModuleBuilder {
  /** The instructions that its functions may use. */
  readonly features: TargetFeatures;
  /** The address at which a function that stops the program stores the reason. */
  readonly report: number;
  /**
   * The function of this key, without results; it is added to the module if that lacks it, named by
   * the first word of the key. `body` gets its parameters as variables, by name.
   */
  func<const P extends Parameters>(
    key: string,
    params: P,
    body: (f: FunctionBuilder, args: Arguments<P>) => void,
  ): FunctionIndex;
  /** Exports a function under a name. */
  expose(name: string, of: FunctionIndex): void;
  /** The finished module. */
  toBytes(): Uint8Array<ArrayBuffer>;
}

/** What the engine that runs a module can do with it. */
export interface TargetFeatures {
  /**
   * Whether two equal instructions on adjacent vectors become one instruction on 256 bits: then
   * code is written in such pairs.
   */
  readonly vectors256: boolean;
  /**
   * Whether a multiplication and an addition may be one instruction that rounds once or twice,
   * depending on the machine (relaxed SIMD).
   */
  readonly relaxed: boolean;
}

/** What every engine runs, to the same bits. */
export const portable: TargetFeatures = { vectors256: false, relaxed: false };

export interface ModuleOptions {
  /** In pages of 64 KiB. */
  readonly pages: number;
  /** Whether threads share the memory; then it has exactly these pages. @defaultValue false */
  readonly shared?: boolean;
  /** @defaultValue portable */
  readonly features?: TargetFeatures;
  /** The address at which a function that stops the program stores the reason. @defaultValue 0 */
  readonly report?: number;
}

/** How every module begins: "\\0asm", version 1. */
const magic = [0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00];

/** An empty module. */
export function moduleBuilder({
  pages,
  shared = false,
  features = portable,
  report = 0,
}: ModuleOptions): ModuleBuilder {
  const types: string[] = [];
  const signatures: number[][] = [];
  const functions: { readonly name: string; readonly type: number; code: number[] }[] = [];
  const exposed: number[][] = [];
  const byKey = new Map<string, FunctionIndex>();

  const typeOf = (params: readonly ValueType[]): number => {
    const encoded = params.map((type) => [typeCodes[type]]);
    const key = encoded.join();
    const found = types.indexOf(key);
    if (found >= 0) return found;
    signatures.push([0x60, ...vector(encoded), 0]);
    return types.push(key) - 1;
  };

  return {
    features,
    report,
    func(key, params, body) {
      const existing = byKey.get(key);
      if (existing) return existing;
      const types = Object.values(params)
        .flat()
        .filter((type) => type !== undefined);
      const { f, params: locals, finish } = functionBuilder(types);
      body(f, named(params, locals) as Arguments<typeof params>);
      // Its number is that after the functions which `body` added.
      const name = key.split(" ")[0]!;
      const type = typeOf(locals.map(({ type }) => type));
      const added = { index: functions.push({ name, type, code: finish() }) - 1, name };
      byKey.set(key, added);
      return added;
    },
    expose(name, { index }) {
      exposed.push([...text(name), 0x00, ...unsigned(index)]);
    },
    toBytes() {
      const section = (id: number, body: readonly number[]): number[] => [id, ...sized(body)];
      const names = vector(functions.map(({ name }, i) => [...unsigned(i), ...text(name)]));
      const head = [
        ...magic,
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
      // The code is long, so it is copied part by part.
      const bodies = functions.map(({ code }) => [unsigned(code.length), code]);
      const count = unsigned(functions.length);
      const size =
        count.length +
        bodies.reduce((sum, [length, code]) => sum + length!.length + code!.length, 0);
      const tail = section(0, [...text("name"), 1, ...sized(names)]);
      const bytes = new Uint8Array(head.length + 1 + unsigned(size).length + size + tail.length);
      let offset = 0;
      for (const part of [head, [10], unsigned(size), count, ...bodies.flat(), tail]) {
        bytes.set(part, offset);
        offset += part.length;
      }
      return bytes;
    },
  };
}

/** Parameters by name, given all of them in order. */
function named(params: Parameters, locals: readonly Local<ValueType>[]): Arguments<Parameters> {
  let next = 0;
  return Object.fromEntries(
    Object.entries(params).map(([name, type]) => [
      name,
      type && (typeof type === "string" ? locals[next++] : type.map(() => locals[next++]!)),
    ]),
  ) as Arguments<Parameters>;
}
