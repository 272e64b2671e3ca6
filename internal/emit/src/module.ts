import { sized, text, unsigned, vector } from "./bytes.js";
import { functionBuilder, type FunctionBuilder, type VectorFunctions } from "./function.js";
import { firstCallee, typeCodes } from "./instructions.js";
import type { Local, ValueType } from "./value.js";

/** A function that a module defines or imports. */
export interface FunctionIndex {
  readonly key: string;
  /** Its position among those that were added. */
  readonly index: number;
  readonly types: readonly ValueType[];
  /** In place of the number of a function, which is known last, `firstCallee` and its index. */
  readonly code?: readonly number[];
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

/**
 * A WebAssembly module under construction. It has one memory, imported as `env.memory`, and exports
 * each function that it defines under its key.
 */
export interface ModuleBuilder {
  /** The instructions that its functions may use. */
  readonly features: TargetFeatures;
  /** The functions that it imports, and those that it defines. */
  readonly imported: readonly FunctionIndex[];
  readonly defined: readonly FunctionIndex[];
  /**
   * The function of this key, without results; if the module lacks it, it is imported from `env` or
   * defined, named by the first word of the key. `body` gets its parameters as variables, by name.
   */
  func<const P extends Parameters>(
    key: string,
    params: P,
    body: (f: FunctionBuilder, args: Arguments<P>) => void,
  ): FunctionIndex;
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
  /** Whether threads share the memory. @defaultValue false */
  readonly shared?: boolean;
  /** @defaultValue portable */
  readonly features?: TargetFeatures;
  /** What code may need besides instructions. @defaultValue none */
  readonly functions?: VectorFunctions;
  /** Whether the function of a key is imported instead of defined. @defaultValue all are defined */
  readonly imports?: (key: string) => boolean;
}

/** How every module begins: "\\0asm", version 1. */
const magic = [0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00];

/** A memory of any size; one that threads share must state the most pages that it may have. */
const anyMemory = [0x00, 1];
const anySharedMemory = [0x03, 1, 0x80, 0x80, 4];

/** An empty module. */
export function moduleBuilder({
  shared = false,
  features = portable,
  functions,
  imports = () => false,
}: ModuleOptions = {}): ModuleBuilder {
  const imported: FunctionIndex[] = [];
  const defined: FunctionIndex[] = [];
  const byKey = new Map<string, FunctionIndex>();
  return {
    features,
    imported,
    defined,
    func(key, params, body) {
      const existing = byKey.get(key);
      if (existing) return existing;
      const types = Object.values(params)
        .flat()
        .filter((type) => type !== undefined);
      const isImported = imports(key);
      const { f, params: locals, finish } = functionBuilder(types, functions);
      if (!isImported) body(f, named(params, locals) as Arguments<typeof params>);
      // Its index is that after the functions which `body` added.
      const shared = { key, types, index: byKey.size };
      const added = isImported ? shared : { ...shared, code: finish() };
      (isImported ? imported : defined).push(added);
      byKey.set(key, added);
      return added;
    },
    toBytes() {
      const all = [...imported, ...defined];
      const numbers: number[][] = [];
      all.forEach(({ index }, i) => (numbers[index] = unsigned(i)));
      const numberOf = ({ index }: FunctionIndex): number[] => numbers[index]!;
      const section = (id: number, items: readonly number[][]): number[] => [
        id,
        ...sized(vector(items)),
      ];
      const signatures = all.map(({ types }) => [
        0x60,
        ...vector(types.map((type) => [typeCodes[type]])),
        0,
      ]);
      const env = (name: string, ...what: number[]): number[] => [
        ...text("env"),
        ...text(name),
        ...what,
      ];
      const names = vector(all.map((of) => [...numberOf(of), ...text(of.key.split(" ")[0]!)]));
      const bodies = defined.map(({ code }) => {
        const bytes: number[] = [];
        for (const byte of code!)
          if (byte < firstCallee) bytes.push(byte);
          else bytes.push(...numbers[byte - firstCallee]!);
        return [unsigned(bytes.length), bytes] as const;
      });
      const count = unsigned(defined.length);
      const size = bodies.reduce((sum, [n, bytes]) => sum + n.length + bytes.length, count.length);
      // Each function has a type of its own, with its number.
      const parts = [
        magic,
        section(1, signatures),
        section(2, [
          env("memory", 0x02, ...(shared ? anySharedMemory : anyMemory)),
          ...imported.map((of) => env(of.key, 0x00, ...numberOf(of))),
        ]),
        section(3, defined.map(numberOf)),
        section(
          7,
          defined.map((of) => [...text(of.key), 0x00, ...numberOf(of)]),
        ),
        [10, ...unsigned(size), ...count],
        ...bodies.flat(),
        [0, ...sized([...text("name"), 1, ...sized(names)])],
      ];
      // The code is long, so it is copied part by part.
      const result = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
      let offset = 0;
      for (const part of parts) {
        result.set(part, offset);
        offset += part.length;
      }
      return result;
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
