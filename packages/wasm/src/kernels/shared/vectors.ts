import type { FunctionBuilder, Index, Local, ModuleBuilder } from "@tenon/emit";
import * as i32 from "@tenon/emit/i32";

/** Channels for which code is emitted: one vector, or two next to each other. */
export interface Vectors {
  /** Bytes from the first channel. */
  readonly channel: Local<"i32">;
  /** Channels of a vector: 4, or fewer in the last one. */
  readonly lanes: number;
  /**
   * Emits the code of each vector, whose offsets are `shift` bytes larger; of two vectors the
   * statements are interleaved. Loops must be outside.
   */
  all<T>(code: (shift: number, vector: number) => T): T[];
}

export interface VectorOptions {
  /** The channels [from, until) in bytes, whole vectors. @defaultValue all channels */
  readonly range?: readonly [from: Index, until: Index];
  /** Whether two vectors at a time are worth it on 256 bits. @defaultValue true */
  readonly pairs?: boolean;
}

/**
 * Emits code for channels, four at a time, or twice four if the target has 256-bit vectors, and for
 * the last ones. V8 joins two vectors only if both add a constant to one local: so addresses are
 * computed before `all`.
 */
export function eachVectors(
  f: FunctionBuilder,
  { features }: ModuleBuilder,
  channels: number,
  visit: (vectors: Vectors) => void,
  { range, pairs = true }: VectorOptions = {},
): void {
  const whole = channels - (channels % 4);
  const [from, until] = range ?? [0, 4 * whole];
  const channel = f.local("i32");
  const end = f.let(i32.index(until));
  const emit = (vectors: number): void => {
    visit({ channel, lanes: 4, all: (code) => interleaved(f, vectors, code) });
    f.bump(channel, 16 * vectors);
  };
  const loop = (vectors: number): void =>
    f.until(i32.gtS(i32.add(channel, 16 * vectors), end), () => {
      emit(vectors);
    });
  f.set(channel, from);
  if (features.vectors256 && pairs && channels >= 8) loop(2);
  // A loop of one iteration would cost as much as its body.
  if (!range && whole === 4) emit(1);
  else if (channels >= 4) loop(1);
  if (channels > whole)
    f.if(i32.eq(channel, 4 * whole), () =>
      visit({ channel, lanes: channels - whole, all: (code) => interleaved(f, 1, code) }),
    );
}

function interleaved<T>(
  f: FunctionBuilder,
  vectors: number,
  code: (shift: number, vector: number) => T,
): T[] {
  const results: T[] = [];
  f.interleave(
    Array.from({ length: vectors }, (_, k) => () => {
      results.push(code(16 * k, k));
    }),
  );
  return results;
}
